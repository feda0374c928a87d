"""Pictures for tests: one of every type and of every way to write it, drawn and encoded here."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image

from harvester.imaging.drawing import draw

SIZE = (200, 120)


def photo(size: tuple[int, int] = SIZE, seed: int = 1) -> Image.Image:
    """Draw an RGB picture that looks like a photograph."""
    return _drawn(seed, size).copy()


@cache
def _drawn(seed: int, size: tuple[int, int]) -> Image.Image:
    return draw(seed, *size)


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    """Encode a picture."""
    written = BytesIO()
    picture.save(written, form, **options)
    return written.getvalue()


def moving(form: str, frames: int = 4, size: tuple[int, int] = SIZE, **options: Any) -> bytes:
    """Encode an animation of different pictures, each shown for 80 ms."""
    pictures = [photo(size, seed) for seed in range(frames)]
    return saved(pictures[0], form, save_all=True, append_images=pictures[1:], duration=80, loop=0, **options)


def see_through(size: tuple[int, int] = SIZE) -> Image.Image:
    """Draw an RGBA picture that is clear on the left and opaque on the right."""
    picture = photo(size)
    picture.putalpha(Image.linear_gradient("L").rotate(90).resize(size))
    return picture


def chunk(kind: bytes, body: bytes) -> bytes:
    """Write a PNG chunk."""
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def png_with(*chunks: bytes, picture: bytes | None = None) -> bytes:
    """Put chunks behind the header of a PNG picture."""
    whole = picture or saved(photo(), "PNG")
    return whole[:33] + b"".join(chunks) + whole[33:]


def jpeg_with(*segments: tuple[int, bytes], picture: bytes | None = None) -> bytes:
    """Put segments, each a marker and a body, at the start of a JPEG picture."""
    whole = picture or saved(photo(), "JPEG")
    written = (b"\xff" + bytes([marker]) + (len(body) + 2).to_bytes(2) + body for marker, body in segments)
    return whole[:2] + b"".join(written) + whole[2:]


def exif(orientation: int | None = None, **tags: str) -> bytes:
    """Write an EXIF block; tags are artist, copyright, description and taken."""
    block = Image.Exif()
    if orientation is not None:
        block[0x0112] = orientation
    for name, tag in (("artist", 0x013B), ("copyright", 0x8298), ("description", 0x010E)):
        if name in tags:
            block[tag] = tags[name]
    if "taken" in tags:
        block.get_ifd(0x8769)[0x9003] = tags["taken"]
    return block.tobytes()


_ENCODINGS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "jpeg": ("image/jpeg", lambda: saved(photo(), "JPEG", quality=85)),
    "jpeg progressive": ("image/jpeg", lambda: saved(photo(), "JPEG", progressive=True)),
    "jpeg grey": ("image/jpeg", lambda: saved(photo().convert("L"), "JPEG")),
    "jpeg cmyk": ("image/jpeg", lambda: saved(photo().convert("CMYK"), "JPEG")),
    "jpeg restarts": ("image/jpeg", lambda: saved(photo(), "JPEG", restart_marker_rows=1)),
    "png": ("image/png", lambda: saved(photo(), "PNG")),
    "png palette": ("image/png", lambda: saved(photo().quantize(32), "PNG")),
    "png alpha": ("image/png", lambda: saved(see_through(), "PNG")),
    "png moving": ("image/png", lambda: moving("PNG")),
    "gif": ("image/gif", lambda: saved(photo().quantize(64), "GIF")),
    "gif moving": ("image/gif", lambda: moving("GIF")),
    "webp": ("image/webp", lambda: saved(photo(), "WEBP")),
    "webp lossless": ("image/webp", lambda: saved(photo(), "WEBP", lossless=True)),
    "webp alpha": ("image/webp", lambda: saved(see_through(), "WEBP")),
    "webp moving": ("image/webp", lambda: moving("WEBP")),
    "avif": ("image/avif", lambda: saved(photo(), "AVIF", speed=10)),
    "avif alpha": ("image/avif", lambda: saved(see_through(), "AVIF", speed=10)),
    "avif moving": ("image/avif", lambda: moving("AVIF", speed=10)),
    "tiff": ("image/tiff", lambda: saved(photo(), "TIFF")),
    "tiff lzw": ("image/tiff", lambda: saved(photo(), "TIFF", compression="tiff_lzw")),
    "tiff deflate": ("image/tiff", lambda: saved(photo(), "TIFF", compression="tiff_adobe_deflate")),
    "tiff jpeg": ("image/tiff", lambda: saved(photo(), "TIFF", compression="jpeg")),
    "tiff pages": ("image/tiff", lambda: saved(photo(), "TIFF", save_all=True, append_images=[photo(seed=2)])),
    "tiff big": ("image/tiff", lambda: saved(photo(), "TIFF", big_tiff=True)),
    "bmp": ("image/bmp", lambda: saved(photo(), "BMP")),
    "bmp palette": ("image/bmp", lambda: saved(photo().quantize(16), "BMP")),
    "ico png": ("image/x-icon", lambda: saved(photo((64, 64)), "ICO", sizes=[(64, 64), (16, 16)])),
    "ico bmp": ("image/x-icon", lambda: saved(photo((64, 64)), "ICO", sizes=[(64, 64)], bitmap_format="bmp")),
}

ENCODINGS = {name: (mime, cache(make)) for name, (mime, make) in _ENCODINGS.items()}
"""Every type and every way to write it: the MIME type and what makes the bytes, once."""

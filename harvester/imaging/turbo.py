"""Faster decoders for the commonest pictures, where the extra `[turbo]` is installed.

They give what Pillow gives, within a tolerance that a test states, in less time: libjpeg-turbo decodes at a half, a
quarter or an eighth of the size, libvips unpacks PNG, and OpenCV shrinks. They only ever see pictures that Pillow has
opened and that are plain (one frame, 8 bits, red, green and blue). Whatever else comes, or troubles them, is Pillow's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any

from msgspec import Struct
from PIL import Image
from PIL.ImageFile import ImageFile

from harvester.errors import AssetError
from harvester.imaging.buffers import Buffer
from harvester.imaging.decoder import fenced

LARGEST = 16_000_000
"""Bytes of a file that is read whole for these decoders, which cannot do otherwise."""
PNG_DEPTH = 24
"""Where a PNG says how many bits a sample has (IHDR, W3C PNG 11.2.1)."""


class Tools(Struct, frozen=True):
    """The libraries of `[turbo]`; none of them has types."""

    cv2: Any
    numpy: Any
    pyvips: Any
    simplejpeg: Any


def shrunk(file: Buffer, source: ImageFile, size: tuple[int, int]) -> Image.Image | None:
    """Decode an opened picture straight to *size*, which is not larger; null when that is left to Pillow."""
    decode = _DECODERS.get(source.format or "")
    if decode is None or len(file) > LARGEST or not _is_plain(source) or (tools := _tools()) is None:
        return None
    try:
        with fenced():
            pixels = decode(tools, file[:], size)
            return None if pixels is None else Image.fromarray(_fitted(tools, pixels, size))
    except AssetError:
        return None  # Pillow says what is wrong, or that nothing is


@cache
def _tools() -> Tools | None:
    """Import the libraries once, if they are there; each picture is decoded in one thread, as by Pillow."""
    try:
        tools = Tools(*map(import_module, ("cv2", "numpy", "pyvips", "simplejpeg")))
    except (ImportError, OSError):
        return None
    tools.cv2.setNumThreads(1)
    tools.pyvips.concurrency_set(1)
    tools.pyvips.cache_set_max(0)
    return tools


def _is_plain(source: ImageFile) -> bool:
    is_still = not getattr(source, "is_animated", False)
    return source.mode == "RGB" and "transparency" not in source.info and is_still


def _jpeg(tools: Tools, file: bytes, size: tuple[int, int]) -> Any:
    height, width, colours, _ = tools.simplejpeg.decode_jpeg_header(file)
    if colours != "YCbCr":
        return None
    width, height = next(scaled for scaled in _scales(width, height) if _is_enough(scaled, size))
    return tools.simplejpeg.decode_jpeg(file, "RGB", min_width=width, min_height=height)


def _scales(width: int, height: int) -> Iterator[tuple[int, int]]:
    """Give the sizes that libjpeg-turbo has fast cosines for, the smallest first; the other eighths take longer."""
    return ((-(-width // scale), -(-height // scale)) for scale in (8, 4, 2, 1))


def _png(tools: Tools, file: bytes, size: tuple[int, int]) -> Any:
    if file[PNG_DEPTH] != 8:
        return None
    return tools.pyvips.Image.new_from_buffer(file, "", access="sequential", fail_on="warning").numpy()


def _webp(tools: Tools, file: bytes, size: tuple[int, int]) -> Any:
    how = tools.cv2.IMREAD_COLOR_RGB | tools.cv2.IMREAD_IGNORE_ORIENTATION
    return tools.cv2.imdecode(tools.numpy.frombuffer(file, tools.numpy.uint8), how)


def _fitted(tools: Tools, pixels: Any, size: tuple[int, int]) -> Any:
    """Shrink by halves, each the mean of four pixels, and the rest between neighbours: nothing is passed over.

    What cannot be halved is averaged, which is as good and takes four times as long.
    """
    assert pixels.shape[2] == 3, "the picture is not what Pillow said"
    resize, average, between = tools.cv2.resize, tools.cv2.INTER_AREA, tools.cv2.INTER_LINEAR
    while (half := _half(pixels)) is not None and _is_enough(half, size):
        pixels = resize(pixels, half, interpolation=average)
    height, width, _ = pixels.shape
    if (width, height) == size:
        return pixels
    return resize(pixels, size, interpolation=between if width < 2 * size[0] and height < 2 * size[1] else average)


def _half(pixels: Any) -> tuple[int, int] | None:
    height, width, _ = pixels.shape
    return None if width % 2 or height % 2 else (width // 2, height // 2)


def _is_enough(size: tuple[int, int], wanted: tuple[int, int]) -> bool:
    return size[0] >= wanted[0] and size[1] >= wanted[1]


_DECODERS: dict[str, Callable[[Tools, bytes, tuple[int, int]], Any]] = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp}
"""By Pillow's name of the type: what unpacks a picture of it, no smaller than asked."""

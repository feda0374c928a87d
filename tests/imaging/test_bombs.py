"""Pictures that are small to send and huge to decode are refused before anything is decoded."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from tests.support.examining import examined
from tests.support.pictures import chunk, jpeg_with, photo, png_with, saved

SECONDS = 20.0
"""Of the processor: a hundred times what any of them takes, a part of what decoding one would."""
MEGABYTES = 150


def png(width: int, height: int, bits: int) -> bytes:
    """A black PNG, made without ever holding its pixels."""
    deflate = zlib.compressobj(1)
    rows = bytes((1 + width * bits // 8) * 100)
    pixels = b"".join(deflate.compress(rows) for _ in range(height // 100)) + deflate.flush()
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@cache
def zeros(size: int) -> bytes:
    deflate = zlib.compressobj(1)
    return b"".join(deflate.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)) + deflate.flush()


def gif(*blocks: bytes, size: tuple[int, int] = (10, 10)) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0) + bytes(6) + b"".join(blocks) + b";"


def gif_frame(width: int = 1, height: int = 1) -> bytes:
    return b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00"


def icon(picture: bytes, entries: int = 1) -> bytes:
    entry = struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, len(picture), 6 + 16 * entries)
    return b"\0\0\1\0" + struct.pack("<H", entries) + entry * entries + picture


def endless_passes() -> bytes:
    whole = saved(photo(), "JPEG", progressive=True)
    last, end = whole.rindex(b"\xff\xda"), len(whole) - 2
    return whole[:end] + whole[last:end] * 2000 + whole[end:]


def black(form: str, side: int, **options: object) -> bytes:
    return saved(Image.new("L", (side, side)), form, **options)


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "50,000 x 50,000 in one bit": ("too_many_pixels", lambda: png(50_000, 50_000, 1)),
    "13,000 x 13,000 PNG": ("too_many_pixels", lambda: png(13_000, 13_000, 8)),
    "13,000 x 13,000 GIF": ("too_many_pixels", lambda: gif(gif_frame(13_000, 13_000), size=(13_000, 13_000))),
    "a GIF frame beyond its screen": ("too_many_pixels", lambda: gif(gif_frame(60_000, 60_000))),
    "2,100 x 2,100 JPEG": ("too_many_pixels", lambda: black("JPEG", 2_100)),
    "2,100 x 2,100 TIFF": ("too_many_pixels", lambda: black("TIFF", 2_100, compression="tiff_lzw")),
    "2,100 x 2,100 WebP": ("too_many_pixels", lambda: black("WEBP", 2_100, lossless=True, method=0)),
    "2,100 x 2,100 AVIF": ("too_many_pixels", lambda: black("AVIF", 2_100, speed=10)),
    "a PNG bomb in an icon": ("too_many_pixels", lambda: icon(png(13_000, 13_000, 8))),
    "one icon named 51,200 times": ("broken", lambda: icon(png_with(chunk(b"IDAT", bytes(2_000_000))), 51_200)),
    "200 MB of comment": (
        "too_much_metadata",
        lambda: png_with(chunk(b"zTXt", b"C\0\0" + zeros(200_000_000))),
    ),
    "200 MB of international text": (
        "too_much_metadata",
        lambda: png_with(chunk(b"iTXt", b"C\0\1\0\0\0" + zeros(200_000_000))),
    ),
    "200 MB of colour profile": ("too_much_metadata", lambda: png_with(chunk(b"iCCP", b"C\0\0" + zeros(200_000_000)))),
    "300 comments that grow": (
        "too_much_metadata",
        lambda: png_with(chunk(b"zTXt", b"C\0\0" + zlib.compress(bytes(900_000), 9)) * 300),
    ),
    "100 MB of JPEG comments": ("too_much_metadata", lambda: jpeg_with(*[(0xFE, bytes(65_000))] * 1_540)),
    "a GIF of a million frames": ("too_many_frames", lambda: gif(gif_frame() * 1_000_000)),
    "an animated PNG of 6,000 frames": (
        "too_many_frames",
        lambda: png_with(chunk(b"acTL", struct.pack(">II", 6_000, 0)) + chunk(b"fcTL", bytes(26)) * 6_000),
    ),
    "a JPEG in 2,000 passes": ("too_complex", endless_passes),
    "a million empty chunks": ("too_complex", lambda: png_with(chunk(b"IDAT", b"") * 1_000_000)),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bombs")
    for number, (_, make) in enumerate(BOMBS.values()):
        (made / f"{number:02}").write_bytes(make())
    return made


@pytest.mark.parametrize("kind", ["bytes", "file"])
def test_a_bomb_is_refused_before_it_takes_time_or_memory(kind: str, folder: Path) -> None:
    told = examined(folder, BOMBS, max_pixels=4_000_000, kind=kind)

    assert {name: one.code for name, one in told.items()} == {name: code for name, (code, _) in BOMBS.items()}
    assert {name: one.seconds for name, one in told.items() if one.seconds > SECONDS} == {}
    assert {name: one.megabytes for name, one in told.items() if one.megabytes > MEGABYTES} == {}

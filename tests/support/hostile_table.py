"""The tables of hostile files, and of honest ones of all pixels allowed, for every type that is opened."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import cache

from PIL import Image

from tests.support.hostile import (
    BIG,
    SHORT,
    apng,
    avif,
    claiming,
    coded,
    coded_webp,
    flat,
    fractions,
    gif,
    grid,
    icon,
    shared_fields,
    striped,
    tiled,
    webp,
    webp_frame,
    with_hidden_frames,
)
from tests.support.pictures import chunk, jpeg_with, moving, photo, png_with, saved

HOSTILE: dict[str, tuple[set[str], Callable[[], bytes]]] = {
    "AVIF, small boxes": ({"too_many_pixels"}, lambda: claiming(flat("AVIF", speed=10))),
    "AVIF with alpha, small boxes": ({"too_many_pixels"}, lambda: claiming(flat("AVIF", mode="RGBA", speed=10))),
    "AVIF moving, small boxes": (
        {"too_many_pixels"},
        lambda: claiming(moving("AVIF", frames=2, size=(2100, 2000), speed=10)),
    ),
    "AVIF, a grid with a huge canvas": (
        {"too_many_pixels"},
        lambda: avif((b"grid", grid(1, 1, (9000, 9000))), (b"av01", coded(flat("AVIF", (64, 64), speed=10)))),
    ),
    "AVIF, a tile that is huge": (
        {"too_many_pixels"},
        lambda: avif((b"grid", grid(1, 1, (64, 64))), (b"av01", coded(flat("AVIF", speed=10)))),
    ),
    "AVIF, 200 tiles that are one": (
        {"too_complex"},
        lambda: avif(
            (b"grid", grid(10, 20, (1000, 1000))),
            *[(b"av01", coded(flat("AVIF", (900, 900), speed=10)))] * 200,
            shared=True,
        ),
    ),
    "AVIF, 100 frames in one": ({"too_complex"}, lambda: with_hidden_frames(100)),
    "TIFF, one giant tile": ({"too_complex", "too_many_pixels"}, lambda: tiled((60, 60), (30_000, 30_000), 1)),
    "TIFF, a tile four times the picture": ({"too_many_pixels"}, lambda: tiled((1900, 1900), (3792, 3792), 1)),
    "TIFF, 4,000 giant tiles": ({"broken", "too_complex"}, lambda: tiled((1, 4_000), (8_000, 8_000), 4_000)),
    "TIFF, more tiles than room": ({"broken"}, lambda: tiled((64, 64), (64, 64), 4_000)),
    "TIFF, tiles without a size": ({"broken"}, lambda: tiled((64, 64), (64, 0), 1)),
    "TIFF, more strips than room": ({"broken", "too_complex"}, lambda: striped((1_000, 999), 998, 40_000, 998_000)),
    "TIFF, strips that share all bytes": ({"too_complex"}, lambda: striped((1_000, 2_000), 1, 2_000, 900_000)),
    "TIFF, a plane for each of 60,000 samples": (
        {"broken", "too_complex", "truncated"},
        lambda: striped((1_000, 1_000), 1_000, 60_000, 1_000_000, (284, SHORT, [2])),
    ),
    "TIFF, fields that share their bytes": ({"too_much_metadata"}, shared_fields),
    "TIFF, a million fractions": ({"too_complex"}, fractions),
    "JPEG, EXIF fields that share their bytes": (
        {"too_much_metadata"},
        lambda: jpeg_with((0xE1, b"Exif\0\0" + shared_fields(2_000, 40_000))),
    ),
    "JPEG, a list of pictures whose fields share their bytes": (
        {"too_much_metadata"},
        lambda: jpeg_with((0xE2, b"MPF\0" + shared_fields(2_000, 40_000))),
    ),
    "JPEG, EXIF in 1,000 segments": ({"too_much_metadata"}, lambda: jpeg_with(*[(0xE1, b"Exif\0\0..")] * 1_000)),
    "JPEG, 50,000 tiny segments": ({"too_much_metadata"}, lambda: jpeg_with(*[(0xE5, b"..")] * 50_000)),
    "PNG, EXIF fields that share their bytes": ({"accepted"}, lambda: png_with(chunk(b"eXIf", shared_fields()))),
    "PNG, EXIF in a text": ({"accepted"}, lambda: png_with(chunk(b"tEXt", b"exif\0" + shared_fields()))),
    "PNG, EXIF of a million fractions": ({"accepted"}, lambda: png_with(chunk(b"eXIf", fractions()))),
    "PNG moving, a frame beyond its canvas": ({"accepted"}, lambda: apng((20_000, 20_000))),
    "WebP, a small canvas": ({"broken", "too_many_pixels"}, lambda: webp((100, 100), coded_webp())),
    "WebP, a huge canvas": ({"too_many_pixels"}, lambda: webp((16_000, 16_000), coded_webp((64, 64)))),
    "WebP moving, a frame that codes more than it claims": (
        {"broken", "too_many_pixels"},
        lambda: webp((100, 100), (b"ANIM", bytes(6)), webp_frame(BIG, (100, 100)), flags=2),
    ),
    "WebP moving, a frame beyond its canvas": (
        {"broken", "too_many_pixels"},
        lambda: webp((100, 100), (b"ANIM", bytes(6)), webp_frame(BIG, BIG), flags=2),
    ),
    "WebP, EXIF fields that share their bytes": (
        {"accepted"},
        lambda: webp((64, 64), coded_webp((64, 64)), (b"EXIF", shared_fields()), flags=8),
    ),
    "icon, a PNG larger than claimed": ({"too_many_pixels"}, lambda: icon(flat("PNG"))),
    "icon, a bitmap larger than claimed": ({"too_many_pixels"}, lambda: icon(flat("BMP", (2100, 3900), "L")[14:])),
    "BMP, run-length coded": ({"unsupported_type"}, lambda: _with(flat("BMP", (64, 64)), 30, struct.pack("<I", 1))),
    "BMP, huge and without pixels": (
        {"too_many_pixels", "truncated"},
        lambda: _with(flat("BMP", (64, 64)), 18, struct.pack("<ii", 90_000, 90_000)),
    ),
    "GIF, a second frame beyond its screen": ({"too_many_pixels"}, lambda: gif((10, 10), (10, 10), BIG)),
    "GIF, 300 frames of all pixels allowed": ({"accepted"}, lambda: gif((1_900, 1_900), *[(1_900, 1_900)] * 300)),
    "GIF, 300 frames of a large canvas": ({"accepted"}, lambda: gif((1_900, 1_900), *[(8, 8)] * 300)),
    "PNG moving, frames on a large canvas": (
        {"accepted"},
        lambda: saved(
            Image.new("RGB", (1_900, 1_900)),
            "PNG",
            save_all=True,
            append_images=[Image.new("RGB", (1_900, 1_900), (0, 0, level)) for level in range(1, 40)],
        ),
    ),
}
"""What becomes of each, and what makes it."""


def _with(whole: bytes, at: int, changed: bytes) -> bytes:
    return whole[:at] + changed + whole[at + len(changed) :]


@cache
def _large() -> Image.Image:
    """A picture of all pixels allowed that no type packs well, transparent in part."""
    picture = photo((1_000, 1_000)).resize((2_000, 2_000))
    picture.putalpha(picture.getchannel("R"))
    return picture


LARGEST: dict[str, Callable[[], bytes]] = {
    "JPEG progressive": lambda: saved(_large().convert("CMYK"), "JPEG", progressive=True),
    "PNG": lambda: saved(_large(), "PNG", compress_level=1),
    "PNG, 16 bits": lambda: saved(_large().convert("L").convert("I;16"), "PNG", compress_level=1),
    "PNG, one clear colour": lambda: saved(_large().convert("RGB"), "PNG", compress_level=1, transparency=(1, 2, 3)),
    "GIF": lambda: saved(_large().convert("RGB").quantize(64), "GIF", transparency=3),
    "WebP": lambda: saved(_large(), "WEBP", method=0),
    "WebP lossless": lambda: saved(_large(), "WEBP", lossless=True, quality=0, method=0),
    "AVIF": lambda: saved(_large(), "AVIF", speed=10, subsampling="4:4:4"),
    "TIFF LZW": lambda: saved(_large(), "TIFF", compression="tiff_lzw"),
    "TIFF deflate": lambda: saved(_large(), "TIFF", compression="tiff_adobe_deflate"),
    "TIFF in JPEG": lambda: saved(_large().convert("RGB"), "TIFF", compression="jpeg"),
    "TIFF of real numbers": lambda: saved(_large().convert("F"), "TIFF", compression="tiff_lzw"),
    "BMP": lambda: saved(_large().convert("RGB"), "BMP"),
    "icon": lambda: icon(saved(_large(), "PNG", compress_level=1), claimed=0),
}
"""Honest pictures of all pixels allowed, of every type that is opened without add-ons."""

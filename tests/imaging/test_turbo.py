"""The faster decoders of `[turbo]` show what Pillow shows, and leave to it whatever is not plain.

Tolerance: a peak signal-to-noise ratio of 34 dB against Pillow's own copy (JPEG at quality 80 keeps about 37 dB of a
thumbnail), no shift of brightness beyond one level of 255, and fingerprints that differ in 6 bits of 128 at most.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from io import BytesIO
from random import Random

import pytest
from PIL import Image, ImageChops, ImageStat

from harvester.errors import AssetError
from harvester.imaging.appearance.look import appearance
from harvester.imaging.decoder import load, open_picture
from harvester.imaging.pixels import fit, plain
from harvester.imaging.sniff import type_of
from harvester.imaging.turbo import shrunk
from tests.support.pictures import ENCODINGS, exif, photo, saved

for library in ("cv2", "numpy", "pyvips", "simplejpeg"):
    pytest.importorskip(library)

NOISE, SHIFT, BITS = 34.0, 1.0, 6
LIKE = (1280, 720), (1200, 675), (1024, 576), (900, 1350), (641, 400), (640, 360), (500, 333)
ENCODED: dict[str, Callable[[Image.Image], bytes]] = {
    "jpeg": lambda p: saved(p, "JPEG", quality=85),
    "jpeg progressive": lambda p: saved(p, "JPEG", quality=75, progressive=True),
    "jpeg full colour": lambda p: saved(p, "JPEG", quality=92, subsampling="4:4:4"),
    "webp": lambda p: saved(p, "WEBP", quality=80),
    "webp lossless": lambda p: saved(p, "WEBP", lossless=True, method=0),
    "png": lambda p: saved(p, "PNG", compress_level=1),
}


def fast(source: bytes, size: tuple[int, int]) -> Image.Image | None:
    return shrunk(source, open_picture(source, type_of(source)), size)


def slow(source: bytes, size: tuple[int, int]) -> Image.Image:
    picture = open_picture(source, type_of(source))
    load(picture, (size[0], 1))
    return fit(plain(picture), size)


@pytest.mark.parametrize("size", LIKE, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", ENCODED)
def test_a_fast_copy_is_like_pillows(name: str, size: tuple[int, int]) -> None:
    source = ENCODED[name](photo(size, seed=7))
    width = min(640, size[0])
    wanted = width, round(size[1] * width / size[0])

    copy, model = fast(source, wanted), slow(source, wanted)

    assert copy is not None
    assert (copy.mode, copy.size) == (model.mode, model.size)
    errors = ImageStat.Stat(ImageChops.difference(copy, model)).rms
    assert 20 * math.log10(255 / (max(errors) or 0.01)) >= NOISE
    means = zip(ImageStat.Stat(copy).mean, ImageStat.Stat(model).mean, strict=True)
    assert max(abs(a - b) for a, b in means) <= SHIFT
    marks = (int(appearance(picture, size)[0], 16) for picture in (copy, model))
    assert (next(marks) ^ next(marks)).bit_count() <= BITS


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_fast_decoder_turns_nothing(form: str) -> None:
    source = saved(photo((800, 400)), form, exif=exif(6))

    copy = fast(source, (400, 200))

    assert copy is not None
    assert copy.size == (400, 200)
    assert max(ImageStat.Stat(ImageChops.difference(copy, slow(source, (400, 200)))).rms) < 8


NOT_PLAIN = sorted(ENCODINGS.keys() - {"jpeg", "jpeg progressive", "jpeg restarts", "png", "webp", "webp lossless"})


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_what_is_not_plain_is_left_to_pillow(name: str) -> None:
    assert fast(ENCODINGS[name][1](), (64, 38)) is None


def test_a_deep_png_is_left_to_pillow() -> None:
    grey = Image.frombytes("I;16", (64, 64), bytes(64 * 64 * 2))
    assert fast(saved(grey, "PNG"), (32, 32)) is None


@pytest.mark.parametrize("name", ["jpeg", "jpeg progressive", "png", "webp", "webp lossless"])
def test_a_fast_decoder_takes_nothing_that_pillow_refuses(name: str) -> None:
    whole = ENCODINGS[name][1]()
    for seed in range(60):
        dice = Random(seed)
        spoilt = bytearray(whole[: dice.randrange(len(whole) // 2, len(whole))] if seed % 3 == 0 else whole)
        for _ in range(4):
            spoilt[dice.randrange(100, len(spoilt))] = dice.randrange(256)
        try:
            taken = fast(bytes(spoilt), (64, 38))
        except AssetError:
            continue  # Pillow does not even open it
        assert taken is None or slow(bytes(spoilt), (64, 38)).size == (64, 38)


def test_an_rgb_jpeg_without_conversion_is_left_to_pillow() -> None:
    written = BytesIO()
    photo().save(written, "JPEG", keep_rgb=True)

    assert fast(written.getvalue(), (100, 60)) is None

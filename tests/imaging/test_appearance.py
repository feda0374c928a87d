"""Fingerprint and ThumbHash: near for renditions of one picture, far for others; blurred as the format says."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from harvester.imaging.appearance.look import appearance
from harvester.imaging.drawing import draw
from harvester.imaging.examine import opened
from tests.support.pictures import photo, saved, see_through

SEEDS = range(6)
NEAR, FAR = 14, 32
"""Bits of 128 in which renditions of one picture differ at most, and other pictures at least."""


def fingerprint(source: bytes) -> str:
    with opened(source, max_pixels=40_000_000) as picture:
        assert picture.measured.fingerprint is not None
        return picture.measured.fingerprint


def distance(seed: int, other: bytes) -> int:
    """The bits in which a picture differs from the original of *seed*."""
    return (mark_of_original(seed) ^ int(fingerprint(other), 16)).bit_count()


@cache
def original(seed: int) -> Image.Image:
    return draw(seed, 640, 360)


@cache
def mark_of_original(seed: int) -> int:
    return int(fingerprint(saved(original(seed), "JPEG", quality=90)), 16)


def resized(picture: Image.Image, width: int) -> Image.Image:
    return picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)


def cropped(picture: Image.Image, part: float) -> Image.Image:
    x, y = int(picture.width * part / 2), int(picture.height * part / 2)
    return picture.crop((x, y, picture.width - x, picture.height - y))


def watermarked(picture: Image.Image) -> Image.Image:
    marked = picture.copy()
    ImageDraw.Draw(marked).text((picture.width - 150, 10), "AGENCY", fill=(255, 255, 255), font_size=20)
    return marked


RENDITIONS: dict[str, Callable[[Image.Image], bytes]] = {
    "half": lambda p: saved(resized(p, 320), "JPEG", quality=85),
    "a quarter, poor": lambda p: saved(resized(p, 160), "JPEG", quality=40),
    "tiny": lambda p: saved(resized(p, 120), "JPEG", quality=70),
    "odd width": lambda p: saved(resized(p, 533), "WEBP", quality=70),
    "poor": lambda p: saved(p, "JPEG", quality=25),
    "progressive": lambda p: saved(p, "JPEG", quality=85, progressive=True),
    "AVIF": lambda p: saved(resized(p, 400), "AVIF", quality=40, speed=10),
    "GIF": lambda p: saved(resized(p, 480).quantize(64), "GIF"),
    "PNG": lambda p: saved(resized(p, 512), "PNG", compress_level=1),
    "sharpened": lambda p: saved(resized(p, 400).filter(ImageFilter.UnsharpMask(2, 120)), "JPEG"),
    "greyscale": lambda p: saved(resized(p, 400).convert("L").convert("RGB"), "JPEG"),
    "watermarked in a corner": lambda p: saved(watermarked(p), "JPEG"),
    "turned by EXIF": lambda p: saved(p.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=_turned()),
}
OTHERS: dict[str, Callable[[Image.Image], bytes]] = {
    "mirrored": lambda p: saved(ImageOps.mirror(p), "JPEG"),
    "upside down": lambda p: saved(p.transpose(Image.Transpose.ROTATE_180), "JPEG"),
    "negative": lambda p: saved(ImageOps.invert(p), "JPEG"),
    "cropped by half": lambda p: saved(cropped(p, 0.5), "JPEG"),
    "no image": lambda p: saved(Image.new("RGB", p.size, (230, 230, 230)), "JPEG"),
}


def _turned() -> bytes:
    block = Image.Exif()
    block[0x0112] = 6
    return block.tobytes()


@pytest.mark.parametrize("name", RENDITIONS)
def test_renditions_of_one_picture_are_near(name: str) -> None:
    distances = [distance(seed, RENDITIONS[name](original(seed))) for seed in SEEDS]

    assert max(distances) <= NEAR
    assert sorted(distances)[len(distances) // 2] <= NEAR // 2


@pytest.mark.parametrize("name", OTHERS)
def test_other_pictures_are_far(name: str) -> None:
    assert min(distance(seed, OTHERS[name](original(seed))) for seed in SEEDS) >= FAR


def test_pictures_of_different_scenes_are_far() -> None:
    marks = [int(fingerprint(saved(draw(seed, 320, 180), "JPEG")), 16) for seed in range(30)]

    assert min((a ^ b).bit_count() for i, a in enumerate(marks) for b in marks[:i]) >= FAR


@pytest.mark.parametrize("colour", [(0, 0, 0), (128, 128, 128), (255, 255, 255), (200, 30, 60)])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_a_picture_of_one_colour_has_a_fingerprint_of_zeros(form: str, colour: tuple[int, int, int]) -> None:
    assert fingerprint(saved(Image.new("RGB", (320, 180), colour), form)) == "0" * 32


def test_a_fingerprint_is_the_same_every_time() -> None:
    source = saved(original(5), "WEBP")

    assert fingerprint(source) == fingerprint(source)


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (31, 33), (2, 3)])
def test_the_smallest_and_narrowest_pictures_have_one(size: tuple[int, int]) -> None:
    assert len(fingerprint(saved(photo(size), "PNG"))) == 32


THUMBHASHES = {
    "landscape": photo((96, 54)),
    "portrait": photo((60, 90), seed=2),
    "square": photo((64, 64), seed=3),
    "wide": photo((100, 20), seed=4),
    "see-through": see_through((80, 60)),
}


@pytest.mark.parametrize("name", THUMBHASHES)
def test_thumbhash_is_what_the_format_says(name: str) -> None:
    picture = THUMBHASHES[name]

    _, told = appearance(picture, picture.size)

    expected = list(_halves(_by_the_book(picture)))
    given = list(_halves(base64.b64decode(told)))
    assert len(given) == len(expected)
    # The common frame is made of other samples than the picture: a factor may round to its neighbour.
    assert max(abs(a - b) for a, b in zip(given, expected, strict=True)) <= 1


def test_thumbhash_of_one_colour_has_that_colour() -> None:
    _, told = appearance(Image.new("RGB", (50, 40), (255, 0, 0)), (50, 40))
    raw = base64.b64decode(told)

    luminance, yellow, ruddy = raw[0] & 63, (raw[0] >> 6 | raw[1] << 2) & 63, (raw[1] >> 4 | raw[2] << 4) & 63

    assert (luminance, yellow, ruddy) == (21, 47, 63)
    assert set(raw[5:]) == {0}


def _by_the_book(picture: Image.Image) -> bytes:
    """ThumbHash as its author describes it, one sum after the other."""
    width, height = picture.size
    raw = picture.convert("RGBA").tobytes()
    pixels = [tuple(raw[i : i + 4]) for i in range(0, len(raw), 4)]
    weight = sum(p[3] for p in pixels) / 255
    mean = [sum(p[c] * p[3] for p in pixels) / 255 / 255 / weight for c in range(3)]
    seen = [[mean[c] * (1 - p[3] / 255) + p[c] * p[3] / 255 / 255 for c in range(3)] + [p[3] / 255] for p in pixels]
    clear = weight < width * height
    detail = 5 if clear else 7
    across, down = (max(1, math.floor(detail * side / max(width, height) + 0.5)) for side in (width, height))
    waves = [
        _waves([(r + g + b) / 3 for r, g, b, _ in seen], width, height, max(3, across), max(3, down)),
        _waves([(r + g) / 2 - b for r, g, b, _ in seen], width, height, 3, 3),
        _waves([r - g for r, g, _, _ in seen], width, height, 3, 3),
    ]
    if clear:
        waves.append(_waves([a for *_, a in seen], width, height, 5, 5))
    (l_dc, l_scale, _), (p_dc, p_scale, _), (q_dc, q_scale, _) = waves[:3]
    landscape = width > height
    head = _round(63 * l_dc) | _round(31.5 + 31.5 * p_dc) << 6 | _round(31.5 + 31.5 * q_dc) << 12
    head |= _round(31 * l_scale) << 18 | clear << 23
    tail = (down if landscape else across) | _round(63 * p_scale) << 3 | _round(63 * q_scale) << 9 | landscape << 15
    result = head.to_bytes(3, "little") + tail.to_bytes(2, "little")
    if clear:
        result += bytes([_round(15 * waves[3][0]) | _round(15 * waves[3][1]) << 4])
    halves = [_round(15 * factor) for _, _, factors in waves for factor in factors]
    halves += [0] * (len(halves) % 2)
    return result + bytes(low | high << 4 for low, high in zip(halves[::2], halves[1::2], strict=True))


def _waves(
    channel: Sequence[float], width: int, height: int, across: int, down: int
) -> tuple[float, float, list[float]]:
    factors = []
    for v in range(down):
        for u in range(across):
            if u * down < across * (down - v):
                row = [math.cos(math.pi / width * u * (x + 0.5)) for x in range(width)]
                column = [math.cos(math.pi / height * v * (y + 0.5)) for y in range(height)]
                total = sum(channel[y * width + x] * row[x] * column[y] for y in range(height) for x in range(width))
                factors.append(total / width / height)
    mean, *rest = factors
    scale = max(map(abs, rest))
    return mean, scale, [0.5 + 0.5 / scale * factor for factor in rest]


def _round(number: float) -> int:
    return math.floor(number + 0.5)


def _halves(raw: bytes) -> Iterator[int]:
    """The fields of a hash, then its factors."""
    head, tail = int.from_bytes(raw[:3], "little"), int.from_bytes(raw[3:5], "little")
    yield from (head & 63, head >> 6 & 63, head >> 12 & 63, head >> 18 & 31, head >> 23)
    yield from (tail & 7, tail >> 3 & 63, tail >> 9 & 63, tail >> 15)
    for byte in raw[5:]:
        yield from (byte & 15, byte >> 4)

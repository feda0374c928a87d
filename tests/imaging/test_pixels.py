"""Thumbnails show what the picture shows: every mode, depth and orientation, against sums done here by hand.

A test picture is a formula, so that the colour of every pixel is known without any decoder. Thumbnails are drawn at
half its size as PNG, where each pixel is the mean of four; a step of the formula is even, so means are exact but for
rounding: the tolerance is 2 of 255 levels, more where a type itself is lossy.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from itertools import product

import pytest
from PIL import Image, ImageCms

from harvester.config import Thumbnails
from harvester.imaging.examine import opened
from tests.support.pictures import exif, saved

WIDTH, HEIGHT = 64, 48
EXACT, LOSSY = 2, 12
Colour = tuple[int, ...]
Formula = Callable[[int, int], Colour]


def rgb(x: int, y: int) -> Colour:
    return 3 * x + 20, 5 * y + 8, 2 * x + 2 * y


def clear(x: int, y: int) -> Colour:
    return *rgb(x, y), 255 if x >= WIDTH // 2 else 128 if y >= HEIGHT // 2 else 0


def grey(x: int, y: int) -> Colour:
    level = 3 * x + y
    return level, level, level


def painted(mode: str, formula: Formula) -> Image.Image:
    picture = Image.new(mode, (WIDTH, HEIGHT))
    pixels = picture.load()
    assert pixels is not None
    for x, y in product(range(WIDTH), range(HEIGHT)):
        colour = formula(x, y)
        pixels[x, y] = colour if len(colour) > 1 else colour[0]
    return picture


def sixteen_bits(high: Callable[[int, int], int]) -> Image.Image:
    """A 16-bit grey picture whose higher bytes are given; the lower ones are noise."""
    levels = (high(x, y) << 8 | (37 * x + 11 * y) % 256 for y in range(HEIGHT) for x in range(WIDTH))
    return Image.frombytes("I;16", (WIDTH, HEIGHT), b"".join(level.to_bytes(2, "little") for level in levels))


def levels_of_one_bit(x: int, y: int) -> Colour:
    return (255, 255, 255) if (x // 2 + y // 2) % 2 else (0, 0, 0)


def cmyk(x: int, y: int) -> Colour:
    return 3 * x, 4 * y, 60, 20


def cmyk_shown(x: int, y: int) -> Colour:
    """What Pillow, like browsers without a profile, makes of the four inks."""
    *inks, black = cmyk(x, y)
    return tuple((255 - ink) * (255 - black) // 255 for ink in inks)


def thumbnail(source: bytes, width: int = WIDTH // 2) -> Image.Image:
    with opened(source, max_pixels=1_000_000) as picture:
        (drawn,) = picture.thumbnails(Thumbnails(widths=(width,), format="png"))
    assert drawn.type == "image/png"
    shown = Image.open(BytesIO(drawn.data))
    assert shown.size == (drawn.width, drawn.height)
    return shown


def halved(formula: Formula, width: int = WIDTH, height: int = HEIGHT) -> dict[tuple[int, int], Colour]:
    """The mean of every four pixels; colours count as much as they can be seen."""
    result = {}
    for x, y in product(range(width // 2), range(height // 2)):
        four = [formula(2 * x + dx, 2 * y + dy) for dx, dy in product((0, 1), (0, 1))]
        result[x, y] = tuple(round(sum(levels) / 4) for levels in zip(*four, strict=True))
    return result


def check(shown: Image.Image, expected: dict[tuple[int, int], Colour], tolerance: int) -> None:
    """Compare every pixel; where nothing can be seen, colours do not count."""
    bands = len(next(iter(expected.values())))
    pixels = shown.convert("RGBA" if bands == 4 else "RGB").load()
    assert pixels is not None
    assert set(product(range(shown.width), range(shown.height))) == set(expected)
    for at, colour in expected.items():
        told = pixels[at]
        assert isinstance(told, tuple)
        if bands == 4 and colour[3] == 0:
            told, colour = told[3:], colour[3:]
        assert all(abs(a - b) <= tolerance for a, b in zip(told, colour, strict=True)), (at, told, colour)


MODES: dict[str, tuple[Callable[[], bytes], Formula, int]] = {
    "png rgb": (lambda: saved(painted("RGB", rgb), "PNG"), rgb, EXACT),
    "png rgba": (lambda: saved(painted("RGBA", clear), "PNG"), clear, EXACT),
    "png rgba, all opaque": (lambda: saved(painted("RGB", rgb).convert("RGBA"), "PNG"), rgb, EXACT),
    "png grey": (lambda: saved(painted("L", lambda x, y: grey(x, y)[:1]), "PNG"), grey, EXACT),
    "png grey with alpha": (
        lambda: saved(painted("LA", lambda x, y: (grey(x, y)[0], clear(x, y)[3])), "PNG"),
        lambda x, y: (*grey(x, y), clear(x, y)[3]),
        EXACT,
    ),
    "png one bit": (
        lambda: saved(painted("1", lambda x, y: levels_of_one_bit(x, y)[:1]), "PNG"),
        levels_of_one_bit,
        EXACT,
    ),
    "png palette": (
        lambda: saved(painted("RGB", lambda x, y: (x // 8 * 32, y // 8 * 40, 90)).quantize(64), "PNG"),
        lambda x, y: (x // 8 * 32, y // 8 * 40, 90),
        EXACT,
    ),
    "png 16-bit grey": (
        lambda: saved(sixteen_bits(lambda x, y: grey(x, y)[0]), "PNG"),
        grey,
        EXACT,
    ),
    "tiff 16-bit grey": (
        lambda: saved(sixteen_bits(lambda x, y: grey(x, y)[0]), "TIFF"),
        grey,
        EXACT,
    ),
    "tiff real numbers": (
        lambda: saved(painted("F", lambda x, y: (x,)), "TIFF"),
        lambda x, y: (round(256 * x / 63 - 0.5),) * 3,
        EXACT,
    ),
    "tiff cmyk": (lambda: saved(painted("CMYK", cmyk), "TIFF"), cmyk_shown, EXACT),
    "jpeg rgb": (lambda: saved(painted("RGB", rgb), "JPEG", quality=98, subsampling=0), rgb, LOSSY),
    "jpeg grey": (lambda: saved(painted("L", lambda x, y: grey(x, y)[:1]), "JPEG", quality=98), grey, LOSSY),
    "jpeg cmyk": (lambda: saved(painted("CMYK", cmyk), "JPEG", quality=98, subsampling=0), cmyk_shown, LOSSY),
    "webp rgb": (lambda: saved(painted("RGB", rgb), "WEBP", lossless=True), rgb, EXACT),
    "webp rgba": (lambda: saved(painted("RGBA", clear), "WEBP", lossless=True, exact=True), clear, EXACT),
    "avif rgb": (lambda: saved(painted("RGB", rgb), "AVIF", quality=98, subsampling="4:4:4"), rgb, LOSSY),
    "avif rgba": (lambda: saved(painted("RGBA", clear), "AVIF", quality=98, subsampling="4:4:4"), clear, LOSSY),
    "bmp rgb": (lambda: saved(painted("RGB", rgb), "BMP"), rgb, EXACT),
    "gif grey": (lambda: saved(painted("L", lambda x, y: grey(x, y)[:1]), "GIF"), grey, EXACT),
    "ico rgba": (
        lambda: saved(painted("RGBA", clear), "ICO", sizes=[(WIDTH, HEIGHT)]),
        clear,
        EXACT,
    ),
}


@pytest.mark.parametrize("name", MODES)
def test_a_thumbnail_has_the_colours_of_its_picture(name: str) -> None:
    make, formula, tolerance = MODES[name]

    shown = thumbnail(make())

    check(shown, halved(formula), tolerance)


TURNED: dict[int, Callable[[int, int], tuple[int, int]]] = {
    1: lambda x, y: (x, y),
    2: lambda x, y: (WIDTH - 1 - x, y),
    3: lambda x, y: (WIDTH - 1 - x, HEIGHT - 1 - y),
    4: lambda x, y: (x, HEIGHT - 1 - y),
    5: lambda x, y: (y, x),
    6: lambda x, y: (y, HEIGHT - 1 - x),
    7: lambda x, y: (WIDTH - 1 - y, HEIGHT - 1 - x),
    8: lambda x, y: (WIDTH - 1 - y, x),
}
"""For each EXIF orientation: which stored pixel is shown at a place, from the table in the EXIF standard."""
STORED: dict[str, tuple[Callable[[int], bytes], int]] = {
    "jpeg": (lambda turn: saved(painted("RGB", rgb), "JPEG", quality=98, subsampling=0, exif=exif(turn)), LOSSY),
    "png": (lambda turn: saved(painted("RGB", rgb), "PNG", exif=exif(turn)), EXACT),
    "webp": (lambda turn: saved(painted("RGB", rgb), "WEBP", lossless=True, exif=exif(turn)), EXACT),
    "avif": (
        lambda turn: saved(painted("RGB", rgb), "AVIF", quality=98, subsampling="4:4:4", exif=exif(turn)),
        LOSSY,
    ),
    "tiff": (lambda turn: saved(painted("RGB", rgb), "TIFF", tiffinfo={274: turn}), EXACT),
}


@pytest.mark.parametrize("turn", TURNED)
@pytest.mark.parametrize("name", STORED)
def test_a_thumbnail_is_upright(name: str, turn: int) -> None:
    make, tolerance = STORED[name]
    width, height = (HEIGHT, WIDTH) if turn >= 5 else (WIDTH, HEIGHT)

    shown = thumbnail(make(turn), width=width // 2)

    check(shown, halved(lambda x, y: rgb(*TURNED[turn](x, y)), width, height), tolerance)


def test_orientation_in_xmp_turns_nothing_since_browsers_do_not_read_it_there() -> None:
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a tiff:Orientation="6"/></x:xmpmeta>'

    shown = thumbnail(saved(painted("RGB", rgb), "PNG", xmp=packet))

    assert shown.size == (WIDTH // 2, HEIGHT // 2)


def wide_gamut() -> bytes:
    """An ICC profile that is surely not sRGB: its red and blue are swapped."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ", 128), profile.index(b"bXYZ", 128)
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    name = profile.index("sRGB".encode("utf-16-be"))
    profile[name : name + 8] = "Swap".encode("utf-16-be")
    return bytes(profile)


def swapped(x: int, y: int) -> Colour:
    return rgb(x, y)[::-1]


@pytest.mark.parametrize(
    ("form", "tolerance"), [("PNG", EXACT + 1), ("JPEG", LOSSY), ("WEBP", LOSSY), ("AVIF", LOSSY), ("TIFF", EXACT + 1)]
)
def test_colours_are_converted_to_srgb_by_the_profile(form: str, tolerance: int) -> None:
    options = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True}}.get(form, {"quality": 98, "subsampling": "4:4:4"})

    shown = thumbnail(saved(painted("RGB", rgb), form, icc_profile=wide_gamut(), **options))

    check(shown, halved(swapped), tolerance)
    assert "icc_profile" not in shown.info


def test_transparency_survives_the_profile() -> None:
    shown = thumbnail(saved(painted("RGBA", clear), "PNG", icc_profile=wide_gamut()))

    check(shown, halved(lambda x, y: (*swapped(x, y), clear(x, y)[3])), EXACT + 1)


@pytest.mark.parametrize("profile", [b"", b"nonsense", wide_gamut()[:300]], ids=["none", "nonsense", "cut"])
def test_a_broken_profile_changes_nothing(profile: bytes) -> None:
    shown = thumbnail(saved(painted("RGB", rgb), "PNG", icc_profile=profile))

    check(shown, halved(rgb), EXACT)


def test_a_profile_for_other_inks_changes_nothing() -> None:
    grey_picture = painted("L", lambda x, y: grey(x, y)[:1])

    shown = thumbnail(saved(grey_picture, "PNG", icc_profile=wide_gamut()))

    check(shown, halved(grey), EXACT)


def test_one_clear_colour_of_a_png_shows_through() -> None:
    picture = painted("RGB", lambda x, y: (0, 0, 0) if x < WIDTH // 2 else (200, 100, 50))

    shown = thumbnail(saved(picture, "PNG", transparency=(0, 0, 0)))

    check(shown, halved(lambda x, y: (0, 0, 0, 0) if x < WIDTH // 2 else (200, 100, 50, 255)), EXACT)


def test_transparency_is_laid_on_white_for_jpeg() -> None:
    source = saved(painted("RGBA", clear), "PNG")
    with opened(source, max_pixels=1_000_000) as picture:
        (drawn,) = picture.thumbnails(Thumbnails(widths=(WIDTH // 2,), format="jpeg", quality=98))

    shown = Image.open(BytesIO(drawn.data))

    assert shown.mode == "RGB"
    assert all(level > 245 for level in shown.getpixel((2, 2)))  # type: ignore[union-attr]

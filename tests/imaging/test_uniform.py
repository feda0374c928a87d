"""One colour is no picture, whatever a codec made of it; a gradient, fog, a night and the faintest drawing are."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from PIL import Image, ImageChops, ImageDraw

from harvester.imaging.examine import opened
from tests.support.pictures import saved

SIZE = WIDTH, HEIGHT = 720, 480
FORMS: dict[str, Callable[[Image.Image], bytes]] = {
    "JPEG": lambda picture: saved(picture, "JPEG", quality=80),
    "JPEG, small": lambda picture: saved(picture, "JPEG", quality=60, progressive=True, optimize=True),
    "PNG": lambda picture: saved(picture, "PNG"),
    "WebP": lambda picture: saved(picture, "WEBP", quality=80),
    "AVIF": lambda picture: saved(picture, "AVIF", quality=70, speed=9),
    "GIF": lambda picture: saved(picture, "GIF"),
    "TIFF": lambda picture: saved(picture, "TIFF", compression="tiff_lzw"),
    "BMP": lambda picture: saved(picture, "BMP"),
}
Colour = tuple[int, int, int]


def gradient(first: Colour, last: Colour, turn: int = 0) -> Image.Image:
    ramp = Image.linear_gradient("L").rotate(turn).resize(SIZE, Image.Resampling.BICUBIC)
    steps = [[round(a + (b - a) * level / 255) for level in range(256)] for a, b in zip(first, last, strict=True)]
    return Image.merge("RGB", [ramp.point(levels) for levels in steps])


def fog() -> Image.Image:
    """Soft clouds of a few levels, with film grain."""
    dice = Random(2)
    soft = Image.frombytes("L", (6, 5), bytes(dice.randrange(196, 208) for _ in range(30)))
    return _grey(ImageChops.add(soft.resize(SIZE, Image.Resampling.BICUBIC), _noise(3), offset=-128))


def night() -> Image.Image:
    """A few stars of a pixel or two."""
    picture, dice = Image.new("RGB", SIZE, (4, 5, 10)), Random(1)
    pen = ImageDraw.Draw(picture)
    for _ in range(12):
        x, y = dice.randrange(WIDTH), dice.randrange(HEIGHT)
        pen.rectangle((x, y, x + 1, y + 1), fill=(dice.randrange(120, 255),) * 3)
    return picture


def faint_drawing() -> Image.Image:
    """White on white: lines two pixels wide and a few levels darker."""
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((200, 100, 500, 400), outline=(244, 244, 244), width=2)
    pen.line((0, 0, WIDTH, HEIGHT), fill=(244, 244, 244), width=2)
    return picture


def noisy(colour: Colour, far: int) -> Image.Image:
    noise = _noise(far)
    return Image.merge("RGB", [ImageChops.add(Image.new("L", SIZE, level), noise, offset=-128) for level in colour])


def _noise(far: int) -> Image.Image:
    """Samples around 128 that are up to *far* levels off."""
    dice = Random(3)
    return Image.frombytes("L", SIZE, bytes(dice.choices(range(128 - far, 129 + far), k=WIDTH * HEIGHT)))


def _grey(picture: Image.Image) -> Image.Image:
    return Image.merge("RGB", (picture, picture, picture))


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "a sky": lambda: gradient((20, 40, 90), (220, 180, 120)),
    "dark to light": lambda: gradient((0, 0, 0), (255, 255, 255), 90),
    "light to dark": lambda: gradient((255, 255, 255), (0, 0, 0)),
    "hardly a gradient": lambda: gradient((200, 200, 200), (207, 207, 207), 90),
    "blue alone": lambda: gradient((120, 120, 20), (120, 120, 200)),
    "fog": fog,
    "night": night,
    "white on white": faint_drawing,
}
ONE_COLOUR: dict[str, Callable[[], Image.Image]] = {
    "white": lambda: Image.new("RGB", SIZE, "white"),
    "black": lambda: Image.new("RGB", SIZE, "black"),
    "grey with a little noise": lambda: noisy((128, 128, 128), 1),
    "light with noise": lambda: noisy((225, 225, 225), 3),
    "an odd red": lambda: Image.new("RGB", SIZE, (201, 37, 91)),
}


def is_uniform(source: bytes) -> bool:
    with opened(source, max_pixels=40_000_000) as picture:
        return picture.measured.uniform


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_not_of_one_colour_however_little_is_in_it(name: str, form: str) -> None:
    assert not is_uniform(FORMS[form](PICTURES[name]()))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ONE_COLOUR)
def test_one_colour_is_told_whatever_a_codec_made_of_it(name: str, form: str) -> None:
    assert is_uniform(FORMS[form](ONE_COLOUR[name]()))


@pytest.mark.parametrize("form", ["JPEG", "WebP", "AVIF"])
@pytest.mark.parametrize("seed", range(6))
def test_any_colour_is_one(seed: int, form: str) -> None:
    """What lossy types make of it depends on the colour: a WebP needs a while until it has found its level."""
    dice = Random(seed)
    colour = (dice.randrange(256), dice.randrange(256), dice.randrange(256))

    assert is_uniform(FORMS[form](Image.new("RGB", (333, 222), colour)))


@pytest.mark.parametrize("size", [(3, 3), (16, 16), (5, 700), (1200, 40)])
def test_one_colour_is_told_at_any_size(size: tuple[int, int]) -> None:
    assert is_uniform(saved(Image.new("RGB", size, (9, 90, 190)), "PNG"))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "I;16", "CMYK"])
def test_one_colour_is_told_in_any_mode(mode: str) -> None:
    assert is_uniform(saved(Image.new(mode, (300, 200)), "TIFF" if mode == "CMYK" else "PNG"))


def test_what_only_transparency_shows_is_a_picture_and_what_nothing_shows_is_none() -> None:
    logo = Image.new("RGBA", SIZE, (255, 255, 255, 0))
    ImageDraw.Draw(logo).ellipse((100, 100, 300, 300), fill=(255, 255, 255, 255))
    hidden = fog()
    hidden.putalpha(0)

    assert not is_uniform(saved(logo, "PNG"))
    assert is_uniform(saved(hidden, "PNG"))


def test_an_animation_that_starts_with_one_colour_is_a_picture() -> None:
    frames = [Image.new("RGB", SIZE, "black"), night()]

    assert not is_uniform(saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=80))


def test_a_thin_line_of_a_large_jpeg_is_not_lost_with_the_scale_it_is_decoded_at() -> None:
    picture = Image.new("RGB", (4000, 3000), "white")
    ImageDraw.Draw(picture).line((0, 1500, 4000, 1500), fill=(236, 236, 236), width=1)

    assert not is_uniform(saved(picture, "JPEG", quality=90))

"""Pictures drawn by code, for the demonstration and the benchmark: nothing to license, nothing to download.

By its measurements a picture resembles a photograph: soft light, edges, texture and film grain. A seed stands for one
picture at any size, so that its renditions can be drawn one by one.
"""

from __future__ import annotations

import io
from itertools import pairwise
from random import Random
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

GRAIN = 12
"""How far film grain changes a sample, of 255."""

SAVING: dict[str, tuple[str, dict[str, Any]]] = {
    "image/jpeg": ("JPEG", {"optimize": True, "progressive": True}),
    "image/png": ("PNG", {"compress_level": 6}),
    "image/webp": ("WEBP", {"method": 2}),
    "image/avif": ("AVIF", {"speed": 9}),
    "image/gif": ("GIF", {}),
}
LOSSY = {"image/jpeg", "image/webp", "image/avif"}


def draw(seed: int, width: int, height: int, label: str = "") -> Image.Image:
    """Return the landscape of *seed*, *width* by *height* pixels, with *label* (Latin letters) in a band below."""
    dice = Random(seed)  # noqa: S311 (a picture, not a secret)
    picture = _sky(dice, width, height)
    _sun(dice, picture)
    ridges = dice.randrange(3, 6)
    for ridge in range(ridges):
        _ridge(dice, picture, nearness=(ridge + 1) / ridges)
    picture = picture.filter(ImageFilter.GaussianBlur(min(width, height) / 600))
    picture = _grained(dice, _lit(dice, picture))
    if label:
        _labelled(picture, label)
    return picture


def encode(picture: Image.Image, type: str, quality: int = 82) -> bytes:  # noqa: A002 (the manifest's word)
    """Return *picture* encoded as *type*, a MIME type in `SAVING`; *quality*, 1 to 100, is for lossy types only."""
    form, options = SAVING[type]
    if type in LOSSY:
        options = {"quality": quality, **options}
    written = io.BytesIO()
    picture.save(written, form, **options)
    return written.getvalue()


def _sky(dice: Random, width: int, height: int) -> Image.Image:
    """Return a frame filled with clouds of light: a few related colours, blended smoothly."""
    rows, columns = 5, 6
    tint = [dice.randrange(110, 231) for _ in "rgb"]
    spread = dice.randrange(20, 61)
    colours = bytes(
        min(255, max(0, level - 8 * row + dice.randrange(-spread, spread + 1)))
        for row in range(rows)
        for _ in range(columns)
        for level in tint
    )
    small = Image.frombytes("RGB", (columns, rows), colours)
    return small.resize((width, height), Image.Resampling.BICUBIC)


def _sun(dice: Random, picture: Image.Image) -> None:
    radius = dice.uniform(0.03, 0.16) * picture.height
    x, y = dice.uniform(0.1, 0.9) * picture.width, dice.uniform(0.08, 0.5) * picture.height
    colour = (dice.randrange(225, 256), dice.randrange(190, 246), dice.randrange(140, 226))
    ImageDraw.Draw(picture).ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _ridge(dice: Random, picture: Image.Image, nearness: float) -> None:
    """Draw a chain of hills; the nearer it is (0 to 1), the lower in the frame and the darker."""
    width, height = picture.size
    base = 0.35 + 0.5 * nearness + dice.uniform(-0.12, 0.12)
    line = _broken_line(dice, height=0.45 * (1.2 - nearness))
    points = [(i * width / (len(line) - 1), (base + rise) * height) for i, rise in enumerate(line)]
    shade = 1.15 - 0.9 * nearness
    colour = tuple(int(dice.randrange(60, 171) * shade) for _ in "rgb")
    ImageDraw.Draw(picture).polygon([(0, height), *points, (width, height)], fill=colour)


def _broken_line(dice: Random, height: float) -> list[float]:
    """Return a line that is halved and displaced until it looks like a ridge (midpoint displacement)."""
    line = [dice.uniform(-height, height) / 2, dice.uniform(-height, height) / 2]
    while len(line) < 257:
        height *= 0.52
        middles = [(a + b) / 2 + dice.uniform(-height, height) / 2 for a, b in pairwise(line)]
        line = [point for pair in zip(line, middles, strict=False) for point in pair] + [line[-1]]
    return line


def _lit(dice: Random, picture: Image.Image) -> Image.Image:
    """Return the picture under soft shadows of clouds, without which its hills would look flat."""
    rows, columns = 9, 12
    spots = Image.frombytes("L", (columns, rows), bytes(dice.randrange(150, 256) for _ in range(rows * columns)))
    shadow = spots.resize(picture.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(picture, Image.merge("RGB", (shadow, shadow, shadow)))


def _grained(dice: Random, picture: Image.Image) -> Image.Image:
    width, height = picture.size
    noise = Image.frombytes("L", picture.size, dice.randbytes(width * height))
    grain = noise.point([round((level - 127.5) * GRAIN / 127.5) + 128 for level in range(256)])
    return ImageChops.add(picture, Image.merge("RGB", (grain, grain, grain)), offset=-128)


def _labelled(picture: Image.Image, label: str) -> None:
    width, height = picture.size
    size = max(10, height // 18)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, height - 2 * size, width, height), fill=(18, 24, 32))
    pen.text((size // 2, height - size), label, fill=(240, 240, 236), font=_font(size), anchor="lm")


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)

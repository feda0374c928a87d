"""Is a picture of one colour, as what only holds a place is? A gradient, fog and the faintest drawing are pictures."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image, ImageChops, ImageFilter

from harvester.imaging.pixels import Resampling
from harvester.imaging.sniff import AVIF, HEIC, JXL, WEBP, Type

NOISE = 20
"""Levels of 255 by which lossy types, and the noise they are given, may move samples of one colour."""
FAINT = {WEBP: 5, AVIF: 2, HEIC: 2, JXL: 2}
"""By type the levels by which samples may be off the usual one; of others 1, by rounding.

These spread what is off over their blocks, and a WebP does not always find the level of a colour.
"""
CELLS = 16
"""Cells each way whose means are compared: noise is gone from them, what is smooth is not."""
ROUNDING, ROUNDING_IF_SPREAD = 1, 3
BLOCK = 16
"""Pixels each way that lossy types code together, so that noise in one says nothing of the next."""
EVERYWHERE = 0.5
"""Part of the blocks that noise may touch before it cannot be told from a drawing any more."""
CHANCE = 0.25
"""How much more often than by chance blocks that are touched may lie side by side; those of a line nearly always do."""
ANY = [0] + [255] * 255
FEWEST, FEWEST_IF_SPREAD = 5, 20
"""Blocks that a drawing touches: a WebP needs up to 3 x 3 in its first corner until it has found its level."""
AROUND = ImageFilter.Kernel((3, 3), (1, 1, 1, 1, 0, 1, 1, 1, 1), scale=1)


def may_be_uniform(copy: Image.Image) -> bool:
    """Tell by a smaller copy whether it is worth asking `is_uniform` of the whole picture."""
    return all(highest - lowest <= NOISE for lowest, highest in _extremes(_seen(copy)))


def is_uniform(whole: Image.Image, kind: Type) -> bool:
    """Return whether a plain picture, at its true size, has one colour and nothing else but a codec's noise.

    Where nothing can be seen of it, it has. *kind* is the type that it was decoded from.
    """
    picture = _seen(whole)
    rounding = ROUNDING_IF_SPREAD if kind in FAINT else ROUNDING
    cells = picture.resize((CELLS, CELLS), Resampling.BOX)
    if any(highest - lowest > rounding for lowest, highest in _extremes(cells)):
        return False
    faint, fewest = FAINT.get(kind, 1), FEWEST_IF_SPREAD if kind in FAINT else FEWEST
    return not any(_is_drawn(channel, faint, fewest) for channel in picture.split())


def _seen(picture: Image.Image) -> Image.Image:
    """Return colours as far as they show: under full transparency all are one."""
    return picture.convert("RGBa") if picture.mode == "RGBA" else picture


def _extremes(picture: Image.Image) -> Iterator[tuple[int, int]]:
    for channel in picture.split():
        levels = [level for level, count in enumerate(channel.histogram()) if count]
        yield levels[0], levels[-1]


def _is_drawn(channel: Image.Image, faint: int, fewest: int) -> bool:
    """Return whether samples differ by more than noise does, or those that are off lie as those of a drawing do."""
    counts = channel.histogram()
    levels = [level for level, count in enumerate(counts) if count]
    usual = counts.index(max(counts))
    if levels[-1] - levels[0] > NOISE or max(levels[-1] - usual, usual - levels[0]) <= faint:
        return levels[-1] - levels[0] > NOISE
    return _hang_together(channel.point([255 if abs(level - usual) > faint else 0 for level in range(256)]), fewest)


def _hang_together(off: Image.Image, fewest: int) -> bool:
    """Return whether samples that are off (255) touch blocks side by side, as lines do, not here and there as noise."""
    touched = _touched(off)
    count = touched.histogram()[255]
    part = count / ((touched.width - 2) * (touched.height - 2))
    beside = ImageChops.multiply(touched, touched.filter(AROUND).point(ANY)).histogram()[255]
    by_chance = 1 - (1 - part) ** 8
    return count >= fewest and part <= EVERYWHERE and beside / count > by_chance + CHANCE


def _touched(off: Image.Image) -> Image.Image:
    """Draw a pixel for each block, 255 where one of its samples is off, in a frame, as filters leave out the edge."""
    across, down = -(-off.width // BLOCK), -(-off.height // BLOCK)
    whole = Image.new("L", (across * BLOCK, down * BLOCK))
    whole.paste(off)
    halfway = whole.reduce(BLOCK // 4).point(ANY)  # the mean of more samples would lose a single one
    framed = Image.new("L", (across + 2, down + 2))
    framed.paste(halfway.reduce(4).point(ANY), (1, 1))
    return framed

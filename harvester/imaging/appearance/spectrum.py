"""The common frame, which is any picture squeezed to 32 x 32 pixels, and its spectrum of cosines.

Renditions of one picture have nearly the same spectrum, whatever their size, type or quality, so the fingerprint is
read from it. ThumbHash uses the same cosines, so it is read from it too.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageMath

from harvester.imaging.pixels import Resampling

SIDE = 32
FREQUENCIES = 16
"""Cosines in each direction, from the mean (0) to seven and a half waves a side (15)."""
DRAWN_FROM = 320
"""Width in pixels of the copy from which the frame is made, whatever thumbnails are wanted."""
ENOUGH = 128
"""Pixels a side that the frame needs: more would cost time and change nothing."""


def framed(picture: Image.Image) -> Image.Image:
    """Return a plain picture squeezed into the common frame."""
    across, down = (max(1, side // ENOUGH) for side in picture.size)
    return picture.reduce((across, down)).resize((SIDE, SIDE), Resampling.HAMMING)


def spectrum(planes: Sequence[Image.Image]) -> list[array[float]]:
    """Return, for each plane of the frame, its mean product with every pair of cosines (DCT-II), in levels of 255.

    The pair of *u* waves across and *v* down is at index `v * FREQUENCIES + u`.
    """
    rows = SIDE * len(planes)
    samples = b"".join(plane.convert("F").tobytes() for plane in planes)
    across = _along_rows(samples, rows)
    both = array("f", _along_rows(across, len(planes) * FREQUENCIES))
    return [both[plane :: len(planes)] for plane in range(len(planes))]


def _along_rows(samples: bytes, rows: int) -> bytes:
    """Return, for each frequency, each row's mean product with that cosine; Pillow does the arithmetic."""
    repeated = Image.frombytes("F", (SIDE, rows * FREQUENCIES), samples * FREQUENCIES)
    products = ImageMath.lambda_eval(lambda its: its["rows"] * its["cosines"], rows=repeated, cosines=_cosines(rows))
    assert isinstance(products, Image.Image)
    return products.reduce((SIDE, 1)).tobytes()


@cache
def _cosines(rows: int) -> Image.Image:
    """Return a picture with each cosine in *rows* rows, one frequency below the other."""
    waves = (
        array("f", (math.cos(math.pi * frequency * (x + 0.5) / SIDE) for x in range(SIDE)))
        for frequency in range(FREQUENCIES)
    )
    return Image.frombytes("F", (SIDE, rows * FREQUENCIES), b"".join(wave.tobytes() * rows for wave in waves))

"""Thumbnails: how large they are, and how they are encoded."""

from __future__ import annotations

import os
from collections.abc import Iterable
from io import BytesIO
from typing import Any, BinaryIO, Literal

from PIL import Image

from harvester.config import Thumbnails
from harvester.imaging.pixels import flattened
from harvester.steps import Drawn

Format = Literal["jpeg", "webp", "png", "avif"]

EXTENSIONS: dict[Format, str] = {"jpeg": "jpg", "webp": "webp", "png": "png", "avif": "avif"}
WEBP_EFFORT = 2  # of 6: takes half the time of the default, for files about a tenth larger
AVIF_SPEED = 8  # of 10
TALLEST = 16_383
"""Pixels of the longest side that WebP allows (RFC 9649, 3.4); no thumbnail is taller."""


def sizes(widths: Iterable[int], shown: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the sizes of the thumbnails of a picture *shown* in that size, the largest first; none is enlarged."""
    width, height = shown
    widest = max(1, min(width, TALLEST, TALLEST * width // height))
    wanted = sorted({min(one, widest) for one in widths}, reverse=True)
    return [(one, max(1, min(round(height * one / width), TALLEST))) for one in wanted]


def encoded(picture: Image.Image, settings: Thumbnails) -> Drawn:
    """Return a plain picture encoded as configured; as JPEG it is laid on white."""
    form = _format(picture, settings)
    if form == "jpeg":
        picture = flattened(picture)
    with _memory() as file:
        picture.save(file, form, **_options(form, settings.quality))
        file.seek(0)
        data = file.read()
    return Drawn(
        width=picture.width,
        height=picture.height,
        type=f"image/{form}",
        extension=EXTENSIONS[form],
        data=data,
    )


def _memory() -> BinaryIO:
    """Return a file in memory: Pillow lets other threads run only while it encodes into a real file descriptor."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("thumbnail"), "w+b", buffering=0)  # noqa: PTH123 - it has no path
    return BytesIO()


def _format(picture: Image.Image, settings: Thumbnails) -> Format:
    if settings.format != "auto":
        return settings.format
    return "webp" if picture.mode == "RGBA" else "jpeg"


def _options(form: Format, quality: int) -> dict[str, Any]:
    if form == "webp":
        return {"quality": quality, "method": WEBP_EFFORT}
    if form == "avif":
        return {"quality": quality, "speed": AVIF_SPEED, "max_threads": 1}
    return {"quality": quality} if form == "jpeg" else {}

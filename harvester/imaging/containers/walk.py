"""One entry point for all containers."""

from __future__ import annotations

from collections.abc import Callable

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers import avif, boxes, gif, jpeg, jxl, png, tiff, webp, windows
from harvester.imaging.containers.contents import Contents
from harvester.imaging.sniff import Type

WALKS: dict[str, Callable[[Buffer], Contents]] = {
    "image/jpeg": jpeg.walk,
    "image/png": png.walk,
    "image/gif": gif.walk,
    "image/webp": webp.walk,
    "image/avif": avif.walk,
    "image/heic": boxes.walk,
    "image/jxl": jxl.walk,
    "image/tiff": tiff.walk,
    "image/bmp": windows.walk_bmp,
    "image/x-icon": windows.walk_ico,
}


def walk(file: Buffer, kind: Type) -> Contents:
    """Return what the container of a picture of type *kind* says; raises AssetError if it is cut, damaged or a bomb."""
    return WALKS[kind.mime](file)

"""The site's pictures, drawn on request: one row for each picture, one URL for each rendition."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from harvester.imaging import drawing

_PATH = re.compile(r"/[0-9a-f-]{36}/w_?(?P<width>\d+)[^/]*/(?P<name>[a-z-]+)\.(?P<extension>avif|webp|jpg|png)")
_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}


class DemoPicture(Struct, frozen=True):
    """A landscape: the seed from which it is drawn, its frame, and the widths in pixels that the site has."""

    seed: int
    frame: tuple[int, int]
    widths: tuple[int, ...]


PICTURES = {
    "harbour-lights": DemoPicture(14, (16, 9), (480, 960, 1600)),
    "harbour-master-window": DemoPicture(23, (3, 2), (480, 960)),
    "corn-market-hill": DemoPicture(15, (16, 9), (480, 960, 1280)),
    "estuary": DemoPicture(16, (3, 2), (320, 600, 1200)),
    "south-bank": DemoPicture(31, (3, 2), (600, 1200)),
    "north-bank": DemoPicture(32, (3, 2), (600, 1200)),
    "evening-sky": DemoPicture(33, (3, 2), (600, 1200)),
    "storm-bridge": DemoPicture(17, (16, 9), (480, 960)),  # its page claims 1920 pixels too
}


class Rendition(Struct, frozen=True):
    """What a URL requests: a picture by its seed, its size in pixels, its type, and the label written on it."""

    seed: int
    width: int
    height: int
    type: str
    label: str = ""


_FURNITURE = {
    "/logo.png": Rendition(0, 180, 40, "image/png"),
    "/pixel.gif": Rendition(0, 1, 1, "image/gif"),
}


def find(path: str) -> Rendition | None:
    """Return the rendition at *path*, or None if the site has none there."""
    if path in _FURNITURE:
        return _FURNITURE[path]
    asked = _PATH.fullmatch(path)
    picture = PICTURES.get(asked["name"]) if asked else None
    if asked is None or picture is None or int(asked["width"]) not in picture.widths:
        return None
    width, (across, down) = int(asked["width"]), picture.frame
    label = asked["name"].replace("-", " ")
    return Rendition(picture.seed, width, round(width * down / across), _TYPES[asked["extension"]], label)


@lru_cache(maxsize=64)
def draw(rendition: Rendition) -> bytes:
    """Return the bytes of a rendition, which are the same every time."""
    picture = drawing.draw(rendition.seed, rendition.width, rendition.height, rendition.label)
    return drawing.encode(picture, rendition.type)

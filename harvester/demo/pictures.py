"""The site's pictures, drawn when they are asked for: one row a picture, one URL a rendition."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from harvester.imaging import drawing

_PATH = re.compile(r"/[0-9a-f-]{36}/w_?(?P<width>\d+)[^/]*/(?P<name>[a-z-]+)\.(?P<extension>avif|webp|jpg|png)")
_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
_FURNITURE = {"/logo.png": (180, 40), "/pixel.gif": (1, 1)}


class Picture(Struct, frozen=True):
    """A landscape of its own: the seed it is drawn from, its frame, and the widths in pixels that the site has."""

    seed: int
    frame: tuple[int, int]
    widths: tuple[int, ...]


PICTURES = {
    "harbour-lights": Picture(14, (16, 9), (480, 960, 1600)),
    "harbour-master-window": Picture(23, (3, 2), (480, 960)),
    "corn-market-hill": Picture(15, (16, 9), (480, 960, 1280)),
    "estuary": Picture(16, (3, 2), (320, 600, 1200)),
    "south-bank": Picture(31, (3, 2), (600, 1200)),
    "north-bank": Picture(32, (3, 2), (600, 1200)),
    "evening-sky": Picture(33, (3, 2), (600, 1200)),
    "storm-bridge": Picture(17, (16, 9), (480, 960)),  # its page speaks of 1920 pixels too
}


@lru_cache(maxsize=64)
def draw(path: str) -> tuple[str, bytes] | None:
    """Give the type and the bytes of the rendition at *path*, the same at every call; None where the site has none."""
    if path in _FURNITURE:
        kind = "image/" + path.rpartition(".")[2]
        return kind, drawing.encode(drawing.draw(0, *_FURNITURE[path]), kind)
    asked = _PATH.fullmatch(path)
    picture = PICTURES.get(asked["name"]) if asked else None
    if asked is None or picture is None or int(asked["width"]) not in picture.widths:
        return None
    kind = _TYPES[asked["extension"]]
    return kind, _landscape(asked["name"], int(asked["width"]), kind)


def _landscape(name: str, width: int, kind: str) -> bytes:
    picture = PICTURES[name]
    across, down = picture.frame
    drawn = drawing.draw(picture.seed, width, round(width * down / across), name.replace("-", " "))
    return drawing.encode(drawn, kind)

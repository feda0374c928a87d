"""The size that a URL states: `?w=640`, `/w:980/`, `-1024x576.jpg`, `=s640`. Only where it is unambiguous."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from harvester.renditions.lookup import rules_for
from harvester.renditions.parameters import pairs
from harvester.renditions.rules import LONGEST, compiled, matched
from harvester.renditions.tables import RULES

_Size = tuple[int | None, int | None]

SMALLEST, LARGEST = 2, 20_000  # pixels; anything smaller is a tracking pixel, anything larger is not a width
RATIO = 32  # pixels; smaller numbers in a path are a ratio (16x9)


class Shape(NamedTuple):
    """A form in which the path of any host may state a size: a substring to look for first, the pattern, an example."""

    hint: str
    pattern: str
    example: tuple[str, int | None, int | None]


SHAPES: tuple[Shape, ...] = (
    Shape("/w:", r"/w:(?P<w>\d+)(?:/h:(?P<h>\d+))?/", ("/media/w:980/p:16x9/a.png", 980, None)),
    Shape("w_", r"(?:[/,]|%2C)w_(?P<w>\d+)(?:[/,]|%2C)", ("/image/upload/c_fill,w_640,h_360/v1/a.jpg", 640, None)),
    Shape("width=", r"[/,]width=(?P<w>\d+)[/,]", ("/cdn-cgi/image/width=896,quality=80/a.jpg", 896, None)),
    Shape("-c/", r"/(?P<w>\d{2,5})-(?P<h>\d{2,5})-c/", ("/image/1280-720-c/179/a.jpg", 1280, 720)),
    Shape("px-", r"/(?P<w>\d{2,5})px-[^/]+$", ("/thumb/a/a9/N.jpg/640px-N.jpg", 640, None)),
    Shape("resize:", r"/resize:(?:fit|fill|auto):(?P<w>\d+)(?::(?P<h>\d+))?", ("/v2/resize:fit:1400/ID", 1400, None)),
    Shape("=w", r"=w(?P<w>\d+)(?:-h(?P<h>\d+))?(?:-[a-z]+\d*)*$", ("/ID=w640-h480-rw", 640, 480)),
    Shape("/w", r"/w(?P<w>\d{2,5})(?:[-_]h(?P<h>\d{2,5}))?(?:-[a-z]+\d*)*/", ("/img/w640-h480/n.jpg", 640, 480)),
    Shape("-w", r"[-_]w-?(?P<w>\d{2,5})(?=[-_./])", ("/9711626227-ci23x11-w910/a.jpg", 910, None)),
    Shape("_w", r"[-_]w-?(?P<w>\d{2,5})(?=[-_./])", ("/images/ID_w948_r1.778.jpg", 948, None)),
    Shape("/width/", r"/width/(?P<w>\d+)(?:/height/(?P<h>\d+))?", ("/id/195/width/730/height/500/crop/1", 730, 500)),
    Shape(
        "x",
        r"[-_~.@/](?P<w>\d{2,5})x(?P<h>\d{1,5})(?:[-_@][a-z]\w*)?(?:\.\w{3,4}){0,2}$",
        ("/a-1024x576.jpg", 1024, 576),
    ),
    Shape("x", r"/(?P<w>\d{2,5})x(?P<h>\d{1,5})(?=[/_!])", ("/resizer/1200x630/smart/a.jpg", 1200, 630)),
)
WIDTHS = ("w", "width", "imwidth", "wid", "mw", "maxw", "maxwidth", "max-w", "max_width")
HEIGHTS = ("h", "height", "imheight", "hei", "mh", "maxh", "maxheight", "max-h", "max_height")
BOXES = ("resize", "fit", "size", "imresize", "d")


# The names of YouTube's thumbnails are sizes.
YOUTUBE = {
    "maxresdefault": (1280, 720),
    "hq720": (1280, 720),
    "sddefault": (640, 480),
    "hqdefault": (480, 360),
    "mqdefault": (320, 180),
}
_SIZED = {rule.id for rule in RULES if "(?P<w>" in rule.find}


@lru_cache(maxsize=1024)
def claimed_size(url: str) -> _Size:
    """Return the width and height in pixels that *url* states; None for what it does not say.

    A size in the query decides; a size in the path may only be that of the file from which the rendition is made.
    """
    url = url.partition("#")[0]
    base, _, query = url.partition("?")
    if len(url) > LONGEST:
        return None, None
    return (_by_query(query) if query else None) or _by_rule(url) or _by_shape(base) or (None, None)


def claimed_width(url: str) -> int | None:
    """Return the width in pixels that *url* states, or None."""
    return claimed_size(url)[0]


def _by_query(query: str) -> _Size | None:
    said = {name.lower(): value for name, value in pairs(query)}
    width = next((said[name] for name in WIDTHS if name in said), None)
    height = next((said[name] for name in HEIGHTS if name in said), None)
    if width is None and height is None:
        width, height = next((_box(said[name]) for name in BOXES if name in said), (None, None))
    return _size(width, height, said.get("dpr", ""))


def _box(value: str) -> tuple[str | None, str | None]:
    found = compiled(r"^(\d+)(?:x|,|%2C|:|\*)(\d+)$").match(value)
    return (found[1], found[2]) if found else (None, None)


def _by_rule(url: str) -> _Size | None:
    for rule in rules_for(url):
        if rule.id == "youtube-thumbnail":
            return YOUTUBE.get(url.rpartition("/")[2].partition(".")[0])
        if rule.id in _SIZED and (found := matched(rule, url)):
            groups = found.groupdict()
            if size := _size(groups.get("w"), groups.get("h")):
                return size
    return None


def _by_shape(base: str) -> _Size | None:
    path = base.partition("://")[2]
    for shape in SHAPES:
        if shape.hint in path and (found := compiled(shape.pattern).search(path)):
            groups = found.groupdict()
            if not _is_ratio(groups["w"]) and (size := _size(groups["w"], groups.get("h"))):
                return size
    return None


def _is_ratio(width: str) -> bool:
    return len(width) <= 9 and int(width) <= RATIO


def _size(width: str | None, height: str | None, density: str = "") -> _Size | None:
    times = float(density) if compiled(r"^[1-4](\.\d+)?$").match(density) else 1.0
    found = _pixels(width, times), _pixels(height, times)
    return None if found == (None, None) else found


def _pixels(text: str | None, times: float) -> int | None:
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 5):
        return None
    pixels = round(int(text) * times)
    return pixels if SMALLEST <= pixels <= LARGEST else None

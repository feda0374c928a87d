"""Does a text name an image, and does it only hold a place? By its shape alone; nobody is asked."""

from __future__ import annotations

import re
from functools import lru_cache

from harvester.renditions import claimed_width

LONGEST = 4_000  # characters; what is longer is no address
BLURRED = 64  # px; a rendition no wider stands in for a larger one until that is loaded

# Case is spelled out: a pattern that ignores it is read at a third of the speed.
_EXTENSION = re.compile(
    r"\.(?:jpe?g|JPE?G|Jpe?g|jpe|jfif|pjpeg|png|PNG|Png|webp|WEBP|avif|AVIF|gif|GIF|jxl|heic|HEIC|heif|bmp|BMP|tiff?|TIFF?)"
    r"(?![A-Za-z0-9_-]|\.html?)"
)
_FILE = re.compile(r"\.(?:jpe?g|jpe|jfif|png|webp|avif|gif|jxl|heic|heif|tiff?)(?:/?$|[/!@:~])", re.IGNORECASE)
_SCRIPTED = re.compile(
    r"\{\{|\$\{|\$\(|<%|\*\*|%7B%7B|(?:\{|%7B|\[)(?:[a-z]*width|[a-z]*height|w|h|size|quality|format|ext|id|url|src)(?:\}|%7D|\])",
    re.IGNORECASE,
)
_LISTED = re.compile(r"(?<=[\s,])[0-9]++(?:\.[0-9]++)?[wx](?=\s*+(?:,|$))")
_PLACE = (
    r"place-?_?holders?|blank|spacer|transparen[ct]y?|lazy-?_?load(?:ing|er)?|lazy|loading|loader|empty|dummy|pixel|clear|trans"
    r"|1x1|1px|no-?_?(?:image|img|photo|picture|thumb)"
)
_HOLDS_A_PLACE = re.compile(rf"(?:^|[-_.~])(?:{_PLACE}|gr[ae]y|white|black|default)(?![a-z])", re.IGNORECASE)
_ONLY_HOLDS_A_PLACE = re.compile(
    rf"(?=.*(?:{_PLACE}))(?:(?:{_PLACE}|preview|image|img|thumb|icon|gr[ae]y|white|black|small|large|bg|[0-9]+x[0-9]+|[0-9]+)[-_.]*+)++",
    re.IGNORECASE,
)
_BLUR = re.compile(r"(?:[?&/,=_.-])(?:blur|lqip)(?![a-z])", re.IGNORECASE)


@lru_cache(maxsize=8192)
def looks_like_image(text: str) -> bool:
    """Say whether *text* has the shape of an image's URL: an extension in its path, or a size as servers take it."""
    if len(text) > LONGEST or not _has_shape(text):
        return False
    return has_image_extension(text.partition("#")[0].partition("?")[0]) or claimed_width(text) is not None


def has_image_extension(text: str) -> bool:
    """Say whether the extension of an image's file stands anywhere in *text*."""
    return bool(_EXTENSION.search(text))


def is_image_file(url: str) -> bool:
    """Say whether what a link leads to is an image's file, not a page about it (`/wiki/File:a.jpg`)."""
    path = url.partition("#")[0].partition("?")[0]
    return bool(_FILE.search(path)) and ":" not in path.rpartition("/")[2] and not is_template(url)


def is_template(url: str) -> bool:
    """Say whether a script has yet to fill in parts of *url*."""
    return bool(_SCRIPTED.search(url[:LONGEST]))


def looks_like_srcset(text: str) -> bool:
    """Say whether *text* has the shape of a srcset: an address with a width or a density behind it."""
    return bool(_LISTED.search(text))


def holds_a_place(url: str, *, beside_another: bool = False) -> bool:
    """Say whether *url* is named like what stands where a picture has yet to be loaded.

    One word of such a name is enough beside the picture itself; alone the whole name must say nothing else, since there
    are grey whales and white houses.
    """
    name = url.partition("?")[0].rpartition("/")[2][:200]
    if beside_another:
        return bool(_HOLDS_A_PLACE.search(name))
    return bool(_ONLY_HOLDS_A_PLACE.fullmatch(name.partition(".")[0]))


def is_blurred(url: str) -> bool:
    """Say whether *url* asks for a rendition so small or blurred that it can only announce a larger one."""
    width = claimed_width(url)
    return bool(_BLUR.search(url)) or (width is not None and width <= BLURRED)


def _has_shape(text: str) -> bool:
    return "/" in text and not any(c in text for c in "\n\t <>\"'\\{}|") and not text.startswith(("data:", "blob:"))

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
_FILE = re.compile(rf"{_EXTENSION.pattern}(?=/?$|[/!@:~])")
_SCRIPTED = re.compile(
    r"\{\{|\$\{|\$\(|<%|\*\*|%7B%7B|(?:\{|%7B|\[)(?:[a-z]*width|[a-z]*height|w|h|size|quality|format|ext|id|url|src)(?:\}|%7D|\])",
    re.IGNORECASE,
)
_LISTED = re.compile(r"(?<=\s)[0-9]++(?:\.[0-9]++)?[wx](?=\s*+(?:,|$))")
_NO_ADDRESS = re.compile(r"[\s<>\"'\\{}|]")
_PLACE = (
    r"place-?_?holders?|blank|spacer|transparen[ct]y?|lazy-?_?load(?:ing|er)?|lazy|loading|loader|empty|dummy|pixel|clear|trans"
    r"|(?<![0-9])1x1(?![0-9])|1px|no-?_?(?:image|img|photo|picture|thumb)"
)
_PLACE_WORD = re.compile(_PLACE)
_HOLDS_A_PLACE = re.compile(rf"(?:^|[-_.~])(?:{_PLACE}|gr[ae]y|white|black|default)(?![a-z])")
_ONLY_HOLDS_A_PLACE = re.compile(
    rf"(?:(?:{_PLACE}|preview|image|img|thumb|icon|gr[ae]y|white|black|small|large|bg|[0-9]+x[0-9]+|[0-9]+)[-_.]*+)++"
)
_BLUR = re.compile(r"[?&/,=_.-](?:blur|lqip)(?![a-z])")

# One of these stands in whatever the patterns above can match: they are looked for first, since that is fast.
_SCRIPTED_HINTS = ("{", "$(", "<%", "**", "%7B", "%7b", "[")
_PLACE_HINTS = (
    "place",
    "blank",
    "space",
    "trans",
    "laz",
    "load",
    "empty",
    "dummy",
    "pixel",
    "clear",
    "1x1",
    "1px",
    "no",
)
_TONE_HINTS = (*_PLACE_HINTS, "gray", "grey", "white", "black", "default")


@lru_cache(maxsize=1024)
def looks_like_image(text: str) -> bool:
    """Return whether *text* has the shape of an image's URL: an extension in its path, or a size as servers take it."""
    if "/" not in text or not is_one_address(text) or text.startswith(("data:", "blob:")):
        return False
    return has_image_extension(text.partition("#")[0].partition("?")[0]) or claimed_width(text) is not None


def is_one_address(text: str) -> bool:
    """Return whether *text* may be one address: not too long, and without what no address has."""
    return len(text) <= LONGEST and not _NO_ADDRESS.search(text)


def has_image_extension(text: str) -> bool:
    """Return whether the extension of an image's file stands anywhere in *text*."""
    return bool(_EXTENSION.search(text))


def is_image_file(url: str) -> bool:
    """Return whether what a link leads to is an image's file, not a page about it (`/wiki/File:a.jpg`)."""
    path = url.partition("#")[0].partition("?")[0]
    return bool(_FILE.search(path)) and ":" not in path.rpartition("/")[2] and not is_template(url)


def is_template(url: str) -> bool:
    """Return whether a script has yet to fill in parts of *url*."""
    return _has(url, _SCRIPTED_HINTS) and bool(_SCRIPTED.search(url[:LONGEST]))


def looks_like_srcset(text: str) -> bool:
    """Return whether *text* has the shape of a srcset: an address with a width or a density behind it."""
    return len(text.split(None, 1)) > 1 and bool(_LISTED.search(text))


def holds_a_place(url: str, *, beside_another: bool = False) -> bool:
    """Return whether *url* is named like what stands where a picture has yet to be loaded.

    One word of such a name is enough beside the picture itself; alone the whole name must say nothing else, since there
    are grey whales and white houses.
    """
    name = url.partition("?")[0].rpartition("/")[2][:200].lower()
    if beside_another:
        return _has(name, _TONE_HINTS) and bool(_HOLDS_A_PLACE.search(name))
    stem = name.partition(".")[0]
    return _has(stem, _PLACE_HINTS) and bool(_ONLY_HOLDS_A_PLACE.fullmatch(stem) and _PLACE_WORD.search(stem))


def is_blurred(url: str) -> bool:
    """Return whether *url* asks for a rendition so small or blurred that it can only announce a larger one."""
    if _has(url, ("blur", "lqip")) and _BLUR.search(url):
        return True
    width = claimed_width(url)
    return width is not None and width <= BLURRED


def _has(text: str, hints: tuple[str, ...]) -> bool:
    for hint in hints:  # noqa: SIM110 - a generator takes twice the time, and this is asked of every address
        if hint in text:
            return True
    return False

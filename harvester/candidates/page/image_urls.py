"""Whether a text names an image, and whether that image is a placeholder: judged by its form alone, offline."""

from __future__ import annotations

import re
from functools import lru_cache

from harvester.renditions import claimed_width

LONGEST = 4_000  # characters; anything longer is not a URL
BLURRED = 64  # px; a rendition this narrow is shown only until a larger one has loaded

# Case is spelled out: a case-insensitive pattern runs at a third of the speed.
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

# Whatever the patterns above match contains one of these substrings, and looking for those first is fast.
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
    """Return whether *text* looks like an image URL: an extension in its path, or a size that servers understand."""
    if "/" not in text or not is_one_address(text) or text.startswith(("data:", "blob:")):
        return False
    return has_image_extension(text.partition("#")[0].partition("?")[0]) or claimed_width(text) is not None


def is_one_address(text: str) -> bool:
    """Return whether *text* may be a single URL: not too long, and free of characters that no URL contains."""
    return len(text) <= LONGEST and not _NO_ADDRESS.search(text)


def has_image_extension(text: str) -> bool:
    """Return whether *text* contains the extension of an image file."""
    return bool(_EXTENSION.search(text))


def is_image_file(url: str) -> bool:
    """Return whether a link leads to an image file rather than to a page about it (`/wiki/File:a.jpg`)."""
    path = url.partition("#")[0].partition("?")[0]
    return bool(_FILE.search(path)) and ":" not in path.rpartition("/")[2] and not is_template(url)


def is_template(url: str) -> bool:
    """Return whether a script has yet to fill in parts of *url*."""
    return _has(url, _SCRIPTED_HINTS) and bool(_SCRIPTED.search(url[:LONGEST]))


def looks_like_srcset(text: str) -> bool:
    """Return whether *text* looks like a srcset: a URL followed by a width or a density."""
    return len(text.split(None, 1)) > 1 and bool(_LISTED.search(text))


def holds_a_place(url: str, *, beside_another: bool = False) -> bool:
    """Return whether *url* is named like a placeholder for a picture that has yet to load.

    Beside the picture itself, one telling word is enough. Alone, the whole name must consist of such words, since there
    are pictures of grey whales and white houses.
    """
    name = url.partition("?")[0].rpartition("/")[2][:200].lower()
    if beside_another:
        return _has(name, _TONE_HINTS) and bool(_HOLDS_A_PLACE.search(name))
    stem = name.partition(".")[0]
    return _has(stem, _PLACE_HINTS) and bool(_ONLY_HOLDS_A_PLACE.fullmatch(stem) and _PLACE_WORD.search(stem))


def is_blurred(url: str) -> bool:
    """Return whether *url* asks for a rendition so small or blurred that it can only be the preview of a larger one."""
    if _has(url, ("blur", "lqip")) and _BLUR.search(url):
        return True
    width = claimed_width(url)
    return width is not None and width <= BLURRED


def _has(text: str, hints: tuple[str, ...]) -> bool:
    for hint in hints:  # noqa: SIM110 - a generator takes twice as long, and every URL comes through here
        if hint in text:
            return True
    return False

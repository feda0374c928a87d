"""Does what came prove itself? Decoding is `imaging`'s part; here: is it as large as claimed, and a picture at all."""

from __future__ import annotations

from msgspec import Struct

from harvester import urls
from harvester.steps import Candidate, Measured

ROUNDING = 0.02  # a server may round the width that it was asked for by this part of it ...
PIXELS = 2  # ... or by this many pixels, whichever is more
TINY = 2  # px; what is no wider and no higher than this counts visitors or holds a place
# Fewer bytes per pixel than an empty surface of that type takes (measured on flat pictures), so nothing is drawn on it.
EMPTY = {"image/jpeg": 0.0085, "image/webp": 0.003, "image/avif": 0.001}
EMPTY_FROM = 90_000  # pixels; small pictures have few bytes in any case
# https://i.ytimg.com answers a missing size with this picture, whatever the size asked for.
YOUTUBE = ("i.ytimg.com", "img.youtube.com", "i1.ytimg.com", "i2.ytimg.com", "i3.ytimg.com", "i4.ytimg.com")
YOUTUBE_GREY = (120, 90)
YOUTUBE_SMALL = ("default", "1", "2", "3")  # names under which 120x90 is the real size


class Accepted(Struct, frozen=True, kw_only=True):
    """It is what it was said to be."""


class Refused(Struct, frozen=True, kw_only=True):
    """It is not; *code* for machines, *message* for people."""

    code: str
    message: str


Judgement = Accepted | Refused


def judge(candidate: Candidate, measured: Measured, size: int) -> Judgement:
    """Judge a rendition that decoded whole by its measures and its *size* in bytes."""
    if reason := _placeholder(candidate, measured, size):
        return Refused(code="placeholder", message=reason)
    if not is_as_large(candidate, measured):
        return Refused(code="smaller", message=f"{measured.width} px wide instead of {candidate.width}")
    return Accepted()


def is_as_large(candidate: Candidate, measured: Measured) -> bool:
    """Say whether the width is what was claimed, within rounding; what nobody claimed cannot be wrong."""
    if candidate.width is None or measured.width is None:
        return True
    return measured.width >= candidate.width - max(PIXELS, ROUNDING * candidate.width)


def _placeholder(candidate: Candidate, measured: Measured, size: int) -> str | None:
    width, height = measured.width, measured.height
    if width is None or height is None:
        return None
    if width <= TINY and height <= TINY:
        return f"a {width}x{height} picture holds a place for one that is missing"
    if (width, height) == YOUTUBE_GREY and _is_youtube_large(candidate.url):
        return "YouTube's grey 120x90 picture stands for a size that this video does not have"
    pixels = width * height
    if measured.frames == 1 and pixels >= EMPTY_FROM and size < EMPTY.get(measured.type, 0) * pixels:
        return f"{size} bytes are too few for {width}x{height} pixels with something on them"
    return None


def _is_youtube_large(url: str) -> bool:
    return urls.host(url) in YOUTUBE and urls.stem(url) not in YOUTUBE_SMALL

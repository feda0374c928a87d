"""Whether a download proves itself: it decoded whole, but is it as large as claimed, and the same picture? Pure."""

from __future__ import annotations

from msgspec import Struct

from harvester import urls
from harvester.choice.sized import SAME_ASPECT
from harvester.config import Choice
from harvester.steps import Candidate, Measured

ROUNDING = 0.02  # a server may round the requested width by this fraction of it ...
PIXELS = 2  # ... or by this many pixels, whichever is more

# How many of the 128 bits of two fingerprints may differ; docs/choice.md shows what was measured.
SAME = 8  # the same picture: rescaled, recompressed, of another type
DOUBTFUL = 20  # worth a second comparison, with the largest declared rendition
# The largest share that may differ of the bits in which two unrelated fingerprints with as many ones would differ. It
# matters for pictures with little in them and for other frames of a picture, where the number alone says little.
ALIKE = 0.5

TINY = 2  # px; what is no wider and no higher counts visitors or holds a place
# i.ytimg.com answers for a size that a video does not have with a grey picture of this size, and status 404.
YOUTUBE = ("ytimg.com", "youtube.com")
YOUTUBE_GREY = (120, 90)
YOUTUBE_SMALL = ("default", "1", "2", "3")  # names under which 120x90 is the real size


class Accepted(Struct, frozen=True, kw_only=True):
    """The rendition is what it was declared to be.

    *distance* is that of its fingerprint from the sibling's if they were compared; *uncropped*: it shows more.
    """

    distance: int | None = None
    uncropped: bool = False


class Refused(Struct, frozen=True, kw_only=True):
    """The rendition is not what it was declared to be; *code* is for machines, *message* for people."""

    code: str
    message: str
    distance: int | None = None


class Doubted(Struct, frozen=True, kw_only=True):
    """The rendition may be the same picture; only a comparison with a better sibling can tell."""

    distance: int

    def as_refused(self) -> Refused:
        """Return the verdict if there is no better sibling."""
        return Refused(code="other_picture", message=_other_picture(self.distance), distance=self.distance)


Verdict = Accepted | Refused | Doubted


def judge(candidate: Candidate, measured: Measured, *, size: int, settings: Choice | None = None) -> Accepted | Refused:
    """Judge a rendition that decoded whole by its measures and *size* in bytes; a derived one `prove` judges too."""
    if reason := placeholder(candidate, measured):
        return Refused(code="placeholder", message=reason)
    if settings and not fits(size, settings):
        return Refused(code="too_many_bytes", message=f"{size} bytes, and the policy is {settings.policy}")
    if not is_as_wide(measured, candidate.width):
        return Refused(code="smaller", message=f"{measured.width} px wide instead of the {candidate.width} px claimed")
    return Accepted()


def fits(size: int, settings: Choice) -> bool:
    """Return whether *size* bytes are within the policy; only `at-most-bytes:N` sets a limit."""
    name, _, number = settings.policy.partition(":")
    return name != "at-most-bytes" or size <= int(number)


def prove(measured: Measured, sibling: Measured | None, best: int, *, uncropped: bool = False) -> Verdict:
    """Judge a derived rendition against a declared *sibling*: same frame, same picture, wider than *best* pixels.

    With *uncropped*, another frame of the same picture is accepted too. A rendition refused as `not_larger` is proved
    to be the same picture.
    """
    verdict = _compare(measured, sibling, uncropped=uncropped)
    if isinstance(verdict, Accepted) and not is_wider(measured, best):
        message = f"{measured.width} px wide, and {best} px are declared"
        return Refused(code="not_larger", message=message, distance=verdict.distance)
    return verdict


def is_wider(measured: Measured, than: int) -> bool:
    """Return whether a rendition is wider than *than* pixels by more than rounding."""
    return measured.width is not None and measured.width > than + _tolerance(than)


def is_as_wide(measured: Measured, claimed: int | None) -> bool:
    """Return whether a rendition is as wide as claimed, within rounding; without a claim it always is."""
    if claimed is None or measured.width is None:
        return True
    return measured.width >= claimed - _tolerance(claimed)


def is_same_frame(one: Measured, other: Measured) -> bool:
    """Return whether two renditions have the same aspect ratio, within the rounding of small heights."""
    if not (one.width and one.height and other.width and other.height):
        return False
    rounding = 1 / min(one.height, other.height)
    return abs(one.width * other.height / (one.height * other.width) - 1) < SAME_ASPECT + rounding


def distance(one: str | None, other: str | None) -> int | None:
    """Count the differing bits of two fingerprints (hexadecimal, of equal length); None if they cannot be compared."""
    if not one or not other or len(one) != len(other):
        return None
    return (int(one, 16) ^ int(other, 16)).bit_count()


def placeholder(candidate: Candidate, measured: Measured) -> str | None:
    """Return why a file only holds the place of a picture, or None if it may be one."""
    width, height = measured.width, measured.height
    if width is None or height is None:
        return None
    if width <= TINY and height <= TINY:
        return f"a picture of {width}x{height} pixels is a placeholder for one that is missing"
    if (width, height) == YOUTUBE_GREY and _is_larger_youtube_name(candidate.url):
        return "YouTube's grey picture of 120x90 pixels stands for a size that this video does not have"
    if measured.uniform:
        return f"{width}x{height} pixels of one colour"
    return None


def _compare(measured: Measured, sibling: Measured | None, *, uncropped: bool) -> Verdict:
    apart = distance(measured.fingerprint, sibling.fingerprint) if sibling else None
    if sibling is None or apart is None:
        return Refused(code="unproved", message="there is nothing to compare it with")
    part = apart / _unrelated(measured.fingerprint or "", sibling.fingerprint or "")
    if is_same_frame(measured, sibling):
        return _by_distance(apart, part)
    if uncropped and part <= ALIKE:
        return Accepted(distance=apart, uncropped=True)
    shapes = f"another frame: {_shape(measured)} against {_shape(sibling)} declared"
    return Refused(code="uncropped", message=shapes, distance=apart)


def _unrelated(one: str, other: str) -> float:
    """Return in how many bits two unrelated fingerprints would differ that have as many bits set as these."""
    bits, first, second = 4 * len(one), int(one, 16).bit_count(), int(other, 16).bit_count()
    return max(1.0, (first * (bits - second) + second * (bits - first)) / bits)


def _by_distance(apart: int, part: float) -> Verdict:
    if apart <= SAME and part <= ALIKE:
        return Accepted(distance=apart)
    if apart <= DOUBTFUL and part <= ALIKE:
        return Doubted(distance=apart)
    return Refused(code="other_picture", message=_other_picture(apart), distance=apart)


def _other_picture(apart: int) -> str:
    return f"another picture than declared: its fingerprint differs in {apart} bits, {SAME} are allowed"


def _tolerance(width: int) -> float:
    return max(PIXELS, ROUNDING * width)


def _shape(measured: Measured) -> str:
    return f"{measured.width}x{measured.height}"


def _is_larger_youtube_name(url: str) -> bool:
    return urls.registered_domain(url) in YOUTUBE and urls.stem(url) not in YOUTUBE_SMALL

"""The order in which an image's renditions are tried: the most real pixels first, then the preferred type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from harvester.choice import reasons
from harvester.choice.sized import Sized, sized_variants
from harvester.config import Choice
from harvester.model import Best, Image, Variant
from harvester.renditions import derive
from harvester.steps import Candidate

# Among renditions of equal width: first lossless types, then those closest to a camera's file. A news site's WebP and
# AVIF are made by its CDN from the JPEG or PNG beside them, so an archive takes the latter.
TYPES = (
    "image/png", "image/tiff", "image/jpeg", "image/gif", "image/heic", "image/jxl", "image/webp", "image/avif",
)  # fmt: skip
UNKNOWN_TYPE = TYPES.index("image/gif")
EXTENSIONS = {"jpg": "jpeg", "jpe": "jpeg", "tif": "tiff", "svg": "svg+xml"}
# Words with which servers name sizes, smallest first; they only order renditions that state no pixels. A name without
# such a word is the plain file, so only `full` and `original` promise more.
SIZE_WORDS = (
    "icon", "thumb", "square", "small", "teaser", "medium", "normal", "big", "large", "retina", "", "full", "original",
)  # fmt: skip
SERVES = 240  # px; a declared rendition this wide is enough to compare with
LOOKED_AT = 4  # of the best, to find out whether a rendition of unknown size is their original

_WORD = re.compile("|".join(filter(None, SIZE_WORDS)), re.IGNORECASE)
# Origins that name the whole file of which the page shows a smaller rendition.
_WHOLE_FILE = re.compile(r"a@href|@data-(?:orig-file|large-file|(?:[\w-]*-)?(?:full|hi-?res|high-?res|zoom)\b)")


def ranked_variants(image: Image, settings: Choice) -> tuple[Sized, ...]:
    """Return the declared variants, each URL once: the best first, other frames of the picture last."""
    return tuple(sorted(sized_variants(image), key=lambda sized: _rank(sized, settings)))


def candidates(ranked: Sequence[Sized], settings: Choice) -> tuple[Candidate, ...]:
    """Return the *ranked* variants in the order in which to try them.

    First come variants that state no size but may be the original: they are where pages put the whole file, or are what
    rules make of a variant that states a size.
    """
    placed = [_candidate(sized, place, len(ranked), settings) for place, sized in enumerate(ranked)]
    originals = _originals(ranked)
    return tuple(sorted(placed, key=lambda candidate: candidate.url not in originals))


def vouchers(ranked: Sequence[Sized], settings: Choice) -> tuple[Candidate, ...]:
    """Return the *ranked* variants that show the whole frame, starting with the cheapest that is good for comparing."""
    whole = [(place, sized) for place, sized in enumerate(ranked) if not sized.is_crop]
    whole.sort(key=lambda entry: _cost(entry[1].width or 0))
    return tuple(_candidate(sized, place, len(ranked), settings) for place, sized in whole)


def best_declared(ranked: Sequence[Sized], settings: Choice) -> Best | None:
    """Return the best of the *ranked* variants by what is known before downloading, and why."""
    if not ranked:
        return None
    width = ranked[0].width
    return Best(url=ranked[0].variant.url, width=width, reason=reasons.of_place(width, 0, len(ranked), settings))


def _rank(sized: Sized, settings: Choice) -> tuple[float, ...]:
    by_type = _type_rank(sized.variant, settings)
    if sized.width is not None:
        return (sized.is_crop, 0, *_by_policy(sized.width, settings), by_type, sized.order)
    return (sized.is_crop, 1, -(sized.variant.density or 1.0), -_size_word(sized.variant.url), by_type, sized.order)


def _by_policy(width: int, settings: Choice) -> tuple[int, int]:
    name, _, number = settings.policy.partition(":")
    return (0, width) if name == "at-least" and width >= int(number) else (1, -width)


def _size_word(url: str) -> int:
    return max((SIZE_WORDS.index(word.lower()) for word in _WORD.findall(url)), default=SIZE_WORDS.index(""))


def _type_rank(variant: Variant, settings: Choice) -> int:
    return _positions(settings.prefer).get(_type(variant) or "", len(settings.prefer) + UNKNOWN_TYPE)


@lru_cache(maxsize=16)
def _positions(prefer: tuple[str, ...]) -> dict[str, int]:
    """Return the position of each type in the order of preference."""
    return {kind: place for place, kind in enumerate(dict.fromkeys((*prefer, *TYPES)))}


def _type(variant: Variant) -> str | None:
    if variant.type:
        return variant.type.partition(";")[0].strip().lower()
    extension = variant.url.partition("?")[0].rpartition("/")[2].rpartition(".")[2].lower()
    return f"image/{EXTENSIONS.get(extension, extension)}" if 2 < len(extension) < 5 else None


def _originals(ranked: Sequence[Sized]) -> set[str]:
    """Return the variants without a known size that may be the original."""
    unsized = [sized.variant for sized in ranked if sized.width is None and not sized.is_crop]
    if not unsized or len(unsized) == len(ranked):
        return set()
    larger = [sized for sized in ranked[:LOOKED_AT] if sized.width is not None]
    made = {derived.url for sized in larger for derived in derive(sized.variant.url)}
    return {variant.url for variant in unsized if variant.url in made or _WHOLE_FILE.search(variant.origin)}


def _cost(width: int) -> tuple[bool, int]:
    return (width < SERVES, abs(width - SERVES))


def _candidate(sized: Sized, place: int, count: int, settings: Choice) -> Candidate:
    return Candidate(
        url=sized.variant.url,
        width=sized.width,
        height=sized.height,
        type=_type(sized.variant),
        reason=reasons.of_place(sized.width, place, count, settings),
    )

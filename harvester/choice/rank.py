"""In which order an image's renditions are tried: the largest by real pixels first, among equals the preferred type."""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct

from harvester.choice import reasons
from harvester.config import Choice
from harvester.model import Best, Image, Variant
from harvester.renditions import claimed_size, derive
from harvester.steps import Candidate

# Among renditions of one width: first what loses nothing, then what most resembles a camera's file. WebP and AVIF of a
# news site are made by its CDN from the JPEG or PNG that stands beside them, so an archive takes the latter.
TYPES = (
    "image/png", "image/tiff", "image/jpeg", "image/gif", "image/heic", "image/jxl", "image/webp", "image/avif",
)  # fmt: skip
UNKNOWN_TYPE = TYPES.index("image/gif")
EXTENSIONS = {"jpg": "jpeg", "jpe": "jpeg", "tif": "tiff", "svg": "svg+xml"}
SAME_ASPECT = 0.04  # two frames are one when their ratios differ by less than this part: thumbnails round their height
PHONE = re.compile(r"max-(?:device-)?width:\s*(\d+)px|orientation:\s*portrait", re.IGNORECASE)
SERVES = 240  # px; a declared rendition this wide is enough to compare with
LOOKED_AT = 4  # of the best, to see whether a rendition of unknown size is their original
NARROW = 800  # px; a source for screens at most this wide is made for phones

# Words by which servers name sizes, smallest first; they only order what states no pixels.
SIZE_WORDS = (
    "icon",
    "thumb",
    "thumbnail",
    "square",
    "small",
    "teaser",
    "medium",
    "normal",
    "big",
    "large",
    "xlarge",
    "retina",
    "full",
    "original",
)
_WORD = re.compile("|".join(sorted(SIZE_WORDS, key=len, reverse=True)), re.IGNORECASE)


class Sized(Struct, frozen=True, kw_only=True):
    """A declared variant with the pixels that are known of it, and whether it shows another frame of the picture."""

    variant: Variant
    width: int | None
    height: int | None
    is_crop: bool = False
    order: int = 0

    @property
    def aspect(self) -> float | None:
        """Width over height, where both are known."""
        return self.width / self.height if self.width and self.height else None


def candidates(image: Image, settings: Choice) -> tuple[Candidate, ...]:
    """Give the declared renditions of *image* in the order in which to try them.

    First comes what states no size but is what rules make of a rendition that does: it may be the original.
    """
    ranked = ranked_variants(image, settings)
    hopeful = [sized for sized in ranked if sized.width is None and _is_reduced(sized, ranked)]
    ordered = [*hopeful, *(sized for sized in ranked if sized not in hopeful)]
    return tuple(_candidate(sized, ranked, settings) for sized in ordered)


def vouchers(image: Image, settings: Choice) -> tuple[Candidate, ...]:
    """Give the declared renditions that show the whole frame, the cheapest first that serves for a comparison."""
    whole = [sized for sized in ranked_variants(image, settings) if not sized.is_crop]
    ordered = sorted(whole, key=lambda sized: ((sized.width or 0) < SERVES, abs((sized.width or 0) - SERVES)))
    return tuple(_candidate(sized, tuple(whole), settings) for sized in ordered)


def best_declared(image: Image, settings: Choice) -> Best | None:
    """Say which of the declared variants is the best by what is known of them, and why."""
    ranked = ranked_variants(image, settings)
    if not ranked:
        return None
    first = ranked[0]
    return Best(url=first.variant.url, width=first.width, reason=_reason(first, ranked, settings))


def ranked_variants(image: Image, settings: Choice) -> tuple[Sized, ...]:
    """Order the declared variants: each URL once, the best first."""
    sized = _sized(image)
    return tuple(sorted(sized, key=lambda entry: _rank(entry, settings)))


def _rank(sized: Sized, settings: Choice) -> tuple[object, ...]:
    variant = sized.variant
    known = sized.width is not None
    return (
        sized.is_crop,
        *_by_policy(sized, settings),
        not known,
        -(variant.density or 1.0) if not known else 0.0,
        -_word(variant.url) if not known else 0,
        _type_rank(variant, settings),
        sized.order,
    )


def _by_policy(sized: Sized, settings: Choice) -> tuple[int, int]:
    width = sized.width or 0
    name, _, number = settings.policy.partition(":")
    if name == "at-least" and width >= int(number):
        return (0, width)
    return (1, -width)


def _word(url: str) -> int:
    return max((SIZE_WORDS.index(word.lower()) for word in _WORD.findall(url)), default=-1)


def _type_rank(variant: Variant, settings: Choice) -> int:
    kind = _type(variant)
    order = (*settings.prefer, *(t for t in TYPES if t not in settings.prefer))
    return order.index(kind) if kind in order else len(settings.prefer) + UNKNOWN_TYPE


def _type(variant: Variant) -> str | None:
    if variant.type:
        return variant.type.partition(";")[0].strip().lower()
    extension = variant.url.partition("?")[0].rpartition("/")[2].rpartition(".")[2].lower()
    return f"image/{EXTENSIONS.get(extension, extension)}" if 2 < len(extension) < 5 else None


def _sized(image: Image) -> list[Sized]:
    layout = _layout_width(image)
    known: dict[str, Sized] = {}
    for order, variant in enumerate(image.variants):
        sized = _measured(variant, layout, order)
        other = known.get(variant.url)
        if other is None:
            known[variant.url] = sized
        elif (sized.width or 0) > (other.width or 0):
            known[variant.url] = Sized(variant=variant, width=sized.width, height=sized.height, order=other.order)
    return _with_crops(list(known.values()))


def _measured(variant: Variant, layout: int | None, order: int) -> Sized:
    width, height = variant.width, variant.height
    if width is None or height is None:
        stated = claimed_size(variant.url)
        if width is None and height is None:
            width, height = stated
        elif width is None and height is not None and all(stated):
            width = round(height * stated[0] / stated[1])  # type: ignore[operator]
        elif width is not None and all(stated):
            height = round(width * stated[1] / stated[0])  # type: ignore[operator]
    if width is None and layout and variant.density:
        width = round(layout * variant.density)
    return Sized(variant=variant, width=width, height=height, order=order)


def _layout_width(image: Image) -> int | None:
    """The width at which the page shows the image: that of its plain rendition."""
    plain = (v.width for v in image.variants if v.width and v.density in (None, 1.0) and not v.media)
    return next(plain, None) if any(v.density for v in image.variants) else None


def _with_crops(sized: list[Sized]) -> list[Sized]:
    frame = _frame(sized)
    wide = any(not _is_for_phones(s.variant) for s in sized)
    return [
        Sized(variant=s.variant, width=s.width, height=s.height, order=s.order, is_crop=_is_crop(s, frame, wide))
        for s in sized
    ]


def _frame(sized: list[Sized]) -> float | None:
    """The aspect ratio that most of the variants have that are not made for phones."""
    aspects = [s.aspect for s in sized if s.aspect and not _is_for_phones(s.variant)]
    if not aspects:
        return None
    near = Counter({aspect: sum(_is_same(aspect, other) for other in aspects) for aspect in dict.fromkeys(aspects)})
    return near.most_common(1)[0][0]


def _is_crop(sized: Sized, frame: float | None, wide: bool) -> bool:
    if sized.aspect and frame:
        return not _is_same(sized.aspect, frame)
    return wide and _is_for_phones(sized.variant)


def _is_same(aspect: float, other: float) -> bool:
    return abs(aspect / other - 1) < SAME_ASPECT


def _is_for_phones(variant: Variant) -> bool:
    found = PHONE.search(variant.media or "")
    return bool(found) and (found[1] is None or int(found[1]) <= NARROW)  # type: ignore[index]


def _is_reduced(sized: Sized, ranked: tuple[Sized, ...]) -> bool:
    larger = (other for other in ranked[:LOOKED_AT] if other.width is not None)
    return any(derived.url == sized.variant.url for other in larger for derived in derive(other.variant.url))


def _candidate(sized: Sized, ranked: tuple[Sized, ...], settings: Choice) -> Candidate:
    return Candidate(
        url=sized.variant.url,
        width=sized.width,
        height=sized.height,
        type=_type(sized.variant),
        reason=_reason(sized, ranked, settings),
    )


def _reason(sized: Sized, ranked: tuple[Sized, ...], settings: Choice) -> str:
    return reasons.of_place(sized.width, ranked.index(sized), len(ranked), settings.policy)

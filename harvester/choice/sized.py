"""The known size of each declared variant, and which of them show another frame of the picture."""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct
from msgspec.structs import replace

from harvester.model import Image, Variant
from harvester.renditions import claimed_size

SAME_ASPECT = 0.04  # two frames are the same when their ratios differ by less than this: small heights are rounded
VOTES = 200  # variants whose ratio is counted; more would only repeat what these say
NARROW = 800  # px; a source for screens at most this wide is made for phones
_PHONE = re.compile(r"max-(?:device-)?width:\s*(\d{1,5})(?:\.\d+)?px|orientation:\s*portrait", re.IGNORECASE)


class Sized(Struct, frozen=True, kw_only=True):
    """A declared variant with its known size in pixels; *is_crop* says that it shows another frame than most do."""

    variant: Variant
    order: int
    width: int | None = None
    height: int | None = None
    is_crop: bool = False

    @property
    def aspect(self) -> float | None:
        """Width over height, where both are known."""
        return self.width / self.height if self.width and self.height else None


def sized_variants(image: Image) -> list[Sized]:
    """Return each declared URL once, in document order, with everything known about its size.

    Widths come from the page, else from the URL, else from the height and the ratio of the others, else from the
    density and the width at which the page shows the image.
    """
    stated = [_stated(variant, order) for order, variant in enumerate(image.variants)]
    frame = _frame(stated)
    layout = _layout_width(image)
    known: dict[str, Sized] = {}
    for sized in (_completed(sized, frame, layout) for sized in stated):
        other = known.setdefault(sized.variant.url, sized)
        if (sized.width or 0) > (other.width or 0):
            known[sized.variant.url] = replace(sized, order=other.order)
    return _with_crops(list(known.values()), frame)


def _stated(variant: Variant, order: int) -> Sized:
    """Return the size that the page states, completed by the one in the URL.

    The height in a URL says nothing about a variant whose width the page states, since all entries of a `srcset` show
    one frame and `M2040x1530` may be a box to fit into; between the sources of a `picture` it tells crops apart.
    """
    width, height = variant.width, variant.height
    if width is not None and (height is not None or not variant.media):
        return Sized(variant=variant, order=order, width=width, height=height)
    across, down = claimed_size(variant.url)
    if width is None and height is None:
        return Sized(variant=variant, order=order, width=across, height=down)
    if across and down:
        width = width or round((height or 0) * across / down)
        height = height or round(width * down / across)
    return Sized(variant=variant, order=order, width=width, height=height)


def _frame(sized: list[Sized]) -> float | None:
    """Return the aspect ratio that most variants share, leaving out those made for phones."""
    aspects = [one.aspect for one in sized[:VOTES] if one.aspect and not _is_for_phones(one.variant)]
    if not aspects:
        return None
    near = Counter({aspect: sum(_is_same(aspect, other) for other in aspects) for aspect in dict.fromkeys(aspects)})
    return near.most_common(1)[0][0]


def _layout_width(image: Image) -> int | None:
    """Return the width at which the page shows the image: that of its plain rendition."""
    if not any(variant.density for variant in image.variants):
        return None
    return next((v.width for v in image.variants if v.width and v.density in (None, 1.0) and not v.media), None)


def _completed(sized: Sized, frame: float | None, layout: int | None) -> Sized:
    if sized.width is not None:
        return sized
    if sized.height is not None and frame:
        return replace(sized, width=round(sized.height * frame))
    if sized.variant.density and layout:
        return replace(sized, width=round(layout * sized.variant.density))
    return sized


def _with_crops(sized: list[Sized], frame: float | None) -> list[Sized]:
    has_wide = any(not _is_for_phones(one.variant) for one in sized)
    return [replace(one, is_crop=True) if _is_crop(one, frame, has_wide) else one for one in sized]


def _is_crop(sized: Sized, frame: float | None, has_wide: bool) -> bool:
    if sized.aspect and frame:
        return not _is_same(sized.aspect, frame)
    return has_wide and _is_for_phones(sized.variant)


def _is_same(aspect: float, other: float) -> bool:
    return abs(aspect / other - 1) < SAME_ASPECT


def _is_for_phones(variant: Variant) -> bool:
    found = _PHONE.search(variant.media) if variant.media else None
    return found is not None and (found[1] is None or int(found[1]) <= NARROW)

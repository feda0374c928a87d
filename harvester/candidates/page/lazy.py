"""Attributes in which scripts find the picture that they load later, as data.

Besides these, any `data-*` attribute counts whose value looks like an image URL or a srcset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache


def names_in(text: str) -> frozenset[str]:
    """Return the set of names in a text that lists them."""
    return frozenset(text.split())


# The value of these is a URL or a srcset, whatever it looks like.
CERTAIN = names_in(
    "data-src data-srcset data-srcs data-lazy data-lazy-src data-lazy-srcset data-lazyload data-lazyload-src "
    "data-lazy-load data-lazyimage-src data-lazyimage-srcset "
    "data-original data-original-set data-original-src data-orig-src "
    "data-origin-src data-orig-file data-large-file data-medium-file data-hi-res-src data-high-res-src data-highres "
    "data-full-src data-src-full data-large-src data-src-large data-src-medium data-src-retina data-real-src "
    "data-actualsrc data-actual-src data-echo data-artsrc data-bgset data-nsrc data-aload data-zoom-src data-image-src "
    "data-image-url data-img-src data-img-url data-imgsrc data-mediaviewer-src data-flickity-lazyload "
    "data-flickity-lazyload-src data-flickity-lazyload-srcset data-ezsrc data-ezsrcset data-cfsrc data-cfsrcset "
    "data-pagespeed-lazy-src data-litespeed-src data-opt-src data-opt-lazy-src data-runner-src data-td-src data-li-src "
    "data-delayed-url data-delayed-src data-defer-src data-deferred-src data-deferred-srcset "
    "data-wpfc-original-src data-wpfc-original-srcset nitro-lazy-src nitro-lazy-srcset lazy-src lazy-srcset lazysrc "
    "lazyload datasrc datasrcset data_src original-src real_src realsrc rel:bf_image_src loading-src"
)
# Attributes outside `data-*` whose value may be anything: what it looks like decides.
BY_SHAPE = names_in("file image-src image-url img-src itemid")
NEVER = names_in("data-sizes data-widths data-srcset-sizes")
# Names of attributes that hold another picture, or what to show when there is none.
_ANOTHER = re.compile(
    r"author|avatar|logo|icon|hover|over$|error|fallback|default|placehold|blank|spacer|loader|spinner|next|prev|poster"
    r"|sprite|flag|badge|brand|profile|low-?(?:res|quality|src)|lqip|blur|tiny|alt-?(?:src|image)|second|back$",
    re.IGNORECASE,
)


def later(attributes: Mapping[str, str | None]) -> Iterator[tuple[str, str, bool]]:
    """Yield the attributes of an element that may hold its picture: name, value, and whether that is certain."""
    for name, value in attributes.items():
        if not value or len(value) < 4:
            continue
        if name in CERTAIN:
            yield name, value, True
        elif (name in BY_SHAPE or (name.startswith("data-") and name not in NEVER)) and not names_another(name):
            yield name, value, False


@lru_cache(maxsize=1024)
def names_another(name: str) -> bool:
    """Return whether the name of an attribute or property says that it holds another picture than the one shown."""
    return bool(_ANOTHER.search(name))

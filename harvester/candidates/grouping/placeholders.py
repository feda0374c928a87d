"""A placeholder, shown until the picture has loaded, never becomes one of the picture's renditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from harvester.candidates.page.image_urls import holds_a_place, is_blurred
from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.model import Variant
from harvester.renditions import asset_key

PLACEHOLDER = "placeholder"


def apart(index: PageIndex, occurrence: Occurrence) -> Iterator[Occurrence]:
    """Yield *occurrence* without its placeholder, and the placeholder as an occurrence of its own; nothing if empty.

    A placeholder beside a list of renditions is dropped: it is not worth reporting.
    """
    found = _placeholders(index, occurrence)
    kept = tuple(variant for variant in occurrence.variants if variant not in found) if found else occurrence.variants
    if kept:
        only = len(kept) == 1 and not kept[0].density and holds_a_place(kept[0].url)
        yield replace(occurrence, variants=kept, about=PLACEHOLDER if only else occurrence.about)
    if found and not any(variant.density or "srcset" in variant.origin for variant in kept):
        yield replace(occurrence, variants=(next(iter(found)),), about=PLACEHOLDER, joined=())


def _placeholders(index: PageIndex, occurrence: Occurrence) -> dict[Variant, None]:
    """Return those plain sources of the element that are only placeholders for what loads later."""
    plain = [variant for variant in occurrence.variants if _is_plain(variant)]
    addresses = dict.fromkeys(variant.url for variant in occurrence.variants if variant.origin != "a@href")
    waiting = [variant for variant in plain if _is_placeholder(index, variant.url)] if len(addresses) > 1 else []
    if not waiting:
        return {}
    all_blurred = all(map(is_blurred, addresses))
    shown = Counter(map(asset_key, addresses))
    return dict.fromkeys(
        variant
        for variant in waiting
        if (not all_blurred if is_blurred(variant.url) else shown[asset_key(variant.url)] == 1)
    )


def _is_plain(variant: Variant) -> bool:
    return variant.origin.endswith("@src") and not variant.origin.startswith(("noscript", "source"))


def _is_placeholder(index: PageIndex, url: str) -> bool:
    return is_blurred(url) or holds_a_place(url, beside_another=True) or index.is_shared(url)

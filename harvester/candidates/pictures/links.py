"""A thumbnail that links to its full file has that file as a further rendition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec.structs import replace

from harvester.candidates.page.image_urls import is_image_file
from harvester.candidates.page.occurrence import Occurrence
from harvester.model import Variant
from harvester.renditions import asset_key

REASON = "the link around it leads to the file"


def with_linked_files(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Add the linked file to each thumbnail, if no other thumbnail has that link or their asset keys agree."""
    found = list(occurrences)
    linked = Counter(occurrence.link for occurrence in found if occurrence.link and not occurrence.in_noscript)
    return [
        _with_file(occurrence, occurrence.link, linked[occurrence.link]) if occurrence.link else occurrence
        for occurrence in found
    ]


def _with_file(occurrence: Occurrence, link: str, count: int) -> Occurrence:
    if not occurrence.variants or not is_image_file(link):
        return occurrence
    if count > 1 and asset_key(link) not in {asset_key(variant.url) for variant in occurrence.variants}:
        return occurrence
    file = Variant(url=link, origin="a@href")
    return replace(occurrence, variants=(*occurrence.variants, file), joined=(*occurrence.joined, REASON))

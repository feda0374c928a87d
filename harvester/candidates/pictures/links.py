"""A thumbnail that is linked to its file has that file as a further rendition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec.structs import replace

from harvester.candidates.page.image_urls import is_image_file
from harvester.candidates.page.occurrence import Occurrence
from harvester.model import Variant
from harvester.renditions import asset_key

REASON = "the link around it leads to the file"


def with_linked_files(places: Iterable[Occurrence]) -> list[Occurrence]:
    """Add the full file to each thumbnail: where it is the only one with that link, or the key is the same."""
    found = list(places)
    linked = Counter(place.link for place in found if place.link and not place.in_noscript)
    return [_with_file(place, place.link, linked[place.link]) if place.link else place for place in found]


def _with_file(place: Occurrence, link: str, count: int) -> Occurrence:
    if not place.variants or not is_image_file(link):
        return place
    if count > 1 and asset_key(link) not in {asset_key(variant.url) for variant in place.variants}:
        return place
    file = Variant(url=link, origin="a@href")
    return replace(place, variants=(*place.variants, file), joined=(*place.joined, REASON))

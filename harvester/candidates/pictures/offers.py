"""Pictures that come with the lead: a feed's enclosures and media, known before the page is opened."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.candidates.page.image_urls import looks_like_image
from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.candidates.pictures.declared import address
from harvester.model import Variant
from harvester.steps import Offer


def offered(index: PageIndex) -> Iterator[Occurrence]:
    """Yield the pictures among the offers of the lead; they come before everything on the page."""
    for offer in index.offers:
        url = address(index, offer.url) if _is_picture(offer) else None
        if url:
            variant = Variant(
                url=url, width=offer.width, height=offer.height, type=_specific_type(offer.type), origin="offer"
            )
            yield Occurrence(
                kind="offer",
                number=-1,
                origin="offer",
                variants=(variant,),
                caption=offer.title,
                credit=offer.credit,
            )


def _is_picture(offer: Offer) -> bool:
    if offer.type:
        return offer.type.lower().startswith("image/")
    return looks_like_image(offer.url)


def _specific_type(kind: str | None) -> str | None:
    """Return a MIME type unless it is a wildcard such as `image/*`."""
    return None if kind is None or kind.endswith("/*") else kind

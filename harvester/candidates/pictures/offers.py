"""Pictures that the lead brings along: a feed's enclosures and media, known before the page is opened."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.candidates.page.image_urls import looks_like_image
from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.candidates.pictures.declared import address
from harvester.model import Variant
from harvester.steps import Offer


def offered(index: PageIndex) -> Iterator[Occurrence]:
    """Yield the pictures among the offers of the lead; they stand before the page."""
    for offer in index.offers:
        url = address(index, offer.url) if _is_picture(offer) else None
        if url:
            variant = Variant(url=url, width=offer.width, height=offer.height, type=_known(offer.type), origin="offer")
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


def _known(kind: str | None) -> str | None:
    """Return a type unless it leaves open which: `image/*`."""
    return None if kind is None or kind.endswith("/*") else kind

"""The pictures and videos that a feed's entry offers: enclosures, media:content and its thumbnails.

Source: https://www.rssboard.org/media-rss
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harvester import urls
from harvester.steps import Offer

ANY_PICTURE = "image/*"
"""The type of an offer that is known to be a picture, but not of which format."""


def offers_of(entry: Any, base: str) -> Iterator[Offer]:
    """Yield what *entry*, as parsed by feedparser, offers: every address once, the widest first."""
    found = {offer.url: offer for offer in sorted(_all(entry, base), key=lambda offer: offer.width or 0)}
    yield from reversed(found.values())


def _all(entry: Any, base: str) -> Iterator[Offer]:
    for thumbnail in entry.get("media_thumbnail", ()):
        yield from _offer(thumbnail.get("url"), base, ANY_PICTURE, thumbnail, entry)
    for link in entry.get("links", ()):
        if link.get("rel") == "enclosure":
            yield from _offer(link.get("href"), base, link.get("type"), {}, entry)
    if image := entry.get("image"):
        yield from _offer(image.get("href"), base, ANY_PICTURE, {}, entry)
    for content in entry.get("media_content", ()):
        kind = content.get("type") or (ANY_PICTURE if content.get("medium") == "image" else None)
        yield from _offer(content.get("url"), base, kind, content, entry)


def _offer(stated: Any, base: str, kind: str | None, sizes: Any, entry: Any) -> Iterator[Offer]:
    url = urls.resolve_web(str(stated or "").strip(), base)
    if url:
        yield Offer(
            url=url,
            type=kind,
            width=_pixels(sizes.get("width")),
            height=_pixels(sizes.get("height")),
            credit=next(
                (str(credit["content"]) for credit in entry.get("media_credit", ()) if credit.get("content")), None
            ),
        )


def _pixels(stated: Any) -> int | None:
    text = str(stated or "").strip()
    return int(text) if text.isdecimal() and len(text) < 6 and int(text) > 0 else None

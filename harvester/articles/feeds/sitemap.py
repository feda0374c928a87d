"""Sitemaps: lists of pages with news, image and video extensions, and lists of sitemaps.

Sources: https://www.sitemaps.org/protocol.html, and the extensions at
https://developers.google.com/search/docs/crawling-indexing/sitemaps
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from harvester import urls
from harvester.articles.feeds.media import ANY_PICTURE
from harvester.articles.feeds.xml_stream import Element, elements
from harvester.articles.metadata.dates import first_date
from harvester.model import Source
from harvester.steps import Lead, Offer

_MOST_PICTURES = 1_000  # per page; the limit of the extension itself
_LONGEST_LINE = 65_536  # bytes
_FIELDS = {
    "url loc",
    "url lastmod",
    "sitemap loc",
    "sitemap lastmod",
    "news title",
    "news publication_date",
    "video publication_date",
    "publication language",
}
_OFFERS = {("image", "loc"): ANY_PICTURE, ("video", "content_loc"): "video/*"}
_LINE = re.compile(r"\s*(?:sitemap\s*:\s*)?(https?://\S+)\s*", re.IGNORECASE)


class Nested(Struct, frozen=True, kw_only=True):
    """A sitemap that a sitemap or robots.txt names. *modified* is ISO 8601."""

    url: str
    modified: str | None = None


def entries(chunks: Iterable[bytes], source: Source, base: str | None) -> Iterator[Lead | Nested]:
    """Yield the pages and nested sitemaps of a sitemap as they come; raises SourceError where it is broken."""
    fields: dict[str, str] = {}
    offers: list[Offer] = []
    for element in elements(chunks, source.given):
        if element.name == "url" and (url := urls.resolve_web(fields.get("url loc", ""), base)):
            yield _lead(url, fields, offers, source)
        if element.name == "sitemap" and (url := urls.resolve_web(fields.get("sitemap loc", ""), base)):
            yield Nested(url=url, modified=first_date([fields.get("sitemap lastmod")]))
        if element.name in ("url", "sitemap"):
            fields, offers = {}, []
        elif element.text:
            field = f"{element.parent} {element.name}"
            if field in _FIELDS:
                fields.setdefault(field, element.text)
            offers.extend(_offer(element, base) if len(offers) < _MOST_PICTURES else ())


def lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield the addresses of a sitemap in plain text, or those of the sitemaps that a robots.txt names."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from _addresses(whole)
        rest = rest[-_LONGEST_LINE:]
    yield from _addresses([rest])


def _addresses(raw: Iterable[bytes]) -> Iterator[str]:
    for line in raw:
        found = _LINE.fullmatch(line.decode("utf-8-sig", "replace"))
        url = urls.resolve_web(found[1]) if found else None
        if url:
            yield url


def _lead(url: str, fields: dict[str, str], offers: list[Offer], source: Source) -> Lead:
    return Lead(
        source=source,
        url=url,
        title=fields.get("news title"),
        published=first_date([fields.get("news publication_date"), fields.get("video publication_date")]),
        modified=first_date([fields.get("url lastmod")]),
        language=fields.get("publication language"),
        offers=tuple(offers),
    )


def _offer(element: Element, base: str | None) -> Iterator[Offer]:
    kind = _OFFERS.get((element.parent, element.name))
    url = urls.resolve_web(element.text, base) if kind else None
    if url:
        yield Offer(url=url, type=kind)

"""An entry of a feed, in whatever format, as a lead."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from msgspec import Struct

from harvester import urls
from harvester.articles.metadata.dates import first_date
from harvester.articles.sources.reader import Reach
from harvester.markup import attributes, parse, text_of
from harvester.model import Source
from harvester.steps import Lead, Offer

_TINY = ("0", "1", "2")  # width or height in pixels of a tracking picture


class Entry(Struct, frozen=True, kw_only=True):
    """What a feed says about one article. *title* and *description* are plain text, *body* is HTML, dates as written.

    *base* is what the addresses in the body are relative to, null if that is *url*.
    """

    url: str
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    description: str | None = None
    language: str | None = None
    body: str | None = None
    base: str | None = None
    offers: tuple[Offer, ...] = ()


def entry_lead(entry: Entry, source: Source, reach: Reach) -> Lead:
    """Return the lead of an entry; its body is the article if *reach* says `fetch = "item"`.

    Otherwise the page is opened, and the body's pictures are offered in addition to those of the page.
    """
    item = reach.fetch == "item" and entry.body is not None
    base = entry.base or entry.url
    pictures = () if item or entry.body is None else tuple(_pictures(entry.body, base))
    return Lead(
        source=source,
        url=entry.url,
        base_url=base,
        title=entry.title,
        published=first_date([entry.published]),
        modified=first_date([entry.modified]),
        authors=entry.authors,
        description=entry.description,
        language=entry.language,
        body=entry.body,
        digest=_digest(entry) if item else None,
        fetch="item" if item else "page",
        offers=(*entry.offers, *pictures),
    )


def plain(markup: object) -> str | None:
    """Return the text of some HTML in one line, or None if there is none."""
    text = str(markup or "")
    if "<" in text or "&" in text:
        text = text_of(parse(text, "https://unknown.invalid/").root)
    return " ".join(text.split()) or None


def _pictures(body: str, base: str) -> Iterator[Offer]:
    if "<img" not in body.lower():
        return
    for node in parse(body, base).css("img[src]"):
        given = attributes(node)
        url = urls.resolve_web(given.get("src", "").strip(), base)
        if url and not {given.get("width"), given.get("height")} & set(_TINY):
            yield Offer(url=url, type="image/*")


def _digest(entry: Entry) -> str:
    """Return a digest of everything an entry carries, so that a changed entry is noticed."""
    carried = (entry.title, entry.modified, entry.body, *(offer.url for offer in entry.offers))
    return hashlib.sha256("\n".join(map(str, carried)).encode()).hexdigest()

"""An entry of a feed, whatever it was written in, as a lead."""

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

_TINY = ("0", "1", "2")  # the pixels of a picture that only counts its readers


class Entry(Struct, frozen=True, kw_only=True):
    """What a feed says of one article. *title* and *description* are plain text, *body* is HTML, dates as written.

    *base* is what the addresses in the body are relative to, null where that is *url*.
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
    """Return the lead of an entry; its body is the article where *reach* says `fetch = "item"`.

    Where the page is opened, the body's pictures are offered beside those of the page.
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
    """Return the text of some HTML in one line, or None where there is none."""
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
    """Name all that an entry carries, so that a changed one is noticed."""
    carried = (entry.title, entry.modified, entry.body, *(offer.url for offer in entry.offers))
    return hashlib.sha256("\n".join(map(str, carried)).encode()).hexdigest()

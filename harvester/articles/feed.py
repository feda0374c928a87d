"""Feeds in XML: RSS 0.9 to 2.0, RDF and Atom, as broken as they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from harvester import urls
from harvester.articles.entries import Entry, entry_lead, plain
from harvester.articles.feed_media import offers_of
from harvester.articles.reading import Reach
from harvester.articles.xml_safety import check_names, harmless, without_half_letters
from harvester.errors import SourceError
from harvester.markup import decode
from harvester.model import Source
from harvester.steps import Lead

LARGEST = 20_000_000
"""Bytes of a feed; feedparser reads it as a whole."""


def leads(raw: bytes, source: Source, reach: Reach, *, url: str | None, content_type: str | None) -> list[Lead]:
    """Give a lead for every entry that names its article; raises SourceError for what is no feed.

    Relative links start at *url*; those of a file must be absolute.
    """
    if len(raw) > LARGEST:
        raise SourceError(f"{source.given}: larger than {LARGEST:,} bytes, which no feed is", code="too_large")
    text, _ = decode(raw, content_type)
    text = without_half_letters(harmless(text, source.given))
    check_names(text, source.given)
    parsed = _parsed(text, url, source.given)
    if not parsed.get("version") and not parsed.entries:
        why = parsed.get("bozo_exception")
        raise SourceError(f"{source.given}: no feed can be read ({why or 'nothing in it is known'})", code="broken")
    return [entry_lead(entry, source, reach) for entry in _entries(parsed, url)]


def _parsed(text: str, url: str | None, given: str) -> Any:
    import feedparser  # costs .04 s, which a page need not pay

    headers = {"content-type": "application/xml; charset=utf-8", **({"content-location": url} if url else {})}
    try:
        # As a stream, for of plain bytes feedparser tries first whether they are the name of a file.
        return feedparser.parse(BytesIO(text.encode()), response_headers=headers, sanitize_html=False)
    except Exception as error:  # the fence: feedparser raises anything at what it did not foresee
        raise SourceError(f"{given}: no feed can be read ({type(error).__name__})", code="broken") from error


def _entries(parsed: Any, url: str | None) -> Iterator[Entry]:
    language = parsed.feed.get("language")
    for entry in parsed.entries:
        address = _address(entry, url)
        if address is None:
            continue
        body = _body(entry)
        summary = str(entry.get("summary") or "")
        yield Entry(
            url=address,
            title=plain(entry.get("title")),
            published=entry.get("published"),
            # `get` alone would give the date of publication in place of one that is missing.
            modified=entry.get("updated") if "updated" in entry else None,
            authors=tuple(_authors(entry)),
            description=plain(summary) if summary != body or len(summary) < 1000 else None,
            language=_language(entry) or language,
            body=body,
            offers=tuple(offers_of(entry, address)),
        )


def _address(entry: Any, base: str | None) -> str | None:
    """Give where an entry leads: behind a counting redirect if it says so, else its link, else an id that is one.

    A link to nowhere (`#`) leads to the feed, and a number that names an entry to no page of the site.
    """
    alternates = [link.get("href") for link in entry.get("links", ()) if link.get("rel") == "alternate"]
    links = (entry.get("feedburner_origlink"), *alternates, entry.get("link"))
    named = str(entry.get("id") or "").strip()
    addresses = [urls.resolve_web(str(text).strip(), base) for text in links if text]
    addresses += [urls.resolve_web(named)] if urls.is_web(named) else []
    feed = base and urls.canonical(base)
    return next((url for url in addresses if url and urls.canonical(url) != feed), None)


def _body(entry: Any) -> str | None:
    """Give the longest of an entry's contents in HTML, else its summary."""
    texts = [str(part.get("value") or "") for part in entry.get("content", ()) if "html" in part.get("type", "html")]
    return max(texts, key=len, default="") or str(entry.get("summary") or "") or None


def _authors(entry: Any) -> Iterable[str]:
    names = [author.get("name") for author in entry.get("authors", ())] or [entry.get("author")]
    return (name for name in names if name)


def _language(entry: Any) -> str | None:
    found = entry.get("language") or next((part.get("language") for part in entry.get("content", ())), None)
    return str(found) if found else None

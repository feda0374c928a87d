"""Feeds in XML: RSS 0.9 to 2.0, RDF and Atom, however broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from harvester import urls
from harvester.articles.feeds.entry import Entry, entry_lead, plain
from harvester.articles.feeds.feed_pieces import MOST_ENTRIES, MOST_MARKS, Piece, frame_of, pieces_of
from harvester.articles.feeds.media import offers_of
from harvester.articles.feeds.xml_safety import check_names, harmless, without_half_letters
from harvester.articles.sources.reader import Reach
from harvester.errors import SourceError
from harvester.markup import decode
from harvester.model import Source
from harvester.steps import Lead

LARGEST = 20_000_000
"""Bytes of a feed, which is in memory as a whole."""

_BATCH = 65_536  # letters given to feedparser at once


def leads(
    raw: bytes, source: Source, reach: Reach, *, url: str | None, content_type: str | None
) -> Iterator[Lead | SourceError]:
    """Yield a lead for every entry that names its article, and an error for each part that is too large to be read.

    Relative links are resolved against *url*; those in a file must be absolute. Raises SourceError if it is not a feed.
    """
    if len(raw) > LARGEST:
        raise SourceError(f"{source.given}: larger than {LARGEST:,} bytes, too large for a feed", code="too_large")
    text, _ = decode(raw, content_type)
    text = without_half_letters(harmless(text, source.given))
    check_names(text, source.given)
    frame = frame_of(text, source.given)
    about = _feedparsed(frame.shell, url, source.given)
    known, count = bool(about.get("version")), 0
    for pieces in _batches(text):
        if isinstance(pieces, str):
            yield SourceError(f"{source.given}: {pieces}; the rest is not read", code="too_large")
            return
        parsed = _feedparsed(frame.around(pieces), url, source.given)
        known, count = known or bool(parsed.get("version")), count + len(parsed.entries)
        for entry in _entries(parsed.entries, about.feed.get("language") or parsed.feed.get("language"), url):
            yield entry_lead(entry, source, reach)
        yield from (_left_out_error(piece, source.given) for piece in pieces if piece.left_out)
    if not known and not count:
        why = about.get("bozo_exception")
        raise SourceError(
            f"{source.given}: cannot be read as a feed ({why or 'it has no known elements'})", code="broken"
        )


def _batches(text: str) -> Iterator[list[Piece] | str]:
    """Yield the entries a few at a time, and at the end, if there are too many, a phrase that says so."""
    batch: list[Piece] = []
    size = marks = 0
    for number, piece in enumerate(pieces_of(text)):
        marks += piece.marks
        if number == MOST_ENTRIES or marks > MOST_MARKS:
            yield batch
            yield f"more than {MOST_ENTRIES:,} entries, or {MOST_MARKS:,} tags in them"
            return
        batch.append(piece)
        size += len(piece.text)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    yield batch


def _left_out_error(piece: Piece, given: str) -> SourceError:
    start = " ".join(re.sub(r"<[^<>]*>", " ", piece.text[:2000]).split())
    what = ", ".join(piece.left_out)
    return SourceError(f"{given}: the entry {urls.printable(start, 80)!r}: {what} is not read", code="too_large")


def _feedparsed(text: str, url: str | None, given: str) -> Any:
    import feedparser  # takes 0.04 s, which a page should not cost

    headers = {"content-type": "application/xml; charset=utf-8", **({"content-location": url} if url else {})}
    try:
        # As a stream: feedparser would first try plain bytes as a file name. Addresses in texts are resolved when the
        # texts are read: feedparser would parse each of them once more.
        return feedparser.parse(
            BytesIO(text.encode()), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # the fence: feedparser raises anything when it meets the unforeseen
        raise SourceError(f"{given}: cannot be read as a feed ({type(error).__name__})", code="broken") from error


def _entries(entries: Iterable[Any], language: str | None, url: str | None) -> Iterator[Entry]:
    feed = url and urls.canonical(url)
    for entry in map(dict, entries):  # feedparser's own look-up takes a third of the time
        address = _address(entry, url, feed)
        if address is None:
            continue
        body, base = _body(entry)
        summary = str(entry.get("summary") or "")
        yield Entry(
            url=address,
            title=plain(entry.get("title")),
            published=entry.get("published"),
            # `get` alone would return the publication date if this one is missing.
            modified=entry.get("updated") if "updated" in entry else None,
            authors=tuple(_authors(entry)),
            description=plain(summary) if summary != body or len(summary) < 1000 else None,
            language=_language(entry) or language,
            body=body,
            base=urls.resolve_web(base) if base else None,
            offers=tuple(offers_of(entry, address)),
        )


def _address(entry: Any, base: str | None, feed: str | None) -> str | None:
    """Return where an entry leads: behind a counting redirect if it says so, else its link, else an id that is one.

    A link to nowhere (`#`) resolves to the feed itself and is skipped; an id that is only a number is not an address.
    """
    alternates = [link.get("href") for link in entry.get("links", ()) if link.get("rel") == "alternate"]
    links = (entry.get("feedburner_origlink"), *alternates, entry.get("link"))
    named = str(entry.get("id") or "").strip()
    addresses = [urls.resolve_web(str(text).strip(), base) for text in links if text]
    addresses += [urls.resolve_web(named)] if urls.is_web(named) else []
    return next((url for url in addresses if url and (feed is None or urls.canonical(url) != feed)), None)


def _body(entry: Any) -> tuple[str | None, str | None]:
    """Return the longest of an entry's HTML contents, else its summary, and what its addresses are relative to."""
    parts = [part for part in entry.get("content", ()) if "html" in part.get("type", "html")]
    longest = max(parts, key=lambda part: len(part.get("value") or ""), default=None)
    if longest is not None and longest.get("value"):
        return str(longest["value"]), longest.get("base")
    return str(entry.get("summary") or "") or None, entry.get("summary_detail", {}).get("base")


def _authors(entry: Any) -> Iterable[str]:
    names = [author.get("name") for author in entry.get("authors", ())] or [entry.get("author")]
    return (name for name in names if name)


def _language(entry: Any) -> str | None:
    found = entry.get("language") or next((part.get("language") for part in entry.get("content", ())), None)
    return str(found) if found else None

"""Documents that list articles: feeds, sitemaps, OPML. The content decides which of them a document is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import aclosing
from datetime import datetime
from itertools import islice

from msgspec.structs import replace

from harvester import urls
from harvester.articles.feeds import json_feed, opml, sitemap
from harvester.articles.feeds import xml_feed as feed
from harvester.articles.feeds.content import Content, content_of
from harvester.articles.feeds.discovery import announced_feed
from harvester.articles.sources.age import is_older
from harvester.articles.sources.reader import Breath, Leads, Reach, Reading
from harvester.articles.sources.recognise import Recognised
from harvester.articles.sources.sniff import shape_of, text_of_head
from harvester.errors import SourceError
from harvester.model import Source, SourceKind
from harvester.steps import Lead
from harvester.workers import Doing

MOST_NESTED = 4
"""How deep lists may be nested: a sitemap in a sitemap, a feed that a page announces."""


_HANDFUL = 100  # entries of a feed read at once


async def listing(source: Recognised, reading: Reading, within: tuple[str, ...] = ()) -> Leads:
    """Yield the leads of a feed, sitemap, OPML file or robots.txt, and its failure as a SourceError.

    An address that only looked like a list is read as a page. A page that the user calls a feed is searched for the
    feed it announces; a front page called a sitemap is replaced by the site's robots.txt.
    """
    try:
        async with content_of(_resolved(source), reading) as content:
            shape = shape_of(text_of_head(content.head()))
            read = _READ.get(shape, _other) if shape else _other
            async with aclosing(read(content, source, reading, within)) as leads:
                async for lead in leads:
                    yield lead
    except SourceError as error:
        yield error


def _resolved(source: Recognised) -> Recognised:
    """Replace a site's front page by its robots.txt, which names its sitemaps."""
    if source.kind == "sitemap" and source.path is None and urls.is_root(source.given):
        return replace(source, given=f"{urls.origin(source.given)}/robots.txt")
    return source


async def _feed(content: Content, source: Recognised, reading: Reading, within: tuple[str, ...]) -> Leads:
    """Yield the leads of a feed, read a few at a time: in between, a run can be told to stop."""
    found = _entries_of(content, _source("feed", source), reading.reach)
    read = Doing(f"reading {urls.legible(content.name)}", _handful)
    while some := await asyncio.to_thread(read, found):
        for lead in some:
            yield lead


def _handful(found: Iterator[Lead | SourceError]) -> list[Lead | SourceError]:
    return list(islice(found, _HANDFUL))


def _entries_of(content: Content, source: Source, reach: Reach) -> Iterator[Lead | SourceError]:
    raw = content.whole()
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield from json_feed.leads(raw, source, reach, url=content.url)
    else:
        yield from feed.leads(raw, source, reach, url=content.url, content_type=content.type)


async def _sitemap(content: Content, source: Recognised, reading: Reading, within: tuple[str, ...]) -> Leads:
    if not text_of_head(content.head()).lstrip().startswith("<"):
        for url in sitemap.lines(content.chunks()):
            async for lead in _inner("sitemap", url, reading, (*within, source.given)):
                yield lead
        return
    breath = Breath()
    for entry in sitemap.entries(content.chunks(), _source("sitemap", source), content.url):
        await breath.drawn()
        if isinstance(entry, Lead):
            yield entry
        elif not _is_past(entry.modified, reading.oldest):
            async for lead in _inner("sitemap", entry.url, reading, (*within, source.given)):
                yield lead


async def _opml(content: Content, source: Recognised, reading: Reading, within: tuple[str, ...]) -> Leads:
    """Yield the leads of the feeds in an OPML list; a list on disk is the user's, and so are the passwords in it."""
    for url, stated in opml.feeds(content.chunks(), source.given):
        if source.path is not None and reading.web is not None:
            reading.web.log_in(stated)
        async for lead in _inner("feed", url, reading, (*within, source.given)):
            yield lead


async def _other(content: Content, source: Recognised, reading: Reading, within: tuple[str, ...]) -> Leads:
    """Read a document of no known shape: a page, or a sitemap in plain text."""
    if reading.kind is None and source.path is None and not within:
        yield Lead(source=_source("page", source), url=urls.resolve_web(source.given))
    elif source.kind == "sitemap":
        named = False
        for url in sitemap.lines(content.chunks()):
            named = True
            yield Lead(source=_source("sitemap", source), url=url)
        if not named and content.head().strip():
            raise SourceError(f"{content.name}: not a sitemap, and no line of it is an address", code="no_sitemap")
    else:
        address = await asyncio.to_thread(_announced, content, source)
        if address is None or within:
            raise SourceError(f"{content.name}: not a feed, and it announces none", code="no_feed")
        async for lead in _inner("feed", address, reading, (source.given,)):
            yield lead


def _announced(content: Content, source: Recognised) -> str | None:
    return announced_feed(content.whole(), content.type, content.url or source.given)


async def _inner(kind: SourceKind, url: str, reading: Reading, within: tuple[str, ...]) -> Leads:
    if url in within or len(within) >= MOST_NESTED:
        yield SourceError(f"{urls.legible(url)}: leads back to itself or too deep; not read", code="nested")
        return
    if url in reading.read:
        return
    reading.read.add(url)
    async for lead in listing(Recognised(kind=kind, given=url), reading, within):
        yield lead


def _is_past(modified: str | None, oldest: datetime | None) -> bool:
    return oldest is not None and modified is not None and is_older(modified, oldest)


def _source(kind: SourceKind, source: Recognised) -> Source:
    return Source(kind=kind, given=source.given)


_READ: dict[SourceKind, Callable[[Content, Recognised, Reading, tuple[str, ...]], Leads]] = {
    "feed": _feed,
    "sitemap": _sitemap,
    "opml": _opml,
}

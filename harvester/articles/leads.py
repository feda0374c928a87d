"""From sources to leads: every kind of source has a reader, and every reader streams."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from harvester import urls
from harvester.articles.feeds.listing import listing
from harvester.articles.sources import saved_item as item
from harvester.articles.sources import saved_page
from harvester.articles.sources.age import is_too_old
from harvester.articles.sources.archive import Archive
from harvester.articles.sources.crawl import crawl
from harvester.articles.sources.filters import lead_filter
from harvester.articles.sources.line_reader import LONGEST, lines_of
from harvester.articles.sources.reader import Breath, Feeds, Leads, Reach, Reader, Reading
from harvester.articles.sources.recognise import Recognised, is_text, recognise
from harvester.articles.sources.warc import warc
from harvester.errors import SourceError, UsageError
from harvester.model import Source, SourceKind
from harvester.steps import Lead
from harvester.web import Web
from harvester.web.network.transport import Transport

MOST_NESTED = 5
"""How deep lists and folders may be nested."""

LARGEST = 100_000_000
"""Bytes of a saved page or item."""


async def read_leads(
    sources: Sequence[str],
    *,
    kind: SourceKind | None = None,
    base_url: str | None = None,
    web: Web | None = None,
    stdin: int = 0,
    reach: Reach = Reach(),  # noqa: B008 - a frozen value
    feeds: Feeds | None = None,
) -> AsyncGenerator[Lead | SourceError, None]:
    """Yield a lead for every article of *sources*, in order, and a SourceError for every entry that is not a source.

    *kind* overrides what a file seems to be. *base_url* is where a saved page came from, *stdin* the descriptor that is
    read for the source `-`. *reach* says how far feeds, sitemaps and crawls are followed, *feeds* remembers what they
    said.

    Raises UsageError before the first lead if one of *sources* is nothing that articles come from, and, if there is
    only one source, when the user has to add something to it.
    """
    if web is not None and base_url:
        web.log_in(base_url)
    base_url = base_url and urls.redact(base_url)
    reading = Reading(
        kind=kind, base_url=base_url, web=web, stdin=stdin, reach=reach, oldest=_oldest(reach), feeds=feeds
    )
    is_wanted = lead_filter(reach)
    recognised, breath = [recognise(given, kind) for given in sources], Breath()
    for source in recognised:
        read = _read if len(recognised) == 1 else _guarded
        async with aclosing(read(source, reading)) as leads:
            async for lead in leads:
                await breath.drawn()
                if isinstance(lead, SourceError) or (is_wanted(lead) and not is_too_old(lead, reading.oldest)):
                    yield lead


def stand_in(sources: Sequence[str], kind: SourceKind | None = None) -> Transport | None:
    """Return the archive that answers in place of the network if every one of *sources* is a WARC, else None."""
    recognised = [recognise(given, kind) for given in sources]
    files = [source.path for source in recognised if source.kind == "warc" and source.path]
    return Archive(files) if files and len(files) == len(recognised) else None


def _oldest(reach: Reach) -> datetime | None:
    try:
        return None if reach.max_age is None else datetime.now(UTC) - timedelta(seconds=reach.max_age)
    except OverflowError:  # earlier than any date, so no limit
        return None


async def _read(source: Recognised, reading: Reading) -> Leads:
    """Read one source; an error that names no URL is reported under the source's own name."""
    if source.secret and reading.web is not None:
        reading.web.log_in(source.secret)
    async with aclosing(READERS[source.kind](source, reading)) as leads:
        async for lead in leads:
            if isinstance(lead, SourceError) and lead.final_url is None:
                lead.final_url = urls.legible(source.given)[:500]
            yield lead


async def _guarded(source: Recognised, reading: Reading) -> Leads:
    """Read one source of several: an error in it does not stop the others."""
    try:
        async for lead in _read(source, reading):
            yield lead
    except UsageError as error:
        yield _lost(source.given, error.message)


async def _page(source: Recognised, reading: Reading) -> Leads:
    yield Lead(source=Source(kind="page", given=source.given), url=urls.resolve_web(source.given))


async def _html(source: Recognised, reading: Reading) -> Leads:
    yield saved_page.lead(source.given, _content(source), reading.base_url)


async def _item(source: Recognised, reading: Reading) -> Leads:
    lead = item.lead(source.given, _content(source), reading.base_url)
    yield replace(lead, fetch="page", digest=None) if reading.reach.fetch == "page" else lead


async def _list(source: Recognised, reading: Reading) -> Leads:
    """Read a source from each line, skipping blank lines and comments. The list is never in memory as a whole."""
    inner, breath = _inside(source.path, reading), Breath()
    folder, number = source.path.parent if source.path else None, 0
    opened = partial(os.open, source.path, os.O_RDONLY) if source.path else partial(_standard_input, reading.stdin)
    try:
        async with aclosing(lines_of(opened)) as lines:
            async for line in lines:
                number += 1
                await breath.drawn()
                async for lead in _line(line, number, folder, inner):
                    yield lead
    except OSError as error:
        raise UsageError(f"{source.path or source.given}: {(error.strerror or str(error)).lower()}.") from None


def _standard_input(number: int) -> int:
    if sys.__stdin__ is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return os.dup(number)


async def _folder(source: Recognised, reading: Reading) -> Leads:
    """Read the files of a folder in order of name, without hidden ones and what browsers save beside a page."""
    assert source.path is not None, "a folder has a path"
    inner = _inside(source.path, reading)
    breath = Breath()
    for name in _names(source.path):
        await breath.drawn()
        path = source.path / name
        if path.is_dir() or is_text(path):
            async for lead in _entry(str(path), None, inner):
                yield lead


def _names(folder: Path) -> list[str]:
    """Return the names in *folder*, sorted; as paths they would take four times the memory."""
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError as error:
        raise UsageError(f"{folder}: {(error.strerror or str(error)).lower()}.") from None
    return sorted(name for name in names if not name.startswith(".") and not name.endswith("_files"))


async def _line(line: str | None, number: int, folder: Path | None, reading: Reading) -> Leads:
    if line is None:
        message = f"line {number:,} is longer than {LONGEST:,} characters and cannot be a source; the others are read."
        yield SourceError(message, code="not_a_source")
        return
    entry = line.strip()
    if entry and not entry.startswith("#"):
        async for lead in _entry(entry, folder, reading):
            yield lead


async def _entry(entry: str, folder: Path | None, reading: Reading) -> Leads:
    """Read one entry of a list or folder: an error in it does not stop the others."""
    try:
        if entry == "-":
            raise UsageError("-: standard input cannot be an entry of a list.")
        source = recognise(entry, reading.kind, folder=folder)
        async for lead in _guarded(source, reading):
            yield lead
    except UsageError as error:
        yield _lost(entry, error.message)


def _inside(path: Path | None, reading: Reading) -> Reading:
    """Return the reading inside a list or folder; raises UsageError if it leads back to itself or is too deep."""
    here = () if path is None else (path.resolve(),)
    if set(here) & set(reading.within):
        raise UsageError(f"{path}: leads back to itself; it is read once.")
    if len(reading.within) >= MOST_NESTED:
        raise UsageError(f"{path}: nested too deep; lists and folders are read {MOST_NESTED} deep.")
    kind = None if reading.kind in ("list", "folder") else reading.kind
    return replace(reading, kind=kind, within=reading.within + here)


def _lost(entry: str, message: str) -> SourceError:
    return SourceError(urls.printable(message), code="not_a_source", final_url=urls.legible(entry)[:500])


def _content(source: Recognised) -> bytes:
    assert source.path is not None, "these kinds are files"
    try:
        if source.path.stat().st_size > LARGEST:
            raise UsageError(f"{source.path}: larger than {LARGEST:,} bytes, too large for a page.")
        return source.path.read_bytes()
    except OSError as error:
        raise UsageError(f"{source.path}: {(error.strerror or str(error)).lower()}.") from None


READERS: dict[SourceKind, Reader] = {
    "page": _page,
    "html": _html,
    "item": _item,
    "list": _list,
    "folder": _folder,
    "feed": listing,
    "sitemap": listing,
    "opml": listing,
    "warc": warc,
    "crawl": crawl,
}

"""From sources to leads: every kind has a reader, and every reader streams."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import TextIO

from msgspec import Struct

from harvester import urls
from harvester.articles import item, saved_page
from harvester.articles.kinds import Recognised, recognise
from harvester.errors import SourceError, UsageError
from harvester.model import Source, SourceKind
from harvester.steps import Lead
from harvester.web import Web

MOST_NESTED = 5
"""Lists and folders may name each other this deep."""


class Reading(Struct, frozen=True, kw_only=True):
    """What readers are given besides the source: the user's flags, and where standard input is."""

    kind: SourceKind | None = None
    base_url: str | None = None
    web: Web | None = None
    stdin: TextIO | None = None
    depth: int = 0


Leads = AsyncIterator[Lead | SourceError]
Reader = Callable[[Recognised, Reading], Leads]


async def read_leads(
    sources: Sequence[str],
    *,
    kind: SourceKind | None = None,
    base_url: str | None = None,
    web: Web | None = None,
    stdin: TextIO | None = None,
) -> AsyncGenerator[Lead | SourceError, None]:
    """Give a lead for every article of *sources*, in their order, and a SourceError for every entry that is none.

    Raises UsageError before the first lead when one of *sources* itself is nothing that articles come from.
    """
    reading = Reading(kind=kind, base_url=base_url, web=web, stdin=stdin)
    for recognised in [recognise(given, kind) for given in sources]:
        async for lead in _read(recognised, reading):
            yield lead


def _read(recognised: Recognised, reading: Reading) -> Leads:
    return READERS[recognised.kind](recognised, reading)


async def _page(recognised: Recognised, reading: Reading) -> Leads:
    source = Source(kind="page", given=urls.redact(recognised.given))
    yield Lead(source=source, url=urls.resolve_web(recognised.given))


async def _html(recognised: Recognised, reading: Reading) -> Leads:
    yield saved_page.lead(recognised.given, _bytes(recognised), reading.base_url)


async def _item(recognised: Recognised, reading: Reading) -> Leads:
    yield item.lead(recognised.given, _bytes(recognised), reading.base_url)


async def _list(recognised: Recognised, reading: Reading) -> Leads:
    """A source on each line; blank lines and comments are passed over. The file is never in memory as a whole."""
    if recognised.path is None:
        async for lead in _lines(reading.stdin or sys.stdin, None, reading):
            yield lead
        return
    try:
        with recognised.path.open(encoding="utf-8-sig", errors="replace") as file:
            async for lead in _lines(file, recognised.path.parent, reading):
                yield lead
    except OSError as error:
        raise UsageError(f"{recognised.path}: {(error.strerror or str(error)).lower()}.") from None


async def _lines(file: TextIO, folder: Path | None, reading: Reading) -> Leads:
    for line in file:
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        async for lead in _entry(entry, folder, reading):
            yield lead


async def _folder(recognised: Recognised, reading: Reading) -> Leads:
    assert recognised.path is not None, "a folder has a path"
    for path in sorted(recognised.path.iterdir()):
        if not path.name.startswith("."):
            async for lead in _entry(str(path), None, reading):
                yield lead


async def _entry(entry: str, folder: Path | None, reading: Reading) -> Leads:
    """One entry of a list or folder: what is wrong with it does not stop the others."""
    if reading.depth >= MOST_NESTED:
        yield _lost(entry, f"lists nested deeper than {MOST_NESTED}")
        return
    inner = Reading(base_url=reading.base_url, web=reading.web, depth=reading.depth + 1)
    try:
        async for lead in _read(recognise(entry, folder=folder), inner):
            yield lead
    except UsageError as error:
        yield _lost(entry, error.message)


def _lost(entry: str, message: str) -> SourceError:
    return SourceError(message, code="not_a_source", final_url=urls.redact(urls.printable(entry, 500)))


def _bytes(recognised: Recognised) -> bytes:
    if recognised.path is None:
        raise UsageError(f"--as {recognised.kind} takes a file; {recognised.given} is none.")
    try:
        return recognised.path.read_bytes()
    except OSError as error:
        raise UsageError(f"{recognised.path}: {(error.strerror or str(error)).lower()}.") from None


READERS: dict[SourceKind, Reader] = {"page": _page, "html": _html, "item": _item, "list": _list, "folder": _folder}

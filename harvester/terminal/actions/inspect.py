"""Plans as the person at the terminal sees them: opened, planned, drawn; nothing is downloaded or written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from msgspec import Struct
from rich.text import Text

from harvester import config as settings
from harvester.articles.leads import read_leads, stand_in
from harvester.articles.opening import open_lead
from harvester.articles.sources.age import is_too_old
from harvester.articles.sources.reader import Reach
from harvester.config import Config
from harvester.errors import SourceError
from harvester.manifest import codec
from harvester.model import Manifest, SourceKind
from harvester.pipeline.plan import plan
from harvester.runs.report import Exit
from harvester.steps import Lead
from harvester.terminal.actions import interrupts
from harvester.terminal.screens import plan as tables
from harvester.terminal.screens.console import Stream, note, safe, warn, write_line
from harvester.urls import legible
from harvester.web import Web
from harvester.web.network.transport import Exchange, Transport
from harvester.workers import Doing, Workers


class Wanted(Struct, frozen=True, kw_only=True):
    """Which leads of the sources are wanted, and how far those are followed.

    *since* is ISO 8601; a lead without a date is always wanted.
    """

    kind: SourceKind | None = None
    base_url: str | None = None
    since: str | None = None
    max_articles: int | None = None
    reach: Reach = Reach()


def inspect(sources: Sequence[str], config: Config, wanted: Wanted = Wanted(), *, json: bool = False) -> Exit:  # noqa: B008
    """Plan every article of *sources* and print each plan, as a table or as a line of JSON; return the exit status."""
    return interrupts.run(lambda stopping: _inspect(sources, config, wanted, json=json), note, patient=False)


async def _inspect(sources: Sequence[str], config: Config, wanted: Wanted, *, json: bool) -> Exit:
    out, err = Stream(), Stream(stderr=True)
    planned = lost = 0
    transport = stand_in(sources, wanted.kind) or _WhenAsked(config.web)
    async with Web(config.web, transport=transport) as web, Workers(emit=warn) as workers:
        async for result in _plans(sources, config, wanted, web, workers):
            if isinstance(result, SourceError):
                lost += 1
                err.print(safe(result.message, "red"))
            elif json:
                write_line(codec.line(result))
            else:
                out.show([*([Text()] if planned else []), *tables.planned(result, config.choice, out.width)])
            planned += isinstance(result, Manifest)
    return Exit.DONE if not lost else Exit.SOME if planned else Exit.NOTHING


async def _plans(
    sources: Sequence[str], config: Config, wanted: Wanted, web: Web, workers: Workers
) -> AsyncIterator[Manifest | SourceError]:
    given = 0
    async for lead in read_leads(sources, kind=wanted.kind, base_url=wanted.base_url, web=web, reach=wanted.reach):
        if isinstance(lead, SourceError):
            yield lead
            continue
        if wanted.since and is_too_old(lead, datetime.fromisoformat(wanted.since)):
            continue
        yield await _plan(lead, config, web, workers)
        given += 1
        if given == wanted.max_articles:
            return


async def _plan(lead: Lead, config: Config, web: Web, workers: Workers) -> Manifest | SourceError:
    try:
        opened = await open_lead(lead, web)
        return await workers.run(Doing(f"planning {legible(opened.final_url)}", plan), opened, config)
    except SourceError as error:
        return error


class _WhenAsked:
    """The network, opened at the first request: whoever inspects a file neither asks nor pays for it."""

    remote = True

    def __init__(self, settings: settings.Web) -> None:
        self._settings = settings
        self._network: Transport | None = None

    async def open(self) -> None:
        """Wait for the first request."""

    async def close(self) -> None:
        """Close the network if there was one."""
        if self._network is not None:
            await self._network.close()

    @asynccontextmanager
    async def ask(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Exchange]:
        """Ask as the network does."""
        if self._network is None:
            from harvester.web.network.network import Network

            self._network = Network(self._settings)
            await self._network.open()
        async with self._network.ask(url, headers) as exchange:
            yield exchange

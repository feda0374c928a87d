"""One run: leads in, a story for each, a report out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
from msgspec import Struct

from harvester import config as configuration
from harvester import events, flow, urls
from harvester.articles.leads import read_leads
from harvester.config import Config
from harvester.errors import SourceError, StorageError
from harvester.events import Emit
from harvester.model import SourceKind
from harvester.pipeline.article import Harvested, Lost, harvest_lead
from harvester.pipeline.kit import Kit
from harvester.runs.lock import locked
from harvester.runs.rebuild import open_state
from harvester.runs.report import Exit, Report
from harvester.steps import Lead
from harvester.storage import PRIVATE, Store
from harvester.web import Web
from harvester.workers import Workers


class Options(Struct, frozen=True, kw_only=True):
    """What one run is asked beyond its configuration. *deadline* and *wait* are seconds; *since* is ISO 8601."""

    kind: SourceKind | None = None
    base_url: str | None = None
    force: bool = False
    since: str | None = None
    max_articles: int | None = None
    deadline: float | None = None
    wait: float = 0.0


Done = Callable[[Harvested | Lost], None]


async def harvest(
    sources: Sequence[str],
    config: Config,
    *,
    output: Path,
    options: Options | None = None,
    emit: Emit = events.nobody,
    done: Done = lambda result: None,
    stopping: asyncio.Event | None = None,
) -> Report:
    """Harvest every article of *sources* into *output*; *done* hears of each as its manifest is written.

    When *stopping* is set nothing new is begun and the run ends well. Raises UsageError for sources that are none,
    OutputLocked when another run writes the same output; what the output itself refuses is in the report.
    """
    options = options or Options()
    report = Report()

    def hear(event: events.Event) -> None:
        report.hear(event)
        emit(event)

    stopping = stopping or asyncio.Event()
    store = Store(output, sync=config.output.fsync == "article", min_free=config.output.min_free_space)
    try:
        store.prepare()
        async with locked(output / PRIVATE / "lock", run=report.run, wait=options.wait), AsyncExitStack() as stack:
            kit = await _open_kit(stack, config, store, report, hear, stopping, force=options.force)
            await _deadline(_stories(sources, kit, options, done), options.deadline, stopping)
    except StorageError as error:
        report.storage = error.message
    _close(report, store, stopping)
    return report


async def _open_kit(
    stack: AsyncExitStack,
    config: Config,
    store: Store,
    report: Report,
    emit: Emit,
    stopping: asyncio.Event,
    *,
    force: bool,
) -> Kit:
    state = stack.enter_context(open_state(store, config.state.file))
    return Kit(
        config=config,
        digest=configuration.digest(config),
        run=report.run,
        web=await stack.enter_async_context(Web(config.web, memory=state, emit=emit)),
        store=store,
        state=state,
        workers=await stack.enter_async_context(Workers()),
        emit=emit,
        stopping=stopping,
        turns=flow.OneAtATime(),
        force=force,
    )


async def _stories(sources: Sequence[str], kit: Kit, options: Options, done: Done) -> None:
    async def story(lead: Lead | SourceError) -> None:
        if isinstance(lead, SourceError):
            kit.emit(events.ArticleLost(url=lead.final_url or "", code=lead.code, message=lead.message))
            return
        done(await harvest_lead(lead, kit))

    await flow.for_each(
        _leads(sources, kit, options),
        story,
        at_once=kit.config.web.concurrency,
        lane=_host,
        per_lane=kit.config.web.page_per_host,
    )


async def _leads(sources: Sequence[str], kit: Kit, options: Options) -> AsyncGenerator[Lead | SourceError, None]:
    """Give the leads that this run is asked for, until it is told to stop."""
    given = 0
    async for lead in read_leads(sources, kind=options.kind, base_url=options.base_url, web=kit.web):
        if kit.stopping.is_set() or (options.max_articles is not None and given >= options.max_articles):
            return
        if isinstance(lead, Lead):
            if options.since and lead.published and lead.published < options.since:
                continue
            given += 1
        yield lead


def _host(lead: Lead | SourceError) -> str:
    return urls.host(lead.url) if isinstance(lead, Lead) and lead.url and lead.body is None else ""


async def _deadline(work: Awaitable[None], seconds: float | None, stopping: asyncio.Event) -> None:
    """Wait for *work*; after *seconds* ask it to stop, as Ctrl-C does."""
    if seconds is None:
        return await work
    loop = asyncio.get_running_loop()
    alarm = loop.call_later(seconds, stopping.set)
    try:
        await work
    finally:
        alarm.cancel()


def _close(report: Report, store: Store, stopping: asyncio.Event) -> None:
    """End the report and write it beside the output's state, if the disk still takes it."""
    report.end()
    if stopping.is_set() and report.interrupted is None:
        report.interrupted = Exit.INTERRUPTED
    path = store.root / PRIVATE / "runs" / f"{report.run}.json"
    try:
        store.write(path, msgspec.json.format(msgspec.json.encode(report.as_json()), indent=1), key="runs")
        store.clear_work("runs")
    except StorageError as error:
        report.storage = report.storage or error.message

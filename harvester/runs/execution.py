"""One execution on one output: the lock, the kit, the report; whatever is done with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from harvester import config as configuration
from harvester import events, flow, web
from harvester.articles.sources.reader import Reach
from harvester.clock import warned
from harvester.config import Config
from harvester.download.videos.engine import VideoEngine
from harvester.errors import Interrupted, StorageError
from harvester.events import Emit
from harvester.manifest import codec
from harvester.model import SourceKind
from harvester.pipeline.collection import Collection
from harvester.pipeline.earlier.journal import Journal
from harvester.pipeline.kit import Kit
from harvester.runs.allowance import allow_files
from harvester.runs.lock import locked
from harvester.runs.report import Exit, Report
from harvester.runs.shard import Shard
from harvester.runs.upkeep import past_files
from harvester.runs.upkeep.rebuild import open_state
from harvester.stores.folder import PRIVATE, Store
from harvester.web.network.transport import Transport
from harvester.workers import Workers


class Options(Struct, frozen=True, kw_only=True):
    """What one run is asked beyond its configuration.

    *deadline* and *wait* are seconds, *since* is ISO 8601 (a lead without a date is always wanted), *shard* is this
    run's part of the articles, *reach* how far sources are followed.
    """

    kind: SourceKind | None = None
    base_url: str | None = None
    force: bool = False
    since: str | None = None
    max_articles: int | None = None
    deadline: float | None = None
    wait: float = 0.0
    shard: Shard | None = None
    reach: Reach = Reach()


@asynccontextmanager
async def execution(
    output: Path,
    config: Config,
    options: Options,
    report: Report,
    *,
    emit: Emit = events.nobody,
    stopping: asyncio.Event | None = None,
    transport: Transport | None = None,
) -> AsyncIterator[Kit]:
    """Hold *output* and give the kit to work on it; afterwards the report is complete and written.

    *transport* is the network unless an archive stands in for it.

    When *stopping* is set, or the deadline is over, nothing new is begun. What the output itself refuses ends the block
    and stands in the report. Before anything is made it raises UsageError for what of [web] cannot be followed; then
    StorageError when the output cannot be read or written, OutputLocked when another run holds it, and Interrupted when
    the run is told to stop while it waits for that one.
    """

    def hear(event: events.Event) -> None:
        report.hear(event)
        emit(event)

    web.check(config.web)
    told, stopping = stopping or asyncio.Event(), asyncio.Event()
    store = Store(output, sync=config.output.fsync == "article", min_free=config.output.min_free_space)
    held = False
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(flow.once(told, stopping.set))
            kit = await _opened(stack, config, store, options, report, hear, stopping, transport)
            held = True
            await stack.enter_async_context(flow.once(stopping, kit.workers.hurry))
            stack.callback(_alarm(options.deadline, report, stopping).cancel)
            yield kit
    except StorageError as error:
        if not held:
            raise
        report.storage = error.message
    except asyncio.CancelledError:
        report.interrupted = Exit.INTERRUPTED if told.is_set() else Exit.TERMINATED
        raise
    finally:
        report.end()
        if held:
            past_files.forget(store.root, configuration.span(config.state.keep_reports))
            _close(report, Store(output, sync=store.sync), told, options)


async def _opened(
    stack: AsyncExitStack,
    config: Config,
    store: Store,
    options: Options,
    report: Report,
    emit: Emit,
    stopping: asyncio.Event,
    transport: Transport | None,
) -> Kit:
    allow_files()
    store.prepare()
    private = store.root / PRIVATE
    mark = options.shard.mark if options.shard else ""
    lock = locked(private / f"lock{mark}", run=report.run, wait=options.wait)
    await _entered(stack, lock, stopping)
    for found in (past_files.marked(store.work_folder), past_files.ahead(store.root)):
        for path, moment in list(found.items())[:1]:
            emit(warned(str(path), moment, "it counts as written now, and so does what lies beside it"))
    store.sweep()
    stack.callback(store.gate.close)  # what a thread that was left at work writes later, nobody holds the lock for
    state = stack.enter_context(open_state(store, config.state.file, mark, _passed_over(emit)))
    state.tell(emit)
    return Kit(
        config=config,
        digest=configuration.digest(config),
        access=configuration.access(config.web),
        run=report.run,
        web=await stack.enter_async_context(web.Web(config.web, memory=state, emit=emit, transport=transport)),
        collection=Collection(store=store, state=state, journal=stack.enter_context(Journal(store, mark))),
        workers=await stack.enter_async_context(Workers(emit=emit)),
        emit=emit,
        stopping=stopping,
        videos=await stack.enter_async_context(VideoEngine(config.videos, config.web, private / "yt-dlp", emit=emit)),
        force=options.force,
    )


def _passed_over(emit: Emit) -> Callable[[str], None]:
    return lambda said: emit(events.Warned(code="passed_over", message=said))


async def _entered(stack: AsyncExitStack, lock: AbstractAsyncContextManager[None], stopping: asyncio.Event) -> None:
    """Wait for the lock; raises Interrupted when the run is told to stop meanwhile."""
    try:
        async with asyncio.timeout(None) as limit, flow.once(stopping, lambda: limit.reschedule(0)):
            await stack.enter_async_context(lock)
    except TimeoutError:
        raise Interrupted("The run was told to stop while it waited for another run to end.") from None


def _alarm(seconds: float | None, report: Report, stopping: asyncio.Event) -> asyncio.TimerHandle:
    """When the deadline comes, ask the run to stop as Ctrl-C does; that is what was asked for and no interruption."""

    def ring() -> None:
        report.out_of_time = not stopping.is_set()
        stopping.set()

    return asyncio.get_running_loop().call_later(seconds if seconds is not None else 10**9, ring)


def _close(report: Report, store: Store, told: asyncio.Event, options: Options) -> None:
    if told.is_set() and report.interrupted is None:
        report.interrupted = Exit.INTERRUPTED
    write_report(report, store, options.shard.mark if options.shard else "")


def write_report(report: Report, store: Store, mark: str = "") -> None:
    """Write a report beside the output's state, if the disk still takes it."""
    path = store.root / PRIVATE / "runs" / f"{report.run}{mark}.json"
    try:
        store.write(path, msgspec.json.format(codec.encoded(report.as_json()), indent=1))
    except StorageError as error:
        report.storage = report.storage or error.message

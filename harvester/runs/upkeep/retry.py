"""`harvester retry`: what failed and may heal, tried again when its time has come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

from harvester import flow, urls
from harvester.clock import waits
from harvester.config import Config
from harvester.events import Emit, nobody
from harvester.pipeline.boundary import complete_article
from harvester.runs.batch import Done
from harvester.runs.execution import Options, execution
from harvester.runs.report import Report
from harvester.state import Known, State


async def retry(
    output: Path,
    config: Config,
    *,
    options: Options = Options(),  # noqa: B008 - a frozen value
    emit: Emit = nobody,
    done: Done = lambda result: None,
    stopping: asyncio.Event | None = None,
) -> Report:
    """Try again what the articles of *output* lack and may still get; pages are not asked again.

    *done* hears of each article of which something was tried, and of each that could not be had.
    """
    report = Report()
    async with execution(output, config, options, report, emit=emit, stopping=stopping) as kit:

        async def again(known: Known) -> None:
            if not kit.stopping.is_set():
                done(await complete_article(known.folder, kit, posters=True))

        await flow.for_each(
            _due(kit.collection.state),
            again,
            at_once=config.web.concurrency,
            lane=lambda a: urls.host(a.url),
            until=kit.stopping,
        )
    return report


async def _due(state: State) -> AsyncGenerator[Known, None]:
    """Yield each article of which something may heal now."""
    now = datetime.now(UTC)
    later: dict[str, list[str | None]] = {}
    for failure in state.failures():
        if failure.retryable:
            later.setdefault(failure.key, []).append(failure.retry_after)
    for key, moments in later.items():
        known = state.article(key)
        if known is not None and not all(waits(moment, now, noted=known.harvested_at) for moment in moments):
            yield known

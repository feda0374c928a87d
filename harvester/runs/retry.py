"""`harvester retry`: what failed and may heal, tried again when its time has come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

from harvester import flow, urls
from harvester.config import Config
from harvester.events import Emit, nobody
from harvester.pipeline.article import Harvested, mend
from harvester.pipeline.revisit import left_by
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

    *done* hears of each article of which something was tried.
    """
    report = Report()
    async with execution(output, config, options, report, emit=emit, stopping=stopping) as kit:

        async def again(known: Known) -> None:
            before = left_by(known, kit.store, kit.journal)
            if before is not None and not kit.stopping.is_set():
                result: Harvested = await mend(before, kit, posters=True)
                done(result)

        await flow.for_each(
            _due(kit.state),
            again,
            at_once=config.web.concurrency,
            lane=lambda a: urls.host(a.url),
            until=kit.stopping,
        )
    return report


async def _due(state: State) -> AsyncGenerator[Known, None]:
    """Give each article of which something may heal now."""
    now = datetime.now(UTC)
    keys = dict.fromkeys(
        failure.key
        for failure in state.failures()
        if failure.retryable and (failure.retry_after is None or datetime.fromisoformat(failure.retry_after) <= now)
    )
    for key in keys:
        known = state.article(key)
        if known is not None:
            yield known

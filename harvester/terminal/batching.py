"""Jobs as the person at the terminal, or the machine behind it, sees them run."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harvester.config import Job, of_job
from harvester.errors import UsageError
from harvester.events import Emit
from harvester.runs import jobs as running
from harvester.runs.jobs import Asked, Listener
from harvester.runs.report import Exit, Report
from harvester.terminal import harvesting
from harvester.terminal.console import Stream
from harvester.terminal.harvesting import Voice
from harvester.terminal.settings import Settings, under_flags

if TYPE_CHECKING:
    from harvester.runs.metrics import Metrics


def run(jobs: Sequence[Job], found: Settings, asked: Asked, *, voice: Voice, json: bool, metrics: Path | None) -> Exit:
    """Run *jobs* one after the other, tell of each, and give the exit status of all."""
    counts = metrics_wanted() if metrics else None

    async def work(emit: Emit, stopping: asyncio.Event) -> list[Report]:
        listener = heard_by(emit, found, asked, voice=voice, json=json, counts=counts)
        return await running.run_jobs(jobs, found.config, asked, listener, stopping)

    reports = harvesting.run(work, voice=voice, stream=Stream(stderr=True))
    if counts is not None and metrics is not None:
        counts.remember(found.config, asked)
        counts.write(metrics)
    return running.combined(reports)


def heard_by(
    emit: Emit, found: Settings, asked: Asked, *, voice: Voice, json: bool, counts: Metrics | None = None
) -> Listener:
    """Have jobs heard by the log or the display, by whoever reads JSON on standard output, and by the metrics."""
    configs = {job.name: of_job(found.config, job) for job in found.config.job}
    stream = Stream(stderr=True)

    def ended(report: Report) -> None:
        config = under_flags(configs[report.job or ""], output=asked.output)
        harvesting.close(report, config, found.path, voice=voice, stream=stream)
        if counts is not None:
            counts.end(report)

    return Listener(
        emit=counts.beside(emit) if counts is not None else emit,
        done=lambda result, output: harvesting.print_json(result, output) if json else None,
        ended=ended,
    )


def metrics_wanted() -> Metrics:
    """Begin to count for Prometheus, whose library is imported only now."""
    from harvester.runs.metrics import Metrics

    return Metrics()


def words(command: str) -> tuple[str, ...]:
    """Split a command as a shell would, without one; raises UsageError for a quote that is left open."""
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        raise UsageError(f"--on-finish {command!r}: {str(error).lower()}.") from None

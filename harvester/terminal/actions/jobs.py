"""Jobs as the person at the terminal, or the machine behind it, sees them run."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Sequence
from pathlib import Path

from harvester.config import Job, of_job
from harvester.errors import UsageError
from harvester.events import Emit
from harvester.runs.report import Exit, Report
from harvester.runs.scheduling import jobs as running
from harvester.runs.scheduling.jobs import JobFlags, Listener
from harvester.terminal.actions import run as harvesting
from harvester.terminal.actions.metrics import MetricsOutput
from harvester.terminal.actions.run import Voice
from harvester.terminal.screens.console import Stream
from harvester.terminal.settings import Settings, under_flags


def run(
    jobs: Sequence[Job], found: Settings, asked: JobFlags, *, voice: Voice, json: bool, metrics: Path | None
) -> Exit:
    """Run *jobs* one after the other, tell of each, and return the exit status of all."""
    meter = MetricsOutput(metrics)
    meter.recall(found.config, asked)

    async def work(emit: Emit, stopping: asyncio.Event) -> list[Report]:
        listener = heard_by(emit, found, asked, voice=voice, json=json, meter=meter)
        return await running.run_jobs(jobs, found.config, asked, listener, stopping)

    stream = Stream(stderr=True)
    if not jobs and not (voice.quiet or voice.json):
        stream.print("Nothing is due.")
    return running.combined(harvesting.run(work, voice=voice, stream=stream))


def heard_by(
    emit: Emit, found: Settings, asked: JobFlags, *, voice: Voice, json: bool, meter: MetricsOutput
) -> Listener:
    """Have jobs heard by the log or the display, by whoever reads JSON on standard output, and by the metrics."""
    configs = {job.name: of_job(found.config, job) for job in found.config.job}
    stream = Stream(stderr=True)

    def ended(report: Report) -> None:
        config = under_flags(configs[report.job or ""], output=asked.output)
        harvesting.close(report, config, found.path, voice=voice, stream=stream)
        meter.end(report)

    return Listener(
        emit=meter.beside(emit),
        done=lambda result, output: harvesting.print_json(result, output) if json else None,
        ended=ended,
    )


def split_command(command: str) -> tuple[str, ...]:
    """Split a command as a shell would, without one; raises UsageError for a quote that is left open."""
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        raise UsageError(f"--on-finish {command!r}: {str(error).lower()}.") from None

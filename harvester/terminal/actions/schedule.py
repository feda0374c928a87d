"""A schedule as the person who started it, or the service manager, sees it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import typer
from msgspec import Struct

from harvester import events
from harvester.config import Job
from harvester.errors import UsageError
from harvester.events import Emit
from harvester.runs.report import Exit
from harvester.runs.scheduling import jobs as running
from harvester.runs.scheduling.jobs import JobFlags
from harvester.runs.scheduling.notify import keep_alive, notify
from harvester.runs.scheduling.schedule import follow, wall_clock
from harvester.runs.scheduling.timetable import Due, check_crons
from harvester.terminal import settings
from harvester.terminal.actions import interrupts
from harvester.terminal.actions import jobs as batching
from harvester.terminal.actions import run as harvesting
from harvester.terminal.actions.metrics import MetricsOutput
from harvester.terminal.actions.run import Voice
from harvester.terminal.screens.console import Stream
from harvester.terminal.settings import Settings


class Service(Struct, frozen=True, kw_only=True):
    """What a service manager said of itself: where it listens, and how often (seconds) it wants to hear of us."""

    address: str | None = None
    watchdog: float | None = None


def service(environment: Mapping[str, str]) -> Service:
    """Read what systemd says to the services that it starts."""
    microseconds = environment.get("WATCHDOG_USEC", "")
    return Service(
        address=environment.get("NOTIFY_SOCKET"),
        watchdog=int(microseconds) / 2_000_000 if microseconds.isdigit() else None,
    )


class Plan:
    """The jobs that a schedule follows; they may be read again while it runs."""

    def __init__(self, names: Sequence[str], config_file: Path | None) -> None:
        self._names = names
        self._file = config_file
        self.found, self.jobs = self._read()

    def reload(self, emit: Emit) -> None:
        """Read the configuration again; what is wrong with it is told, and the old one stays."""
        try:
            self.found, self.jobs = self._read()
        except UsageError as error:
            emit(events.Warned(code="configuration", message=f"{error.message} The old configuration stays."))
        else:
            emit(events.Warned(code="reloaded", message=f"{self.found.path} was read again."))

    def _read(self) -> tuple[Settings, tuple[Job, ...]]:
        found = settings.read(self._file)
        check_crons(found.config.job, str(found.path))
        jobs = tuple(job for job in running.chosen(found.config, self._names) if job.cron is not None)
        if not jobs:
            raise UsageError(f'{found.path}: no job has a time: give it one, as in cron = "*/30 * * * *".')
        return found, jobs


def stay(
    plan: Plan,
    asked: JobFlags,
    service: Service,
    *,
    voice: Voice,
    json: bool,
    meter: MetricsOutput,
) -> Exit:
    """Run jobs when they are due until told to end; SIGTERM is how that is told, so it ends with 0."""
    meter.recall(plan.found.config, asked)

    async def work(emit: Emit, stopping: asyncio.Event) -> None:
        async def run(job: Job) -> Exit:
            notify(service.address, STATUS=f"running {job.name}")
            listener = batching.heard_by(emit, plan.found, asked, voice=voice, json=json, meter=meter)
            report = await running.run_job(job, plan.found.config, asked, listener, stopping)
            return report.exit_status()

        interrupts.hear(signal.SIGHUP, lambda: plan.reload(emit))
        _report_for_duty(service)
        await follow(
            lambda: plan.jobs,
            run,
            _last_runs(plan, asked),
            wall_clock(stopping),
            stopping,
            lambda due: _announce(due, service, emit),
        )

    try:
        harvesting.run(work, voice=voice, stream=Stream(stderr=True))
    except typer.Exit as end:
        return Exit.DONE if end.exit_code == Exit.TERMINATED else Exit(end.exit_code)
    finally:
        notify(service.address, STOPPING="1")
    return Exit.INTERRUPTED


def _report_for_duty(service: Service) -> None:
    notify(service.address, READY="1")
    if service.watchdog:
        keep_alive(service.address, service.watchdog)


def _announce(due: Due, service: Service, emit: Emit) -> None:
    notify(service.address, STATUS=f"next: {due.job.name} at {due.at:%Y-%m-%d %H:%M:%S} UTC")
    emit(events.JobAwaited(job=due.job.name, at=due.at.isoformat(timespec="seconds")))


def _last_runs(plan: Plan, asked: JobFlags) -> dict[str, datetime]:
    ran = {job.name: running.last_start(job, plan.found.config, asked) for job in plan.jobs}
    return {name: start for name, start in ran.items() if start is not None}

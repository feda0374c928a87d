"""The jobs of a configuration, one after the other, each with its own report; one that fails stops no other.

One after the other, since the pace that a host is owed holds within a run: two runs at once would ask it twice as fast.
"""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from harvester import events, web
from harvester.articles.sources.reader import Reach
from harvester.clock import since, warned
from harvester.config import Config, Job, of_job, span
from harvester.errors import HarvesterError, UsageError
from harvester.events import Emit
from harvester.pipeline.article import Harvested
from harvester.pipeline.boundary import Lost
from harvester.runs import finish
from harvester.runs.batch import harvest
from harvester.runs.execution import Options, write_report
from harvester.runs.report import Exit, Report, status_of
from harvester.runs.scheduling.last_runs import LastRun, last_run, remember
from harvester.runs.scheduling.timetable import is_due
from harvester.runs.shard import Shard
from harvester.stores.folder import Store

_NOT_DONE = {Exit.LOCKED, Exit.INTERRUPTED, Exit.TERMINATED}
"""After these a job's time has still come."""
_WORST_FIRST = (Exit.BUG, Exit.STORAGE, Exit.TERMINATED, Exit.INTERRUPTED, Exit.USAGE, Exit.SOME, Exit.LOCKED)


class JobFlags(Struct, frozen=True, kw_only=True):
    """What the command line asks of every job; null leaves it to the job.

    *deadline* is the seconds that a job may take, *wait* those that it waits for the lock of its output.
    """

    output: Path | None = None
    force: bool = False
    since: str | None = None
    max_articles: int | None = None
    deadline: float | None = None
    wait: float = 0.0
    shard: Shard | None = None
    on_finish: tuple[str, ...] | None = None

    @property
    def mark(self) -> str:
        """What tells this shard's files from those of the others."""
        return self.shard.mark if self.shard else ""


class Listener(Struct, frozen=True, kw_only=True):
    """Who hears of what happens: *done* of each article with its output's folder, *ended* of each job."""

    emit: Emit = events.nobody
    done: Callable[[Harvested | Lost, Path], None] = lambda result, output: None
    ended: Callable[[Report], None] = lambda report: None


async def run_jobs(
    jobs: Iterable[Job], config: Config, asked: JobFlags, listener: Listener, stopping: asyncio.Event
) -> list[Report]:
    """Run *jobs* in their order and give their reports; when *stopping* is set no further job is begun."""
    reports: list[Report] = []
    until = _deadline(asked.deadline)
    for job in jobs:
        if stopping.is_set() or until() == 0:
            break
        reports.append(await run_job(job, config, replace(asked, deadline=until()), listener, stopping))
    return reports


async def run_job(job: Job, config: Config, asked: JobFlags, listener: Listener, stopping: asyncio.Event) -> Report:
    """Run one job; what keeps it from beginning stands in its report.

    Its end is remembered, so that it is due again only when its next time comes, and its `on_finish` is told.
    """
    report = Report(job=job.name)
    listener.emit(events.JobStarted(job=job.name, run=report.run))
    ran = last_start(job, config, asked)
    if ran is not None and since(ran, datetime.now(UTC)) is None:
        warning = warned(f"the last run of job {job.name!r}", ran.timestamp(), "the job is due")
        report.hear(warning)
        listener.emit(warning)
    status = Exit.BUG
    try:
        await _harvest(job, config, asked, report, listener, stopping)
        status = report.exit_status()
    except HarvesterError as error:
        status = status_of(error)
        report.refuse(status, error.message)
        if status is Exit.USAGE:
            write_report(report, Store(output_of(job, config, asked), sync=False), asked.mark)
    except asyncio.CancelledError:
        status = Exit.TERMINATED
        raise
    finally:
        if status not in _NOT_DONE:
            remember(output_of(job, config, asked), job.name, report, status, asked.mark)
    command = job.on_finish if asked.on_finish is None else asked.on_finish
    if command:
        await finish.tell(command, report, listener.emit)
    listener.ended(report)
    return report


def chosen(config: Config, names: Sequence[str]) -> tuple[Job, ...]:
    """Return the jobs of these names in their order, all without names.

    Raises UsageError for a name that is none, and where the [web] of one of them cannot be followed.
    """
    known = {job.name: job for job in config.job}
    if not known:
        raise UsageError('No job is configured: write one as [[job]] with a name and sources = ["https://..."].')
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
            raise UsageError(f"No job is called {name!r}; {hint}")
    wanted = tuple(known[name] for name in dict.fromkeys(names)) or config.job
    for job in wanted:
        web.check(of_job(config, job).web)
    return wanted


def due(jobs: Iterable[Job], config: Config, asked: JobFlags) -> tuple[Job, ...]:
    """Return those of *jobs* whose time came since their last run; a job without a cron expression has no time."""
    now = datetime.now(UTC)
    return tuple(job for job in jobs if is_due(job, last_start(job, config, asked), now))


def last_start(job: Job, config: Config, asked: JobFlags) -> datetime | None:
    """Return when a job ran last; None when it never did."""
    ran = remembered(job, config, asked)
    return ran.started_at if ran is not None else None


def remembered(job: Job, config: Config, asked: JobFlags) -> LastRun | None:
    """Return what is remembered of a job's last run."""
    return last_run(output_of(job, config, asked), job.name, asked.mark)


def output_of(job: Job, config: Config, asked: JobFlags) -> Path:
    """Return the folder that a job writes to."""
    return asked.output or Path(of_job(config, job).output.directory)


def combined(reports: Sequence[Report]) -> Exit:
    """Return in one exit status how several runs ended: the worst; 4 only if none of them had an article."""
    statuses = {report.exit_status() for report in reports}
    if statuses == {Exit.NOTHING}:
        return Exit.NOTHING
    if Exit.NOTHING in statuses:
        statuses.add(Exit.SOME)
    return next((status for status in _WORST_FIRST if status in statuses), Exit.DONE)


async def _harvest(
    job: Job, config: Config, asked: JobFlags, report: Report, listener: Listener, stopping: asyncio.Event
) -> None:
    output = output_of(job, config, asked)
    await harvest(
        job.sources,
        of_job(config, job),
        output=output,
        options=_options(job, asked),
        emit=listener.emit,
        done=lambda result: listener.done(result, output),
        stopping=stopping,
        report=report,
    )


def _options(job: Job, asked: JobFlags) -> Options:
    return Options(
        kind=job.kind,
        base_url=job.base_url,
        force=asked.force,
        since=asked.since,
        max_articles=asked.max_articles or job.max_articles,
        deadline=min((s for s in (asked.deadline, _seconds(job.deadline)) if s is not None), default=None),
        wait=asked.wait,
        shard=asked.shard,
        reach=Reach(fetch=job.fetch, depth=job.depth, allow=job.allow, deny=job.deny, max_age=_seconds(job.max_age)),
    )


def _deadline(seconds: float | None) -> Callable[[], float | None]:
    """Count down from *seconds*; without, there is no end."""
    clock = asyncio.get_running_loop().time
    end = clock() + seconds if seconds is not None else None
    return lambda: None if end is None else max(0.0, end - clock())


def _seconds(text: str | None) -> float | None:
    return span(text) if text is not None else None

"""When a job is due: plain functions of its cron expression, its last run and the time. No clock, no disk.

Cron expressions are those of Debian's cron (cronsim). On the day a clock is put forward, what falls into the missing
hour runs when it is over; on the day it is put back, what falls into the double hour runs once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from msgspec import Struct

from harvester.clock import since
from harvester.config import Job, span
from harvester.errors import UsageError


class Due(Struct, frozen=True, kw_only=True):
    """A job and when it is to begin (UTC)."""

    job: Job
    at: datetime


def next_due(
    jobs: Sequence[Job],
    last_runs: Mapping[str, datetime],
    now: datetime,
    not_before: Mapping[str, datetime] = MappingProxyType({}),
) -> Due | None:
    """Return the job that begins next, at once if its time is over; None when no job has a cron expression.

    What was missed since a job's last run is caught up once. A job that never ran waits for its first time after *now*.
    Of several whose time is over the one that waits longest comes first.
    """
    waiting = [
        Due(job=job, at=max(at, not_before.get(job.name, at)))
        for job in jobs
        if (at := begins(job, last_runs.get(job.name, now))) is not None
    ]
    return min(waiting, key=lambda due: due.at, default=None)


def is_due(job: Job, last_run: datetime | None, now: datetime) -> bool:
    """Return whether the time of *job* came since its last run; that of a job that never ran has come.

    So has that of a job that ran at a time that lies ahead of *now*: who knows when that was?
    """
    if job.cron is None:
        return False
    known = last_run is not None and since(last_run, now) is not None
    at = begins(job, last_run) if last_run is not None and known else now
    return at is not None and at <= now


def begins(job: Job, after: datetime) -> datetime | None:
    """Return when *job* begins for the first time that its expression names after a moment, jitter included (UTC)."""
    fires = next(firings(job, after), None)
    return fires + _jitter(job, fires) if fires is not None else None


def firings(job: Job, after: datetime) -> Iterator[datetime]:
    """Yield every time that the expression of *job* names after a moment, in UTC and without jitter."""
    if job.cron is None:
        return
    for moment in _expression(job, after.astimezone(ZoneInfo(job.timezone or "UTC"))):
        yield moment.astimezone(UTC)


def check_crons(jobs: Sequence[Job], where: str) -> None:
    """Raise UsageError for a cron expression that cannot be followed, or that never comes."""
    for job in jobs:
        if job.cron is None:
            continue
        try:
            next(_expression(job, datetime(2026, 1, 1, tzinfo=UTC)))
        except CronSimError as error:
            raise UsageError(
                f"{where}: job {job.name!r}: cron: {job.cron!r}: {str(error).lower()}. "
                'Five fields: minute, hour, day of the month, month, day of the week, as in "*/30 * * * *".'
            ) from None
        except StopIteration:
            raise UsageError(f"{where}: job {job.name!r}: cron: {job.cron!r} names a day that never comes.") from None


def _expression(job: Job, after: datetime) -> CronSim:
    cron = job.cron or ""
    if len(cron.split()) != 5:
        raise CronSimError("wrong number of fields")
    return CronSim(cron, after)


def _jitter(job: Job, fires: datetime) -> timedelta:
    """Choose by chance, but always alike for one job and time: a restarted schedule does not choose again."""
    if job.jitter is None:
        return timedelta()
    drawn = hashlib.blake2b(f"{job.name} {fires.isoformat()}".encode(), digest_size=8).digest()
    return timedelta(seconds=int(span(job.jitter) * int.from_bytes(drawn) / 2**64))

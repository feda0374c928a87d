"""Staying and running each job when its time comes.

The loop asks `timetable.next_due` what comes next, and a clock that is handed in: with another clock a month passes in
a moment. One job runs at a time, so none ever overlaps itself; what came due meanwhile is caught up once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from harvester.config import Job
from harvester.runs.report import Exit
from harvester.runs.scheduling.timetable import Due, next_due

AGAIN = timedelta(minutes=5)
"""When a job is tried again whose output was being written by another run."""
GLANCE = 2.0
"""Seconds between two looks at the clock, which may have been set, and at a configuration that may be another."""


class Clock(Struct, frozen=True, kw_only=True):
    """What time it is (UTC), and how to wait; a wait may end too early."""

    now: Callable[[], datetime]
    wait: Callable[[datetime], Awaitable[None]]


def wall_clock(stopping: asyncio.Event) -> Clock:
    """The machine's own clock, whose waits end early when *stopping* is set."""

    async def wait(until: datetime) -> None:
        left = (until - datetime.now(UTC)).total_seconds()
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), max(0.0, min(left, GLANCE)))

    return Clock(now=lambda: datetime.now(UTC), wait=wait)


async def follow(
    jobs: Callable[[], Sequence[Job]],
    run: Callable[[Job], Awaitable[Exit]],
    last_runs: Mapping[str, datetime],
    clock: Clock,
    stopping: asyncio.Event,
    announce: Callable[[Due], None] = lambda due: None,
) -> None:
    """Run each of *jobs* when it is due, until *stopping* is set; *announce* hears which comes next.

    *jobs* is asked before every look, so they may change. A job without a last run waits for its next time from now on.
    """
    ran = dict(last_runs)
    not_before: dict[str, datetime] = {}
    announced: Due | None = None
    while not stopping.is_set():
        now = clock.now()
        for job in jobs():
            ran[job.name] = min(ran.get(job.name, now), now)  # what lies ahead, a clock that was wrong wrote down
        due = next_due(jobs(), ran, now, not_before)
        if due is not None and due != announced:
            announce(due)
            announced = due
        if due is None or due.at > now:
            await clock.wait(due.at if due is not None else now + timedelta(days=1))
        elif await run(due.job) is Exit.LOCKED:
            not_before[due.job.name] = now + AGAIN
        else:
            ran[due.job.name] = now

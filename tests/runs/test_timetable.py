"""When jobs are due, with the time handed in: a month passes in a moment."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from harvester.config import Job
from harvester.errors import UsageError
from harvester.runs.report import Exit
from harvester.runs.scheduling.schedule import AGAIN, Clock, follow
from harvester.runs.scheduling.timetable import begins, check_crons, firings, is_due, next_due

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def job(name: str, cron: str | None, **more: str) -> Job:
    return Job(name=name, sources=("https://a.example/feed",), cron=cron, **more)  # type: ignore[arg-type]


class Simulated:
    """A clock that jumps to whatever is waited for, and a run that takes *lasts*."""

    def __init__(self, start: datetime, end: datetime, lasts: timedelta = timedelta()) -> None:
        self.now, self.end, self.lasts = start, end, lasts
        self.stopping = asyncio.Event()
        self.ran: list[tuple[str, datetime]] = []
        self.answers: list[Exit] = []

    async def wait(self, until: datetime) -> None:
        self.now = until
        if until >= self.end:
            self.stopping.set()

    async def run(self, job: Job) -> Exit:
        self.ran.append((job.name, self.now))
        self.now += self.lasts
        if self.now >= self.end:
            self.stopping.set()
        return self.answers.pop(0) if self.answers else Exit.DONE

    async def follow(self, *jobs: Job, last_runs: dict[str, datetime] | None = None) -> list[tuple[str, datetime]]:
        clock = Clock(now=lambda: self.now, wait=self.wait)
        await follow(lambda: jobs, self.run, last_runs or {}, clock, self.stopping)
        return self.ran


def said_by_cronsim(cron: str, zone: str, start: datetime, end: datetime) -> list[datetime]:
    found: list[datetime] = []
    for moment in CronSim(cron, start.astimezone(ZoneInfo(zone))):
        if moment >= end:
            return found
        found.append(moment.astimezone(UTC))
    return found


@pytest.mark.parametrize("cron", ["*/30 * * * *", "30 2 * * *", "15 1-4 * * *", "0 4 * * MON", "0 12 1,15 * *"])
@pytest.mark.parametrize(
    ("zone", "month"),
    [("Europe/Berlin", 3), ("Europe/Berlin", 10), ("America/New_York", 3), ("America/New_York", 11), ("UTC", 3)],
)
async def test_a_month_fires_exactly_when_cronsim_says(cron: str, zone: str, month: int) -> None:
    start, end = datetime(2026, month, 1, 0, 0, 30, tzinfo=UTC), datetime(2026, month + 1, 2, tzinfo=UTC)
    ran = await Simulated(start, end).follow(job("news", cron, timezone=zone))

    assert [moment for _, moment in ran] == said_by_cronsim(cron, zone, start, end)
    assert len(ran) >= 2


@pytest.mark.parametrize(
    ("day", "fires"),
    [
        (datetime(2026, 3, 29, tzinfo=UTC), "2026-03-29T01:00"),  # 02:30 does not exist; it runs at 03:00 summer time
        (datetime(2026, 10, 25, tzinfo=UTC), "2026-10-25T00:30"),  # 02:30 comes twice; it runs the first time
    ],
)
def test_on_the_days_clocks_change_a_nightly_job_runs_once(day: datetime, fires: str) -> None:
    nightly = job("nightly", "30 2 * * *", timezone="Europe/Berlin")
    within = [moment for moment, _ in zip(firings(nightly, day - timedelta(hours=2)), range(3), strict=False)]

    assert [f"{moment:%Y-%m-%dT%H:%M}" for moment in within if moment.date() == day.date()] == [fires]


async def test_a_job_never_overlaps_itself_and_what_it_missed_is_caught_up_once() -> None:
    slow = Simulated(NOON, NOON + timedelta(hours=4), lasts=timedelta(minutes=75))
    ran = await slow.follow(job("slow", "*/30 * * * *"))

    minutes = [int((moment - NOON).total_seconds() // 60) for _, moment in ran]
    assert minutes == [30, 105, 180]


async def test_what_was_missed_while_nobody_ran_is_caught_up_once() -> None:
    away = {"news": NOON - timedelta(days=3)}
    ran = await Simulated(NOON, NOON + timedelta(hours=1, minutes=1)).follow(job("news", "0 * * * *"), last_runs=away)

    assert [moment for _, moment in ran] == [NOON, NOON + timedelta(hours=1)]


async def test_of_two_that_are_due_the_one_that_waits_longer_comes_first() -> None:
    late = {"a": NOON - timedelta(minutes=50), "b": NOON - timedelta(hours=5)}
    ran = await Simulated(NOON, NOON + timedelta(minutes=1), timedelta(seconds=1)).follow(
        job("a", "15 * * * *"), job("b", "20 * * * *"), last_runs=late
    )

    assert [name for name, _ in ran] == ["b", "a"]


async def test_a_job_whose_output_is_locked_is_tried_again_soon() -> None:
    simulated = Simulated(NOON, NOON + timedelta(hours=1))
    simulated.answers = [Exit.LOCKED, Exit.LOCKED]
    ran = await simulated.follow(job("news", "30 * * * *"))

    half = NOON + timedelta(minutes=30)
    assert [moment for _, moment in ran] == [half, half + AGAIN, half + 2 * AGAIN]


async def test_jitter_begins_later_but_never_elsewhere_than_before() -> None:
    jittered = job("news", "0 * * * *", jitter="20m")
    ran = await Simulated(NOON, NOON + timedelta(days=2)).follow(jittered)
    again = await Simulated(NOON, NOON + timedelta(days=2)).follow(jittered)
    late = [moment.minute * 60 + moment.second for _, moment in ran]

    assert ran == again
    assert len(ran) >= 47
    assert all(0 <= seconds < 1200 for seconds in late)
    assert len(set(late)) > 40


def test_a_job_without_a_cron_expression_is_never_due() -> None:
    assert next_due([job("once", None)], {}, NOON) is None
    assert not is_due(job("once", None), None, NOON)


def test_a_job_that_never_ran_is_due_for_a_batch_and_waits_in_a_schedule() -> None:
    hourly = job("hourly", "0 * * * *")
    upcoming = next_due([hourly], {}, NOON)

    assert is_due(hourly, None, NOON)
    assert upcoming is not None
    assert upcoming.at == NOON + timedelta(hours=1)
    assert begins(hourly, NOON) == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("61 * * * *", "bad minute"),
        ("* * * *", "wrong number of fields"),
        ("0 0 * * * *", "wrong number of fields"),
        ("@daily", "wrong number of fields"),
        ("0 0 30 2 *", "bad day-of-month"),
        ("0 25 * * *", "bad hour"),
        ("0 0 * * FUNDAY", "bad day-of-week"),
    ],
)
def test_a_wrong_expression_is_told_with_its_job(cron: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"my.toml: job 'news': cron: .*: {said}"):
        check_crons([job("news", cron)], "my.toml")

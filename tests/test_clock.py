"""What a run wrote whose clock was ahead keeps no later run waiting, and is told once; what waits by nature waits."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from harvester.clock import LONGEST_HOLD, LONGEST_REST, SLACK, since, waits
from harvester.config import Job, access, parse
from harvester.events import Event, Warned
from harvester.model import Image
from harvester.pipeline.earlier.journal import Journal
from harvester.pipeline.earlier.revisit import is_due as is_page_due
from harvester.runs.batch import harvest
from harvester.runs.execution import Options
from harvester.runs.report import Exit, Report
from harvester.runs.scheduling.jobs import JobFlags, Listener, chosen, due, last_start, run_jobs
from harvester.runs.scheduling.last_runs import LastRun, last_run
from harvester.runs.scheduling.schedule import Clock, follow
from harvester.runs.scheduling.timetable import is_due
from harvester.runs.upkeep import past_files
from harvester.runs.upkeep.status import status
from harvester.state import Known, State
from harvester.steps import FeedMemory
from harvester.stores.folder import RESUMABLE, Store
from tests.support.command import environment
from tests.support.listings import rss
from tests.support.press import Press, story
from tests.support.servers import Reply

DAY = 86_400.0
AHEAD = 400 * DAY
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Press(tmp_path, {"a": story(1, pictures=1)}) as press:
        press.site.routes["/feed"] = Reply(rss(f"<item><link>{press.url('a')}</link></item>").encode(), "text/xml")
        yield press


def state_of(press: Press) -> State:
    return State(press.output / ".harvester" / "state.db")


async def harvested(press: Press, *sources: str) -> tuple[Report, list[str]]:
    """Harvest, and give the report and what was warned of the clock."""
    heard: list[Event] = []
    press.site.requests.clear()
    report = await harvest(
        sources, press.config(), output=press.output, options=Options(deadline=30), emit=heard.append
    )
    return report, [event.message for event in heard if isinstance(event, Warned) and event.code == "clock"]


@pytest.mark.parametrize("by", [AHEAD, 3_600.0])
async def test_a_feed_that_was_asked_in_the_future_is_asked_now_and_told(press: Press, by: float) -> None:
    address, then = f"{press.site.url}/feed", time.time() + by
    old = zlib.compress(rss("").encode())
    with state_of(press) as state:
        state.remember_feed(FeedMemory(url=address, asked_at=then, due_at=then + 900, changed_at=then, body=old))

    _, warned = await harvested(press, address)
    with state_of(press) as state:
        noted = state.feed(address)

    assert list(press.manifests()) == ["a"]
    assert len(warned) == 1
    assert f"the feed {address} has a time ahead of the clock" in warned[0]
    assert noted is not None
    assert max(noted.asked_at, noted.changed_at) <= time.time()
    assert (await harvested(press, address))[1] == []


@pytest.mark.parametrize(("rest", "asked"), [(LONGEST_REST + 3_600, True), (LONGEST_REST - 3_600, False)])
async def test_a_feed_is_left_alone_no_longer_than_any_may_be(press: Press, rest: float, asked: bool) -> None:
    address, now = f"{press.site.url}/feed", time.time()
    old = zlib.compress(rss("").encode())
    with state_of(press) as state:
        state.remember_feed(FeedMemory(url=address, asked_at=now, due_at=now + rest, changed_at=now, body=old))

    _, warned = await harvested(press, address)

    assert ("/feed" in press.asked(), len(warned)) == (asked, asked)


async def test_a_robots_txt_of_the_future_is_asked_for(press: Press) -> None:
    press.web = ""
    press.site.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow:\n", "text/plain")
    with state_of(press) as state:
        state.remember_robots(press.site.url, "User-agent: *\nDisallow: /\n", time.time() + AHEAD)
    config = parse(press.config_text().replace("robots = false", "robots = true"))

    report = await harvest([press.url("a")], config, output=press.output)

    assert report.exit_status() is Exit.DONE
    assert "robots.txt" in report.warnings["clock"]


async def test_a_host_is_held_no_longer_than_any_may_be(press: Press) -> None:
    with state_of(press) as state:
        state.hold(press.site.url.partition("//")[2], time.time() + LONGEST_HOLD + 7_200, "status 503")

    report, warned = await harvested(press, press.url("a"))

    assert report.exit_status() is Exit.DONE
    assert len(warned) == 1


async def test_what_a_run_held_whose_clock_was_a_day_ahead_is_not_held(press: Press) -> None:
    host = press.site.url.partition("//")[2]
    held = (
        "import sys, time; now = time.time; time.time = lambda: now() + 86_400\n"
        "from pathlib import Path; from harvester.state import State\n"
        "with State(Path(sys.argv[1])) as state: state.hold(sys.argv[2], time.time() + 3_600, 'status 429')"
    )
    file = press.output / ".harvester" / "state.db"
    subprocess.run([sys.executable, "-c", held, str(file), host], env=environment(), check=True)

    report, warned = await harvested(press, press.url("a"))

    assert report.exit_status() is Exit.DONE
    assert len(warned) == 1
    assert status(press.output).held == ()


async def test_a_host_that_asked_for_days_is_held(press: Press) -> None:
    with state_of(press) as state:
        state.hold(press.site.url.partition("//")[2], time.time() + 3 * DAY, "status 503")

    report, warned = await harvested(press, press.url("a"))

    assert (report.exit_status(), warned, press.site.asked()) == (Exit.NOTHING, [], [])
    assert len(status(press.output).held) == 1


async def test_a_page_that_was_missed_in_the_future_is_asked_for(press: Press) -> None:
    with state_of(press) as state:
        state.miss(press.url("a"), access(press.config().web), "http_404", time.time() + AHEAD)

    _, warned = await harvested(press, f"{press.site.url}/feed")

    assert list(press.manifests()) == ["a"]
    assert len(warned) == 1


async def test_a_page_that_was_fetched_in_the_future_is_due(press: Press) -> None:
    await press.harvest()
    with state_of(press) as state:
        known = state.known(press.url("a"))
        assert known is not None
        then = (datetime.now(UTC) + timedelta(days=400)).isoformat()
        state.settle(replace(known, fetched_at=then), [press.url("a")], [])
    config = parse(press.config_text() + '[state]\nrevisit = "6h"\n')
    press.site.requests.clear()

    report = await harvest([press.url("a")], config, output=press.output)

    assert press.asked("/news/") == ["/news/a.html"]
    assert press.url("a") in report.warnings["clock"]


def test_every_kind_of_thing_is_told_once(tmp_path: Path) -> None:
    heard: list[Event] = []
    with State(tmp_path / "state.db") as state:
        for name in ("a", "b", "c"):
            state.remember_robots(f"https://{name}.example", "", time.time() + AHEAD)
            state.miss(f"https://{name}.example/", "x", "http_404", time.time() + AHEAD)
        state.flush()
        state.tell(heard.append)
        for name in ("a", "b", "c"):
            assert state.robots(f"https://{name}.example") is None
            assert state.missed(f"https://{name}.example/", "x") is None

    assert len(heard) == 2


def test_clocks_that_differ_by_seconds_are_in_order(tmp_path: Path) -> None:
    heard: list[Event] = []
    with State(tmp_path / "state.db") as state:
        state.remember_robots("https://a.example", "x", time.time() + SLACK / 2)
        state.flush()
        state.tell(heard.append)
        assert state.robots("https://a.example") is not None

    assert heard == []


@pytest.mark.parametrize("hours", [-(10**6), -5, 0, 5, 7, 10**6])
def test_a_page_is_due_unless_it_was_fetched_lately(hours: int) -> None:
    known = Known(key="k", url="u", folder="f", fetched_at=(NOW - timedelta(hours=hours)).isoformat())

    assert is_page_due(known, "6h", NOW) is (not 0 <= hours < 6)


# ------------------------------------------------------------------ jobs


def remember_run(press: Press, job: str, started: datetime) -> None:
    folder = press.output / ".harvester" / "jobs"
    folder.mkdir(parents=True)
    ran = LastRun(job=job, run="x", started_at=started, ended_at=started, exit_status=0, succeeded_at=started)
    (folder / f"{job}.json").write_bytes(msgspec.json.encode(ran))


async def test_a_job_that_ran_in_the_future_is_due_and_told(press: Press) -> None:
    table = f'[[job]]\nname = "news"\nsources = ["{press.url("a")}"]\ncron = "0 * * * *"\n'
    config = parse(press.config_text() + f'directory = "{press.output}"\n' + table)
    remember_run(press, "news", datetime.now(UTC) + timedelta(days=400))
    heard: list[Event] = []

    wanted = due(chosen(config, ()), config, JobFlags())
    (report,) = await run_jobs(wanted, config, JobFlags(), Listener(emit=heard.append), _stopping())

    assert report.exit_status() is Exit.DONE
    assert [event.message[:20] for event in heard if isinstance(event, Warned)] == ["the last run of job "]
    assert (last_start(wanted[0], config, JobFlags()) or NOW) <= datetime.now(UTC)
    assert due(chosen(config, ()), config, JobFlags()) == ()


def test_a_success_of_the_future_is_no_reason_not_to_miss_the_next(press: Press) -> None:
    remember_run(press, "news", datetime.now(UTC) + timedelta(days=400))

    ran = last_run(press.output, "news")

    assert ran is not None
    assert ran.succeeded_at is not None
    assert ran.succeeded_at <= datetime.now(UTC)


async def test_a_schedule_runs_a_job_of_the_future_at_its_next_time() -> None:
    hourly = Job(name="news", sources=("https://a.example/feed",), cron="0 * * * *")
    moment, ran, stopping = [NOW], list[datetime](), _stopping()

    async def wait(until: datetime) -> None:
        moment[0] = until
        if until > NOW + timedelta(hours=3):
            stopping.set()

    async def run(job: Job) -> Exit:
        ran.append(moment[0])
        return Exit.DONE

    future = {"news": NOW + timedelta(days=4000)}
    await follow(lambda: [hourly], run, future, Clock(now=lambda: moment[0], wait=wait), stopping)

    assert ran == [NOW + timedelta(hours=hours) for hours in (1, 2, 3)]


@pytest.mark.parametrize(("hours", "is_time"), [(24, True), (0, False), (-2, True), (-(10**5), True)])
def test_a_job_is_due_when_its_time_came_or_nobody_knows(hours: int, is_time: bool) -> None:
    nightly = Job(name="a", sources=("x",), cron="0 11 * * *")

    assert is_due(nightly, NOW - timedelta(hours=hours), NOW) is is_time


# ------------------------------------------------------------------ files


async def test_parts_and_pages_of_the_future_are_kept_for_seven_days_from_now(press: Press) -> None:
    store = Store(press.output)
    store.prepare()
    with Journal(store) as journal:
        journal.write_down(Image(number=1, role="inline"), "key")
    part = store.work("key") / "01.part"
    part.write_bytes(b"half")
    page = next(store.work_folder.glob("journal*"))
    for path in (part, page):
        os.utime(path, (time.time() + AHEAD,) * 2)

    _, warned = await harvested(press, press.url("a"))
    assert max(part.stat().st_mtime, page.stat().st_mtime) <= time.time()
    assert len(warned) == 1

    for path in (part, page):
        os.utime(path, (time.time() - RESUMABLE - 60,) * 2)
    _, warned = await harvested(press, press.url("a"))
    assert not part.exists()
    assert (page.exists(), warned) == (False, [])


async def test_reports_of_the_future_come_last_and_are_forgotten_in_time(press: Press) -> None:
    runs = press.output / ".harvester" / "runs"
    runs.mkdir(parents=True)
    future = runs / "20991231T235959Z-beef.json"
    future.write_bytes(msgspec.json.encode({"run": "20991231T235959Z-beef"}))

    report, warned = await harvested(press, press.url("a"))

    assert [run["run"] for run in status(press.output).runs] == [report.run, "20991231T235959Z-beef"]
    assert (len(warned), future.exists()) == (1, True)
    os.utime(future, (time.time() - 400 * DAY,) * 2)
    past_files.forget(press.output, 366 * DAY)
    assert not future.exists()
    assert len(list(runs.iterdir())) == 1


# ------------------------------------------------------------------ what waits


def test_what_was_reckoned_by_a_clock_that_was_ahead_is_not_waited_for() -> None:
    def at(days: int) -> str:
        return (NOW + timedelta(days=days)).isoformat()

    assert waits(at(3), NOW, noted=at(-1))
    assert waits(at(3), NOW)
    assert not waits(at(403), NOW, noted=at(400))
    assert not waits(at(-1), NOW, noted=at(-2))
    assert not waits(None, NOW)


def test_what_passed_is_told_apart_from_what_is_yet_to_come() -> None:
    assert since(NOW - timedelta(hours=1), NOW) == 3_600
    assert since(NOW + timedelta(seconds=SLACK / 2), NOW) == 0
    assert since(NOW + timedelta(hours=1), NOW) is None


def _stopping() -> asyncio.Event:

    return asyncio.Event()

"""The jobs of a configuration, run once: each with its report, none stopped by another."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harvester.config import Config, parse
from harvester.errors import UsageError
from harvester.events import Event, Warned
from harvester.runs import finish
from harvester.runs.lock import locked
from harvester.runs.report import Exit, Report
from harvester.runs.scheduling.jobs import JobFlags, Listener, chosen, combined, due, remembered, run_jobs
from tests.support.command import environment, harvester
from tests.support.press import Press, story, validated
from tests.support.processes import gone
from tests.support.servers import Answered, Seen

JOBS = 5


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    """A press whose stories are named in five lists, a job for each."""
    with Press(tmp_path, {f"s{n}": story(n, pictures=1) for n in range(1, 11)}) as press:
        press.settings = f'directory = "{press.output}"\n'
        names = list(press.stories)
        for number in range(JOBS):
            part = names[number * 2 : number * 2 + 2]
            (tmp_path / f"list{number}.txt").write_text("\n".join(map(press.url, part)))
        yield press


def jobs(press: Press, *, more: str = "", each: str = "") -> str:
    """The configuration with the five jobs."""
    tables = (
        f'[[job]]\nname = "job{n}"\nsources = ["@{press.folder}/list{n}.txt"]\ncron = "0 * * * *"\n{each}'
        for n in range(JOBS)
    )
    return press.config_text() + "\n".join([*tables, more])


async def run(config: Config, *names: str, heard: list[Event] | None = None, **asked: Any) -> list[Report]:
    listener = Listener(emit=heard.append if heard is not None else lambda event: None)
    return await run_jobs(chosen(config, names), config, JobFlags(**asked), listener, asyncio.Event())


def reports(press: Press) -> dict[str, Any]:
    """The reports on disk, by job."""
    found = [msgspec.json.decode(path.read_bytes()) for path in press.output.glob(".harvester/runs/*.json")]
    return {report["job"]: report for report in found}


async def test_every_job_has_a_report_with_its_name(press: Press) -> None:
    ran = await run(parse(jobs(press)))

    assert [report.job for report in ran] == [f"job{n}" for n in range(JOBS)]
    assert combined(ran) is Exit.DONE
    assert {job: report["articles"] for job, report in reports(press).items()} == {
        f"job{n}": {"written": 2} for n in range(JOBS)
    }
    assert len(press.manifests()) == 10


async def test_a_second_run_asks_only_conditionally(press: Press) -> None:
    config = parse(jobs(press, each='revisit = "changed"\n'))
    await run(config)
    press.site.requests.clear()
    ran = await run(config)

    assert len(press.site.requests) == 10
    assert all("if-none-match" in seen.headers for seen in press.site.requests)
    assert combined(ran) is Exit.DONE


@pytest.mark.slow
async def test_two_hundred_articles_of_five_feeds_are_asked_conditionally_the_second_time(tmp_path: Path) -> None:
    with Press(tmp_path, {f"s{n}": story(n, pictures=1) for n in range(200)}) as press:
        names = list(press.stories)
        tables = []
        for number in range(JOBS):
            entries = "".join(
                f"<item><title>{name}</title><link>{press.url(name)}</link></item>" for name in names[number::JOBS]
            )
            feed = f'<rss version="2.0"><channel><title>Feed</title>{entries}</channel></rss>'.encode()
            press.site.routes[f"/feed{number}"] = validated(feed, "application/rss+xml")
            tables.append(f'[[job]]\nname = "job{number}"\nsources = ["{press.site.url}/feed{number}"]\n')
            tables.append('kind = "feed"\nrevisit = "changed"\n')
        press.settings = f'directory = "{press.output}"\n'
        config = parse(press.config_text() + "".join(tables))
        first = await run(config)
        press.site.requests.clear()
        second = await run(config)
        asked = [seen.target for seen in press.site.requests]

    assert (combined(first), combined(second)) == (Exit.DONE, Exit.DONE)
    assert sum(report.articles["written"] for report in first) == 200
    assert sorted(asked) == sorted([f"/feed{n}" for n in range(JOBS)] + [f"/news/{name}.html" for name in names])
    assert all("if-none-match" in seen.headers for seen in press.site.requests)


async def test_a_job_never_asks_again_unless_told_to(press: Press) -> None:
    config = parse(jobs(press))
    await run(config)
    press.site.requests.clear()
    await run(config)

    assert press.site.requests == []


async def test_a_job_that_cannot_begin_stops_no_other(press: Press) -> None:
    bad = '[[job]]\nname = "bad"\nsources = ["/nowhere/at/all.txt"]\n'
    config = parse(jobs(press, more=bad))
    first, second = await run(config, "bad", "job0")

    assert (first.exit_status(), second.exit_status()) == (Exit.USAGE, Exit.DONE)
    assert "/nowhere/at/all.txt" in (first.error or "")
    assert combined([first, second]) is Exit.USAGE
    assert remembered(config.job[-1], config, JobFlags()) is not None
    assert reports(press)["bad"]["exit_status"] == 2


async def test_a_job_lays_its_tables_over_the_sections(press: Press) -> None:
    elsewhere = press.folder / "elsewhere"
    config = parse(jobs(press, more=f'[job.output]\ndirectory = "{elsewhere}"\n[job.thumbnails]\nwidths = [100]\n'))
    await run(config, "job4")

    assert press.manifests() == {}
    assert len(list(elsewhere.glob("*/*/*/*/thumbnails/*-100.jpg"))) == 2


async def test_a_deadline_is_its_jobs_own_and_no_interruption(press: Press) -> None:
    config = parse(jobs(press, each='deadline = "0s"\n').replace('deadline = "0s"', 'deadline = "1h"', 1))
    ran = await run(config)

    assert (ran[0].articles["written"], ran[0].out_of_time) == (2, False)
    assert all(report.out_of_time for report in ran[1:])
    assert combined(ran) is Exit.DONE


async def test_due_are_the_jobs_whose_time_came_since_their_last_run(press: Press) -> None:
    config = parse(jobs(press, more='[[job]]\nname = "by hand"\nsources = ["x"]\n'.replace("by hand", "by-hand")))
    before = due(config.job, config, JobFlags())
    await run(config, "job0", "job1")
    after = due(config.job, config, JobFlags())
    path = press.output / ".harvester" / "jobs" / "job1.json"
    memory = msgspec.json.decode(path.read_bytes())
    memory["started_at"] = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    path.write_bytes(msgspec.json.encode(memory))

    assert [job.name for job in before] == [f"job{n}" for n in range(JOBS)]
    assert [job.name for job in after] == ["job2", "job3", "job4"]
    assert [job.name for job in due(config.job, config, JobFlags())] == ["job1", "job2", "job3", "job4"]


async def test_a_job_whose_output_is_locked_stays_due(press: Press) -> None:
    config = parse(jobs(press))
    (press.output / ".harvester").mkdir(parents=True)
    async with locked(press.output / ".harvester" / "lock", run="another"):
        ran = await run(config, "job0")

    assert combined(ran) is Exit.LOCKED
    assert "job0" in [job.name for job in due(config.job, config, JobFlags())]


async def test_the_command_at_the_end_gets_the_report(press: Press) -> None:
    told = press.folder / "told.json"
    code = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())"
    command = msgspec.json.encode([sys.executable, "-c", code, str(told)]).decode()
    await run(parse(jobs(press, each=f"on_finish = {command}\n")), "job3")

    report = msgspec.json.decode(told.read_bytes())
    assert (report["job"], report["exit_status"], report["articles"]) == ("job3", 0, {"written": 2})


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("/nowhere/notify",), "No such file or directory"),
        ((sys.executable, "-c", "raise SystemExit(4)"), "exit status 4"),
    ],
)
async def test_a_command_that_fails_is_told_and_changes_nothing(
    press: Press, command: tuple[str, ...], said: str
) -> None:
    heard: list[Event] = []
    ran = await run(parse(jobs(press)), "job0", heard=heard, on_finish=command)

    assert [event.message for event in heard if isinstance(event, Warned)] == [f"on_finish: {command[0]}: {said}"]
    assert combined(ran) is Exit.DONE


async def test_a_command_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    heard: list[Event] = []
    script = f"echo $$ > {tmp_path}/leader; sleep 60 & echo $! > {tmp_path}/child; wait"
    await finish.tell(("sh", "-c", script), Report(job="a"), heard.append, patience=1.0)
    pids = {int((tmp_path / name).read_text()) for name in ("leader", "child")}

    assert gone(pids)
    assert [event.message for event in heard if isinstance(event, Warned)] == [
        "on_finish: sh: not done after 1 s, and ended"
    ]


async def test_a_command_that_reads_nothing_is_no_trouble() -> None:
    heard: list[Event] = []
    await finish.tell(("true",), Report(job="a"), heard.append)

    assert heard == []


def test_a_name_that_is_none_is_told_with_the_nearest(press: Press) -> None:
    with pytest.raises(UsageError, match="No job is called 'jbo1'; did you mean 'job1'"):
        chosen(parse(jobs(press)), ["jbo1"])


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [
        ((), 0),
        ((0, 0), 0),
        ((0, 3), 3),
        ((4, 4), 4),
        ((4, 0), 3),
        ((75, 0), 75),
        ((75, 3), 3),
        ((2, 3), 2),
        ((5, 130), 5),
        ((1, 5), 1),
    ],
)
def test_the_worst_status_counts(statuses: tuple[int, ...], whole: int) -> None:
    def ended(status: int) -> Report:
        report = Report()
        report.refuse(Exit(status), "so it ended")
        return report

    assert combined([ended(status) for status in statuses]) == whole


def test_the_command_runs_jobs_and_tells_of_each(press: Press) -> None:
    file = press.folder / "jobs.toml"
    file.write_text(jobs(press))
    metrics = press.folder / "harvester.prom"
    done = harvester(
        "batch", "job1", "job2", "-c", file, "--json", "--log-format", "json", "--metrics", metrics, cwd=press.folder
    )
    lines = [msgspec.json.decode(line) for line in done.stderr.splitlines()]
    ended = [line for line in lines if line["event"] == "run_ended"]
    counts = metrics.read_text()

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 4
    assert [(line["job"], line["articles"]) for line in ended] == [("job1", {"written": 2}), ("job2", {"written": 2})]
    assert {line["job"] for line in lines} == {"job1", "job2"}
    assert 'harvester_articles_total{job="job1",status="written"} 2.0' in counts
    assert 'harvester_assets_total{job="job2",kind="image",status="saved"} 2.0' in counts
    assert 'harvester_last_success_timestamp_seconds{job="job2"}' in counts


def test_metrics_that_cannot_be_written_are_told_and_stop_no_job(press: Press) -> None:
    file, folder = press.folder / "jobs.toml", press.folder / "metrics"
    file.write_text(jobs(press))
    folder.mkdir()

    done = harvester(
        "batch", "job1", "job2", "-c", file, "--metrics", folder / "a.prom", "--on-finish", f"rm -rf {folder}"
    )

    assert done.returncode == 0
    assert len(press.manifests()) == 4
    assert done.stderr.count(f"! --metrics {folder}/a.prom: no such file or directory") == 2


def test_what_is_not_due_is_not_run(press: Press) -> None:
    file = press.folder / "jobs.toml"
    file.write_text(jobs(press))
    first = harvester("batch", "--due", "-c", file, cwd=press.folder)
    press.site.requests.clear()
    second = harvester("batch", "--due", "-c", file, cwd=press.folder)

    assert (first.returncode, second.returncode) == (0, 0)
    assert press.site.requests == []
    assert len(press.manifests()) == 10


def started(press: Press, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "harvester", "batch", "-c", str(press.folder / "jobs.toml"), *arguments]
    return subprocess.Popen(
        command, cwd=press.folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for(press: Press, requests: int) -> None:
    """Wait until so many requests came in, at most 20 seconds."""
    until = time.monotonic() + 20
    while len(press.site.requests) < requests and time.monotonic() < until:
        time.sleep(0.002)


@pytest.mark.parametrize("which", [signal.SIGKILL, signal.SIGTERM])
def test_a_batch_that_is_ended_is_completed_by_the_same_command(press: Press, which: signal.Signals) -> None:
    (press.folder / "jobs.toml").write_text(jobs(press))
    first = started(press, "--due")
    wait_for(press, 10)
    first.send_signal(which)
    first.communicate(timeout=20)
    had = len(press.manifests())
    press.site.requests.clear()
    second = started(press, "--due")
    second.communicate(timeout=60)

    assert first.returncode == (143 if which is signal.SIGTERM else -9)
    assert 0 < had < 10
    assert second.returncode == 0
    assert len(press.manifests()) == 10
    assert len(press.site.requests) < 20


def test_of_two_at_once_the_second_ends_with_75_or_waits(press: Press) -> None:
    (press.folder / "jobs.toml").write_text(jobs(press))
    released = threading.Event()
    page = press.site.routes["/news/s1.html"]

    def held(seen: Seen) -> Answered:
        released.wait(30)
        assert callable(page)
        return page(seen)

    press.site.routes["/news/s1.html"] = held
    first = started(press, "job0")
    wait_for(press, 1)
    waiting = started(press, "job1", "--wait", "30")
    second = started(press, "job0")
    _, said = second.communicate(timeout=20)
    released.set()
    waiting.communicate(timeout=60)
    first.communicate(timeout=60)

    assert (first.returncode, second.returncode, waiting.returncode) == (0, 75, 0)
    assert str(first.pid) in said

"""`harvester schedule` as a process: signals, the service manager, metrics, broken configurations."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import pytest

from tests.support.command import environment, harvester
from tests.support.press import Press, story


class Scheduled:
    """A schedule that runs, and the events it wrote so far."""

    def __init__(self, press: Press, *arguments: str, **changes: str) -> None:
        self._log = press.folder / "log.jsonl"
        command = [sys.executable, "-m", "harvester", "schedule", "-c", str(press.folder / "config.toml")]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--log-format", "json", *arguments],
                cwd=press.folder,
                env=environment(**changes),
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()

    def heard(self, event: str) -> list[Any]:
        lines = self._log.read_bytes().split(b"\n")[:-1]
        return [line for line in map(msgspec.json.decode, lines) if line["event"] == event]

    def wait_for(self, event: str, count: int = 1) -> Any:
        """Give the event as soon as it was written so often; fails after 20 seconds."""
        wait_until(lambda: len(self.heard(event)) >= count)
        return self.heard(event)[count - 1]

    def end(self, which: signal.Signals) -> int:
        self.process.send_signal(which)
        return self.process.wait(timeout=10)


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.01)


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    """A press with a yearly job that ran two years ago, so that it is due at once and only then."""
    with Press(tmp_path, {"s1": story(1, pictures=1)}) as press:
        press.settings = f'directory = "{press.output}"\n'
        job = f'[[job]]\nname = "yearly"\nsources = ["{press.url("s1")}"]\ncron = "0 0 1 1 *"\n'
        (tmp_path / "config.toml").write_text(press.config_text() + job)
        yield press


def ran_long_ago(press: Press) -> None:
    then = (datetime.now(UTC) - timedelta(days=800)).isoformat()
    memory = {"job": "yearly", "run": "r", "started_at": then, "ended_at": then, "exit_status": 0}
    path = press.output / ".harvester" / "jobs" / "yearly.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(msgspec.json.encode(memory))


def test_what_was_missed_runs_at_once_and_sigterm_ends_with_0(press: Press) -> None:
    ran_long_ago(press)
    with Scheduled(press) as schedule:
        ended = schedule.wait_for("run_ended")
        awaited = schedule.wait_for("job_awaited", 2)

        assert (ended["job"], ended["articles"], ended["exit_status"]) == ("yearly", {"written": 1}, 0)
        assert awaited["at"] == f"{datetime.now(UTC).year + 1}-01-01T00:00:00+00:00"
        assert schedule.end(signal.SIGTERM) == 0
    assert list(press.manifests()) == ["s1"]


def test_a_job_that_never_ran_waits_and_ctrl_c_ends_with_130(press: Press) -> None:
    with Scheduled(press) as schedule:
        schedule.wait_for("job_awaited")

        assert schedule.end(signal.SIGINT) == 130
    assert press.site.requests == []


def test_sigterm_ends_a_running_job_which_stays_due(press: Press) -> None:
    ran_long_ago(press)
    before = (press.output / ".harvester" / "jobs" / "yearly.json").read_bytes()
    ended = threading.Event()
    press.site.routes["/news/s1.html"] = lambda seen: "too late" if ended.wait(30) else "never"
    with Scheduled(press) as schedule:
        wait_until(lambda: bool(press.site.requests))

        assert schedule.end(signal.SIGTERM) == 0
    ended.set()
    assert (press.output / ".harvester" / "jobs" / "yearly.json").read_bytes() == before


def test_sighup_reads_the_configuration_again_and_a_broken_one_is_told(press: Press) -> None:
    file = press.folder / "config.toml"
    good = file.read_text()
    with Scheduled(press) as schedule:
        schedule.wait_for("job_awaited")
        file.write_text(good + 'cron = "later"\n')
        schedule.process.send_signal(signal.SIGHUP)
        told = schedule.wait_for("warned")
        file.write_text(good.replace('"yearly"', '"monthly"').replace("0 0 1 1 *", "0 0 1 * *"))
        schedule.process.send_signal(signal.SIGHUP)
        again = schedule.wait_for("warned", 2)
        awaited = schedule.wait_for("job_awaited", 2)

    assert (told["code"], "The old configuration stays" in told["message"]) == ("configuration", True)
    assert (again["code"], awaited["job"]) == ("reloaded", "monthly")


def test_the_service_manager_hears_ready_status_and_the_watchdog(press: Press) -> None:
    address = str(press.folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.settimeout(20)
        with Scheduled(press, NOTIFY_SOCKET=address, WATCHDOG_USEC="200000") as schedule:
            said = [manager.recv(4096).decode() for _ in range(6)]
            schedule.end(signal.SIGTERM)
            while not said[-1].startswith("STOPPING"):
                said.append(manager.recv(4096).decode())

    assert said[0] == "READY=1"
    assert said.count("WATCHDOG=1") >= 3
    assert any(line.startswith("STATUS=next: yearly at") for line in said)
    assert said[-1] == "STOPPING=1"


def test_metrics_are_served_on_loopback(press: Press) -> None:
    ran_long_ago(press)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Scheduled(press, "--metrics-port", str(port)) as schedule:
        schedule.wait_for("run_ended")
        schedule.wait_for("job_awaited", 2)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            counts = answer.read().decode()

    assert 'harvester_articles_total{job="yearly",status="written"} 1.0' in counts
    assert 'harvester_run_exit_status{job="yearly"} 0.0' in counts
    assert 'harvester_article_seconds_count{job="yearly"} 1.0' in counts


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["schedule", "yaerly"], "No job is called 'yaerly'; did you mean 'yearly'?"),
        (["batch", "--metrics", "no/where.prom"], "--metrics no/where.prom: no is no folder that can be written"),
        (["batch", "--metrics", "."], "--metrics .: is a folder; give a file in it, as in harvester.prom"),
        (["schedule", "--metrics-port", "http"], "--metrics-port http: expected a port"),
        (["schedule", "--print-crontab", "--print-k8s"], "one --print flag at a time"),
    ],
)
def test_what_cannot_be_followed_is_told_at_once(press: Press, arguments: list[str], said: str) -> None:
    done = harvester(*arguments, cwd=press.folder)

    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ('cron = "61 * * * *"', "job 'a': cron: '61 * * * *': bad minute"),
        ('cron = "0 0 * * *"\ntimezone = "Europe/Lisbn"', "timezone: 'Europe/Lisbn' is not known here; did you mean"),
        ('cron = "0 0 * * *"\nallow = ["("]', "allow: '(' is not a regular expression"),
        ('cron = "0 0 * * *"\njiter = "2m"', "job 'a': unknown key 'jiter'; did you mean 'jitter'?"),
        ('cron = "0 0 * * *"\n[job.web]\ndelya = 2', "job 'a': unknown key 'web.delya'; did you mean 'delay'?"),
        ('fetch = "page"', "no job has a time"),
    ],
)
def test_a_job_that_cannot_be_followed_is_told_with_its_key(tmp_path: Path, job: str, said: str) -> None:
    (tmp_path / "config.toml").write_text(f'[[job]]\nname = "a"\nsources = ["list.txt"]\n{job}\n')
    done = harvester("schedule", cwd=tmp_path)

    assert done.returncode == 2
    assert said in done.stderr

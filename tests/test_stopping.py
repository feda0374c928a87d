"""A run that is told to stop ends, whatever its threads do; its output is free, and the same command goes on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.command import environment, harvester
from tests.support.press import Press, story
from tests.support.processes import below, gone

ENDS = 60
"""Seconds for which a busy machine may be late; what is slow in these tests takes longer by far."""


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Press(tmp_path, {"a": story(1, pictures=2)}) as press:
        (tmp_path / "config.toml").write_text(press.config_text())
        yield press


def slow(press: Press, step: str, how: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a command in which a step computes for minutes; gives it when that has begun."""
    mark = press.folder / "begun"
    command = [sys.executable, "-m", "tests.support.slow", step, how, str(mark), *arguments]
    process = started(press, command)
    until = time.monotonic() + ENDS
    while not mark.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    return process


def started(press: Press, command: list[str], **how: Any) -> subprocess.Popen[str]:
    how = {"stdin": subprocess.DEVNULL, **how}
    return subprocess.Popen(
        command, cwd=press.folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how
    )


def harvest(press: Press, *more: str) -> tuple[str, ...]:
    return "harvest", press.url("a"), "-o", "out", "-c", "config.toml", *more


def told(process: subprocess.Popen[str], *signals: int) -> str:
    """Send *signals*, each when the one before was heard of, and wait for the end; gives what was said."""
    assert process.stderr is not None
    said = ""
    for number, which in enumerate(signals):
        process.send_signal(which)
        if number + 1 < len(signals):
            said += next(line for line in process.stderr if "Stop" in line)
    said += process.communicate(timeout=ENDS)[1]
    assert "Traceback" not in said
    return said


def assert_it_goes_on(press: Press) -> None:
    """The lock is free, nothing is half, and the same command completes."""
    assert harvester(*harvest(press), cwd=press.folder).returncode == 0
    assert [image["status"] for image in press.manifests()["a"]["images"]] == ["saved", "saved"]
    assert harvester("verify", "out", cwd=press.folder).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(("step", "how"), [("plan", "python"), ("picture", "free")])
@pytest.mark.parametrize(
    ("signals", "status"), [((signal.SIGTERM,), 143), ((signal.SIGINT,), 130), ((signal.SIGINT, signal.SIGINT), 130)]
)
def test_a_run_told_to_stop_ends_whatever_its_threads_compute(
    press: Press, step: str, how: str, signals: tuple[int, ...], status: int
) -> None:
    process = slow(press, step, how, *harvest(press))
    said = told(process, *signals)

    assert process.returncode == status
    assert {"plan": "planning http://127", "picture": "decoding http://127"}[step] in said.replace("\n", "")
    (report,) = (press.output / ".harvester/runs").glob("*.json")
    assert msgspec.json.decode(report.read_bytes())["exit_status"] == status
    assert (press.output / ".harvester/lock").read_bytes() == b""
    assert_it_goes_on(press)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["plan", "picture"])
def test_a_deadline_ends_a_run_whatever_its_threads_compute(press: Press, step: str) -> None:
    process = slow(press, step, "free", *harvest(press, "--deadline", "2s"))
    told(process)

    assert process.returncode == 0
    assert_it_goes_on(press)


@pytest.mark.slow
@pytest.mark.parametrize(("signals", "status"), [((signal.SIGTERM,), 143), ((signal.SIGINT,), 130)])
def test_a_run_told_to_stop_ends_while_a_feed_is_read(press: Press, signals: tuple[int, ...], status: int) -> None:
    (press.folder / "feed.xml").write_text("<rss><channel><item><link>http://a.example/</link></item></channel></rss>")
    process = slow(press, "feed", "python", "harvest", "feed.xml", "-o", "out", "-c", "config.toml")
    said = told(process, *signals)

    assert process.returncode == status
    assert "reading feed.xml" in said
    assert_it_goes_on(press)


@pytest.mark.slow
def test_the_first_interrupt_writes_the_manifest_without_the_picture_that_takes_for_ever(press: Press) -> None:
    process = slow(press, "picture", "free", *harvest(press))
    told(process, signal.SIGINT)

    assert {image["status"] for image in press.manifests()["a"]["images"]} == {"planned"}


@pytest.mark.slow
def test_a_run_is_killed_while_one_call_keeps_everything_in_it_from_running(press: Press) -> None:
    process = slow(press, "plan", "held", *harvest(press))
    helpers = below(process.pid)
    told(process, signal.SIGTERM)

    assert process.returncode == -signal.SIGKILL
    assert gone(helpers)
    assert_it_goes_on(press)


@pytest.mark.slow
@pytest.mark.parametrize(("which", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_batch_told_to_stop_ends_whatever_its_threads_compute(press: Press, which: int, status: int) -> None:
    job = f'[[job]]\nname = "gazette"\nsources = ["{press.url("a")}"]\n'
    (press.folder / "config.toml").write_text(press.config_text() + job)
    process = slow(press, "plan", "free", "batch", "-o", "out", "-c", "config.toml")
    told(process, which)

    assert process.returncode == status
    assert_it_goes_on(press)


@pytest.mark.slow
def test_a_schedule_told_to_stop_ends_whatever_its_threads_compute(press: Press) -> None:
    job = f'[[job]]\nname = "gazette"\nsources = ["{press.url("a")}"]\ncron = "0 0 1 1 *"\n'
    (press.folder / "config.toml").write_text(press.config_text() + job)
    memory = press.output / ".harvester/jobs/gazette.json"
    memory.parent.mkdir(parents=True)
    then = (datetime.now(UTC) - timedelta(days=800)).isoformat()
    ran = {"job": "gazette", "run": "r", "started_at": then, "ended_at": then, "exit_status": 0}
    memory.write_bytes(msgspec.json.encode(ran))
    process = slow(press, "plan", "free", "schedule", "-o", "out", "-c", "config.toml")
    told(process, signal.SIGTERM)

    assert process.returncode == 0
    assert_it_goes_on(press)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "command", "which"),
    [
        ("inspect", "inspect {url} -c config.toml", signal.SIGINT),
        ("verify", "verify out -c config.toml", signal.SIGTERM),
        ("thumbnails", "thumbnails out -c wider.toml", signal.SIGINT),
        ("rebuild", "state rebuild out -c config.toml", signal.SIGTERM),
    ],
)
def test_every_command_told_to_stop_ends_whatever_its_threads_compute(
    press: Press, step: str, command: str, which: signal.Signals
) -> None:
    harvester(*harvest(press), cwd=press.folder)
    (press.folder / "wider.toml").write_text(press.config_text() + "[thumbnails]\nwidths = [100]\n")
    process = slow(press, step, "python", *command.format(url=press.url("a")).split())
    told(process, which)

    assert process.returncode == 128 + which
    assert_it_goes_on(press)


@pytest.mark.parametrize(("which", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_run_that_waits_for_another_one_is_stopped(press: Press, which: int, status: int) -> None:
    first = reading(press, stdin=subprocess.PIPE)
    lock = press.output / ".harvester/lock"
    until = time.monotonic() + ENDS
    while not (lock.exists() and lock.read_bytes()) and time.monotonic() < until:
        time.sleep(0.01)
    second = reading(press, "--wait", "3600", stdin=subprocess.PIPE)
    wait_until_signals_are_heard(second)
    second.send_signal(which)
    second.communicate(timeout=ENDS)
    first.kill()
    first.communicate()

    assert second.returncode == status


@pytest.mark.slow
def test_a_run_whose_output_nobody_reads_is_stopped(press: Press) -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writer, bytes(4096))
    os.set_blocking(writer, True)
    process = subprocess.Popen(
        [sys.executable, "-m", "harvester", *harvest(press, "--json")],
        cwd=press.folder,
        env=environment(),
        stdout=writer,
    )
    wait_for_the_article(press)
    process.send_signal(signal.SIGTERM)

    assert process.wait(ENDS) == 143
    os.close(reader)
    os.close(writer)
    assert_it_goes_on(press)


# ------------------------------------------------------------------ sources that keep their reader waiting


def reading(press: Press, *more: str, **how: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "harvester", "harvest", "-", "-o", "out", "-c", "config.toml", *more]
    return started(press, command, **how)


def wait_until_signals_are_heard(process: subprocess.Popen[str]) -> None:
    """Wait until a process has a handler for SIGTERM, as Linux tells it."""
    until = time.monotonic() + ENDS
    while time.monotonic() < until:
        caught = re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{process.pid}/status").read_text())
        if caught and int(caught[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.01)


def wait_for_the_article(press: Press) -> None:
    until = time.monotonic() + ENDS
    while not press.manifests() and time.monotonic() < until:
        time.sleep(0.01)


@pytest.mark.parametrize(("which", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_run_whose_standard_input_is_idle_is_stopped(press: Press, which: int, status: int) -> None:
    process = reading(press, stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(f"{press.url('a')}\n")
    process.stdin.flush()
    wait_for_the_article(press)
    process.send_signal(which)

    assert process.wait(ENDS) == status  # nobody closed its standard input
    assert "Fatal" not in process.communicate()[1]
    assert_it_goes_on(press)


def test_a_deadline_ends_a_run_whose_standard_input_is_idle(press: Press) -> None:
    process = reading(press, "--deadline", "1s", stdin=subprocess.PIPE)

    assert process.wait(ENDS) == 0
    assert process.communicate()[1].count("Fatal") == 0


@pytest.mark.parametrize("repeated", ["{url}", "# nothing", ""])
@pytest.mark.parametrize(("which", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_list_that_repeats_itself_for_ever_is_stopped(press: Press, repeated: str, which: int, status: int) -> None:
    endless = ["sh", "-c", 'echo "$0"; exec yes "$1"', press.url("a"), repeated.format(url=press.url("a"))]
    lines = subprocess.Popen(endless, stdout=subprocess.PIPE)
    try:
        process = reading(press, stdin=lines.stdout)
        wait_for_the_article(press)
        process.send_signal(which)
        process.communicate(timeout=ENDS)
    finally:
        lines.kill()
        lines.communicate()

    assert process.returncode == status

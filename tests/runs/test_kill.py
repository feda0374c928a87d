"""Whatever ends a run, nothing half is ever visible, and the same command completes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from tests.support.command import environment
from tests.support.press import Press, story
from tests.support.servers import Reply, Seen


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Press(tmp_path, {f"s{n}": story(n, pictures=4) for n in range(1, 31)}) as press:
        (tmp_path / "config.toml").write_text(press.config_text())
        (tmp_path / "list.txt").write_text("\n".join(press.url(name) for name in press.stories))
        yield press


def started(press: Press, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "harvester", "harvest", "@list.txt", "-o", "out", "-c", "config.toml", *more]
    return subprocess.Popen(
        command, cwd=press.folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finished(press: Press) -> int:
    """Run the command again to its end; gives its exit status."""
    process = started(press)
    process.communicate(timeout=60)
    return process.returncode


def assert_nothing_half(output: Path) -> None:
    """Every visible file is whole: pictures decode, and manifests speak of no file that is not there."""
    for path in output.glob("*/*/*/*/*/*"):
        with Image.open(BytesIO(path.read_bytes())) as picture:
            picture.load()
    for path in output.glob("*/*/*/*/manifest.json"):
        manifest: Any = msgspec.json.decode(path.read_bytes())
        for image in manifest["images"]:
            if image["status"] == "saved":
                assert (path.parent / image["file"]["path"]).stat().st_size == image["file"]["bytes"]


def kept(output: Path) -> set[str]:
    """The pictures that are on disk, by what they are asked for as."""
    return {f"/pictures/{path.name[3:]}" for path in output.glob("*/*/*/*/images/*")}


def wait_for(press: Press, requests: int) -> None:
    """Wait until so many requests came in, at most 20 seconds."""
    until = time.monotonic() + 20
    while len(press.site.requests) < requests and time.monotonic() < until:
        time.sleep(0.002)


@pytest.mark.slow
def test_a_run_killed_at_any_moment_is_completed_by_the_same_command(press: Press) -> None:
    chance = random.Random(11)
    twice = 0
    for _ in range(20):
        there = kept(press.output)
        press.site.requests.clear()
        process = started(press)
        wait_for(press, chance.randrange(1, 40))
        process.kill()
        process.communicate()
        assert_nothing_half(press.output)
        twice += len(there & set(press.asked("/pictures/")))

    assert finished(press) == 0
    assert twice == 0
    assert_nothing_half(press.output)
    assert len(press.manifests()) == 30
    assert all(image["status"] == "saved" for m in press.manifests().values() for image in m["images"])


@pytest.mark.parametrize(("which", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_run_that_is_told_to_end_ends_soon_and_leaves_nothing_half(press: Press, which: int, status: int) -> None:
    process = started(press)
    wait_for(press, 12)
    process.send_signal(which)
    _, said = process.communicate(timeout=10)

    assert process.returncode == status
    assert "Traceback" not in said
    assert_nothing_half(press.output)
    assert finished(press) == 0
    assert len(press.manifests()) == 30


def test_the_first_interrupt_finishes_pictures_in_flight_and_writes_their_manifest(press: Press) -> None:
    name = press.stories["s1"].pictures[0].name
    begun: list[Seen] = []

    def slow(seen: Seen) -> Reply:
        begun.append(seen)
        return Reply(press.stories["s1"].pictures[0].data, "image/jpeg", after=0.7)

    press.site.routes[f"/pictures/{name}"] = slow
    (press.folder / "list.txt").write_text(press.url("s1"))
    process = started(press)
    until = time.monotonic() + 20
    while not begun and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGINT)
    process.communicate(timeout=20)

    assert process.returncode == 130
    assert press.manifests()["s1"]["images"][0]["status"] == "saved"


def test_a_deadline_ends_a_run_cleanly_and_the_next_goes_on(press: Press) -> None:
    process = started(press, "--deadline", "0s")
    process.communicate(timeout=20)

    assert process.returncode == 0
    assert finished(press) == 0
    assert len(press.manifests()) == 30


def test_two_runs_at_once_the_second_says_who_holds_the_output(press: Press) -> None:
    data, ended = press.stories["s1"].pictures[0].data, threading.Event()

    def held(seen: Seen) -> Reply:
        ended.wait(30)
        return Reply(data, "image/jpeg")

    press.site.routes[f"/pictures/{press.stories['s1'].pictures[0].name}"] = held
    first = started(press)
    wait_for(press, 3)
    second = started(press)
    _, said = second.communicate(timeout=20)
    ended.set()
    first.communicate(timeout=60)

    assert (first.returncode, second.returncode) == (0, 75)
    assert str(first.pid) in said

"""The child that runs yt-dlp never outlives its use: timeout, kill, cancel, stop, exit, death of the parent."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from harvester import config
from harvester.download.videos.engine import STOPPED, VideoEngine
from harvester.download.videos.messages import VideoFetched, VideoRefused
from harvester.download.videos.tools import Tools, find_tools
from tests.support import films
from tests.support.command import environment
from tests.support.processes import below, commands, gone
from tests.support.project import ROOT
from tests.support.youtube import Film, YouTube

V = "Zk3-9_aQwXs"
FFMPEG = Tools(ffmpeg=films.ffmpeg(), runtimes=find_tools().runtimes)
URL = f"https://www.youtube.com/watch?v={V}"

pytestmark = pytest.mark.slow


@asynccontextmanager
async def videos(tube: YouTube, folder: Path, *, tools: Tools = FFMPEG, **more: Any) -> AsyncIterator[VideoEngine]:
    settings = config.Videos(**({"retries": 0, "timeout": 30.0} | more))
    web = config.Web(proxy=tube.url, ca_file=tube.ca_file)
    (folder / "work").mkdir(exist_ok=True)
    async with asyncio.timeout(60), VideoEngine(settings, web, folder / "private", tools=tools) as engine:
        yield engine


async def arriving(folder: Path) -> None:
    """Wait until the first bytes of a video are on the disk."""
    while not any(part.stat().st_size for part in folder.glob("*.part")):
        await asyncio.sleep(0.02)


def films_below() -> set[int]:
    """Our children that run yt-dlp, and theirs."""
    return {pid for pid, command in commands(below()).items() if "videos.child" in command or "ffmpeg" in command}


async def test_nothing_is_started_before_the_first_video(tmp_path: Path) -> None:
    with YouTube() as tube:
        async with videos(tube, tmp_path):
            assert films_below() == set()


async def test_no_child_is_left_after_a_good_end(tmp_path: Path) -> None:
    with YouTube(Film(V)) as tube:
        async with videos(tube, tmp_path) as engine:
            outcome = await engine.fetch(URL, "youtube", tmp_path / "work")
            started = films_below()

    assert isinstance(outcome.end, VideoFetched)
    assert started
    assert gone(started)


async def test_a_video_that_takes_too_long_is_ended_and_the_next_one_works(tmp_path: Path) -> None:
    with YouTube(Film(V, "silent"), Film("aaBB11ccDD2")) as tube:
        async with videos(tube, tmp_path, timeout=4.0) as engine:
            outcome = await engine.fetch(URL, "youtube", tmp_path / "work")
            left = films_below()
            after = await engine.fetch(URL.replace(V, "aaBB11ccDD2"), "youtube", tmp_path / "work")

    assert isinstance(outcome.end, VideoRefused)
    assert (outcome.end.code, outcome.end.retryable) == ("video_timeout", True)
    assert outcome.learned is not None
    assert left == set()
    assert isinstance(after.end, VideoFetched)


async def test_what_yt_dlp_started_ends_with_it(tmp_path: Path) -> None:
    stuck = tmp_path / "ffmpeg"
    stuck.write_text(
        f'#!/bin/sh\ncase "$*" in *-bsfs*|*-version*) exec {films.ffmpeg()} "$@";; esac\nexec sleep 1000\n'
    )
    stuck.chmod(0o755)
    with YouTube(Film(V)) as tube:
        async with videos(tube, tmp_path, timeout=6.0, tools=Tools(ffmpeg=str(stuck))) as engine:
            outcome = await engine.fetch(URL, "youtube", tmp_path / "work")

    assert isinstance(outcome.end, VideoRefused)
    assert outcome.end.code == "video_timeout"
    assert not any("sleep 1000" in command for command in commands(below()).values())


async def test_a_killed_child_is_a_failure_that_heals_and_its_parts_are_gone_on_with(tmp_path: Path) -> None:
    with YouTube(Film(V, "slow")) as tube:
        async with videos(tube, tmp_path) as engine, asyncio.TaskGroup() as tasks:
            fetching = tasks.create_task(engine.fetch(URL, "youtube", tmp_path / "work"))
            await arriving(tmp_path / "work")
            (child,) = [pid for pid, command in commands(below()).items() if "videos.child" in command]
            os.kill(child, signal.SIGKILL)
            killed = await fetching
            parts = list((tmp_path / "work").glob("*.part"))
            tube.films[V].state = "good"
            again = await engine.fetch(URL, "youtube", tmp_path / "work")

        assert tube.downloads(V) == 1

    assert isinstance(killed.end, VideoRefused)
    assert (killed.end.code, killed.end.retryable) == ("video_crashed", True)
    assert parts
    assert isinstance(again.end, VideoFetched)


async def test_a_cancelled_video_leaves_no_child_and_keeps_its_parts(tmp_path: Path) -> None:
    with YouTube(Film(V, "slow")) as tube:
        async with videos(tube, tmp_path) as engine:
            fetching = asyncio.create_task(engine.fetch(URL, "youtube", tmp_path / "work"))
            await arriving(tmp_path / "work")
            started = films_below()
            fetching.cancel()
            with pytest.raises(asyncio.CancelledError):
                await fetching

            assert films_below() == set()

    assert gone(started)
    assert list((tmp_path / "work").glob("*.part"))


async def test_a_run_that_is_told_to_stop_parks_its_video(tmp_path: Path) -> None:
    with YouTube(Film(V, "slow")) as tube:
        stopping = asyncio.Event()
        async with videos(tube, tmp_path) as engine, asyncio.TaskGroup() as tasks:
            fetching = tasks.create_task(engine.fetch(URL, "youtube", tmp_path / "work", stopping=stopping))
            await arriving(tmp_path / "work")
            stopping.set()
            outcome = await fetching
            later = await engine.fetch(URL, "youtube", tmp_path / "work", stopping=stopping)

    assert isinstance(outcome.end, VideoRefused)
    assert outcome.end.code == STOPPED
    assert isinstance(later.end, VideoRefused)
    assert later.end.code == STOPPED
    assert list((tmp_path / "work").glob("*.part"))


_ALONE = """
import asyncio, sys
from pathlib import Path
from harvester import config
from harvester.download.videos.engine import VideoEngine

async def main(proxy, ca_file, folder):
    web = config.Web(proxy=proxy, ca_file=ca_file)
    say = lambda event: print(event.bytes, flush=True)
    async with VideoEngine(config.Videos(), web, Path(folder) / "private", emit=say) as engine:
        outcome = await engine.fetch({url!r}, "youtube", Path(folder))
        print(type(outcome.end).__name__, "yt_dlp" in sys.modules, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


def _alone(tube: YouTube, folder: Path, **more: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _ALONE.replace("{url!r}", repr(URL)), tube.url, tube.ca_file, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        **({"env": environment()} | more),
    )


def test_no_child_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    with YouTube(Film(V, "slow")) as tube, _alone(tube, tmp_path) as parent:
        assert parent.stdout is not None
        while (line := parent.stdout.readline()).strip() == "0":
            pass
        assert line, "the child is at work"
        started = below(parent.pid)
        parent.kill()
        parent.wait()

        assert started
        assert gone(started)


def test_cron_s_surroundings_are_enough_and_the_parent_never_loads_yt_dlp(tmp_path: Path) -> None:
    bare = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    with (
        YouTube(Film(V)) as tube,
        _alone(tube, tmp_path, env=bare, stdin=subprocess.DEVNULL, start_new_session=True) as parent,
    ):
        told, _ = parent.communicate(timeout=60)

    assert told.splitlines()[-1] == "VideoFetched False"


async def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / f"{V}.mp4.part").symlink_to("/dev/full")
    with YouTube(Film(V, "progressive")) as tube:
        async with videos(tube, tmp_path) as engine:
            outcome = await engine.fetch(URL, "youtube", tmp_path / "work")

    assert isinstance(outcome.end, VideoRefused)
    assert (outcome.end.code, outcome.end.excused) == ("disk_full", False)


async def test_videos_asked_for_together_are_fetched_one_after_the_other(tmp_path: Path) -> None:
    ids = ["aaBB11ccDD2", "bbCC22ddEE3", "ccDD33eeFF4"]
    with YouTube(*(Film(video) for video in ids)) as tube:
        async with videos(tube, tmp_path) as engine, asyncio.TaskGroup() as tasks:
            fetching = [
                tasks.create_task(engine.fetch(URL.replace(V, video), "youtube", tmp_path / "work")) for video in ids
            ]

    assert all(isinstance(task.result().end, VideoFetched) for task in fetching)
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == [f"{video}.mp4" for video in ids]

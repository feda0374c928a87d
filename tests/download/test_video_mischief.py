"""What the video child says is judged: which files it names, how much it writes, and whether it is news at all."""

from __future__ import annotations

import os
import signal
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from harvester import config
from harvester.download.videos import process as video_process
from harvester.download.videos.engine import VideoAnswer, VideoEngine
from harvester.download.videos.messages import VideoFetched, VideoRefused
from harvester.download.videos.tools import Tools
from harvester.manifest import codec
from harvester.model import Failed, Saved
from harvester.runs.batch import harvest
from tests.support import mischief
from tests.support.press import TEXT, drawn
from tests.support.processes import below, commands, gone
from tests.support.servers import Site

PRIVATE = "the diary of somebody"

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def mischievous(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_process, "PROGRAM", mischief.__name__)


@asynccontextmanager
async def videos(folder: Path) -> AsyncIterator[VideoEngine]:
    (folder / "work").mkdir()
    (folder / "private.txt").write_text(PRIVATE)
    settings, tools = config.Videos(timeout=20.0), Tools(ffmpeg=None, runtimes={})
    async with VideoEngine(settings, config.Web(), folder / "cache", tools=tools) as engine:
        yield engine


async def asked(engine: VideoEngine, folder: Path, deed: str) -> VideoAnswer:
    return await engine.fetch(f"https://www.youtube.com/watch?v=Zk3-9_aQwXs#{deed}", "youtube", folder / "work")


async def outcome_of(folder: Path, deed: str) -> VideoAnswer:
    async with videos(folder) as engine:
        return await asked(engine, folder, deed)


@pytest.mark.parametrize(
    "deed",
    [
        "absolute",
        "above",
        "backslash",
        "itself",
        "parent",
        "nothing",
        "nul",
        "long",
        "missing",
        "link",
        "folder",
        "deeper",
    ],
)
async def test_only_a_file_in_the_child_s_own_folder_can_be_the_video(tmp_path: Path, deed: str) -> None:
    outcome = await outcome_of(tmp_path, deed)

    assert isinstance(outcome.end, VideoRefused)
    assert (outcome.end.code, outcome.end.excused) == ("video_foreign_file", False)
    assert (tmp_path / "private.txt").read_text() == PRIVATE


async def test_captions_that_are_none_of_its_files_are_left_out_and_told(tmp_path: Path) -> None:
    outcome = await outcome_of(tmp_path, "captions")

    assert isinstance(outcome.end, VideoFetched)
    assert (outcome.end.name, outcome.end.captions, outcome.end.info_json) == ("film.mp4", (), None)
    assert "caption" in outcome.end.notes[-1]


GARBLED = [
    "no JSON at all",
    "[]",
    "{}",
    "null",
    '{"type":"fetched"}',
    '{"type":"fetched","name":7}',
    '{"type":"unheard","name":"a"}',
    '{"type":"refused","code":1,"message":[]}',
    '{"type":"progressed","phase":"lunch"}',
    '{"type":"passed","reason":"cut',
    "blank",
    "bytes",
    "nested",
    "number",
    "below zero",
    "half letter",
    "endless line",
    "endless lines",
    "endless nothing",
    "endless complaints",
]


async def test_what_is_no_news_costs_its_video_and_no_other(tmp_path: Path) -> None:
    async with videos(tmp_path) as engine:
        for deed in GARBLED:
            outcome = await asked(engine, tmp_path, deed)
            after = await asked(engine, tmp_path, "good")

            assert isinstance(outcome.end, VideoRefused), deed
            assert (outcome.end.code, outcome.end.retryable) == ("video_garbled", True), deed
            assert outcome.end.message.endswith("."), deed
            assert isinstance(after.end, VideoFetched), deed

    assert not any(mischief.__name__ in command for command in commands(below()).values())


@pytest.mark.parametrize("deed", ["endless line", "endless lines", "endless nothing", "endless complaints"])
async def test_a_child_that_writes_without_end_takes_no_memory(tmp_path: Path, deed: str) -> None:
    async with videos(tmp_path) as engine:
        await asked(engine, tmp_path, "good")
        tracemalloc.start()
        await asked(engine, tmp_path, deed)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 16_000_000


async def test_a_child_that_complains_at_length_is_heard_out(tmp_path: Path) -> None:
    outcome = await outcome_of(tmp_path, "complaints")

    assert isinstance(outcome.end, VideoFetched)


async def test_a_child_that_ended_is_noticed_though_somebody_holds_its_pipes(tmp_path: Path) -> None:
    try:
        outcome = await outcome_of(tmp_path, "left behind")
    finally:
        left = int((tmp_path / "work" / "left.pid").read_text())
        os.kill(left, signal.SIGKILL)

    assert isinstance(outcome.end, VideoRefused)
    assert outcome.end.code == "video_crashed"
    assert gone({left})


async def test_the_last_words_of_a_child_cannot_command_a_terminal_and_tell_no_password(tmp_path: Path) -> None:
    outcome = await outcome_of(tmp_path, "last words")

    assert isinstance(outcome.end, VideoRefused)
    assert "Unable to connect to proxy http://proxy.example:1/" in outcome.end.message
    assert outcome.end.message.isprintable()


async def test_a_child_that_answers_twice_does_not_answer_for_the_next_video(tmp_path: Path) -> None:
    async with videos(tmp_path) as engine:
        (tmp_path / "work" / "other.mp4").write_bytes(b"of another video")
        await asked(engine, tmp_path, "twice")
        after = await asked(engine, tmp_path, "good")

    assert isinstance(after.end, VideoFetched)
    assert after.end.name == "film.mp4"


async def test_no_module_is_taken_from_the_output(tmp_path: Path) -> None:
    """An output may come from anybody, and the child works in it."""
    (tmp_path / "cache").mkdir()
    for name in ("msgspec", "json", "queue"):
        (tmp_path / "cache" / f"{name}.py").write_text("raise SystemExit(99)")
    outcome = await outcome_of(tmp_path, "good")

    assert isinstance(outcome.end, VideoFetched)


async def test_a_mischievous_child_costs_its_videos_and_not_the_article(tmp_path: Path) -> None:
    private = tmp_path / "private.txt"
    private.write_text(PRIVATE)
    films = ("absolute___", "blank______", "number_____", "good_______")
    body = "".join(f'<p>{TEXT}</p><iframe src="https://www.youtube.com/embed/{film}"></iframe>' for film in films)
    with Site({"/p.jpg": drawn(1)}) as site:
        site.routes["/"] = f'<title>A</title><article><h1>A</h1><p>{TEXT}</p><img src="/p.jpg">{body}</article>'
        web = config.Web(allow_networks=("127.0.0.0/8",), ports=(site.port,), robots=False, retries=0)
        report = await harvest([site.url], config.Config(web=web), output=tmp_path / "out")

    (manifest,) = (codec.load(path.read_bytes()) for path in tmp_path.rglob("manifest.json"))
    codes = [v.outcome.error.code if isinstance(v.outcome, Failed) else v.outcome for v in manifest.videos]
    assert codes[:3] == ["video_foreign_file", "video_garbled", "video_garbled"]
    assert isinstance(codes[3], Saved)
    assert isinstance(manifest.images[0].outcome, Saved)
    assert report.exit_status() == 3
    assert private.read_text() == PRIVATE
    assert list((tmp_path / "out" / ".harvester" / "work").iterdir()) == []

"""An unmodified yt-dlp against a stand-in for YouTube: what is had, what is refused, and why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harvester import config
from harvester.download.videos.engine import VideoAnswer, VideoEngine
from harvester.download.videos.messages import VideoFetched, VideoPassed, VideoRefused
from harvester.download.videos.tools import Tools, find_tools
from harvester.errors import UsageError
from harvester.events import BytesReceived, Event, VideoProgress, Warned
from tests.support import films
from tests.support.youtube import CHANNEL, Film, State, YouTube

V = "Zk3-9_aQwXs"
FFMPEG = Tools(ffmpeg=films.ffmpeg(), runtimes=find_tools().runtimes)

pytestmark = pytest.mark.slow


def watch(video: str = V) -> str:
    return f"https://www.youtube.com/watch?v={video}"


@asynccontextmanager
async def videos(
    tube: YouTube,
    folder: Path,
    *,
    tools: Tools = FFMPEG,
    emit: Callable[[Event], None] = lambda event: None,
    **more: Any,
) -> AsyncIterator[VideoEngine]:
    settings = config.Videos(**({"retries": 0, "timeout": 30.0} | more))
    web = config.Web(proxy=tube.url, ca_file=tube.ca_file, read_timeout=3.0)
    (folder / "work").mkdir(exist_ok=True)
    async with asyncio.timeout(60), VideoEngine(settings, web, folder / "private", emit=emit, tools=tools) as engine:
        yield engine


async def fetched(tube: YouTube, folder: Path, video: str = V, **more: Any) -> VideoAnswer:
    async with videos(tube, folder, **more) as engine:
        return await engine.fetch(watch(video), "youtube", folder / "work")


async def test_a_good_video_is_joined_and_told_of(tmp_path: Path) -> None:
    heard: list[Event] = []
    with YouTube(Film(V)) as tube:
        outcome = await fetched(tube, tmp_path, emit=heard.append)
        hosts = {seen.url.split("/")[2] for seen in tube.requests if seen.method != "CONNECT"}

    assert outcome.end == VideoFetched(name=f"{V}.mp4", width=640, height=360, codecs="avc1.4d401f, mp4a.40.2")
    assert hosts == {"www.youtube.com", "rr1---sn-standin.googlevideo.com"}
    learned = outcome.learned
    assert learned is not None
    assert (learned.title, learned.duration, learned.uploader) == ("Storm over the harbour", 2.0, "Harbour News")
    assert (learned.channel, learned.published) == (CHANNEL, "2024-03-02T09:30:05Z")
    assert (learned.live, learned.availability) == ("not_live", "public")
    assert learned.chapters == ((0.0, "Calm"), (1.0, "Storm"))
    streams = films.streams(tmp_path / "work" / f"{V}.mp4")
    assert "Video: h264" in streams
    assert "Audio: aac" in streams
    arrived = sum(event.bytes for event in heard if isinstance(event, BytesReceived))
    assert arrived == len(films.picture()) + len(films.sound())
    phases = [event.phase for event in heard if isinstance(event, VideoProgress)]
    assert list(dict.fromkeys(phases)) == ["metadata", "download", "merge", "captions", "done"]


async def test_a_progressive_video_needs_no_joining(tmp_path: Path) -> None:
    with YouTube(Film(V, "progressive")) as tube:
        outcome = await fetched(tube, tmp_path)

    assert isinstance(outcome.end, VideoFetched)
    assert (outcome.end.width, outcome.end.height) == (320, 180)


async def test_captions_have_exact_languages_and_automatic_ones_only_on_request(tmp_path: Path) -> None:
    film = Film(V, captions={"en": "storm", "en-GB": "squall"}, automatic={"fr": "tempête"})
    with YouTube(film) as tube:
        without = await fetched(tube, tmp_path, captions=("en", "fr", "de"))
        with_automatic = await fetched(tube, tmp_path, captions=("fr",), automatic_captions=True)

    assert isinstance(without.end, VideoFetched)
    assert [(c.name, c.language, c.kind) for c in without.end.captions] == [(f"{V}.en.vtt", "en", "manual")]
    assert "storm" in (tmp_path / "work" / f"{V}.en.vtt").read_text("utf-8")
    assert isinstance(with_automatic.end, VideoFetched)
    assert [(c.language, c.kind) for c in with_automatic.end.captions] == [("fr", "automatic")]


async def test_captions_that_fail_do_not_cost_the_video(tmp_path: Path) -> None:
    with YouTube(Film(V, captions={"en": "storm"}, broken_captions=True)) as tube:
        outcome = await fetched(tube, tmp_path, captions=("en",))

    assert isinstance(outcome.end, VideoFetched)
    assert outcome.end.captions == ()
    assert "some captions could not be fetched" in outcome.end.notes


REFUSALS: dict[State, tuple[str, bool, bool]] = {
    "private": ("video_private", False, False),
    "removed": ("video_removed", True, False),
    "age": ("video_age", False, True),
    "geo": ("video_geo", False, True),
    "members": ("video_members", False, True),
    "upcoming": ("video_upcoming", True, True),
    "live": ("video_live", True, True),
    "empty": ("video_no_formats", True, True),
    "forbidden": ("video_forbidden", True, True),
    "cut": ("video_truncated", True, True),
    "silent": ("video_network", True, True),
    "bot": ("video_bot_check", True, False),
}
"""The state of a film: the code of its refusal, whether a later try may heal it, whether its title is known."""


async def test_a_refusal_has_its_class_and_keeps_what_is_known(tmp_path: Path) -> None:
    known = {f"aaBB11ccD{n:02d}": state for n, state in enumerate(REFUSALS)}
    told: dict[State, tuple[str, bool, bool]] = {}
    with YouTube(*(Film(video, state) for video, state in known.items())) as tube:
        async with videos(tube, tmp_path) as engine:
            for video, state in known.items():
                outcome = await engine.fetch(watch(video), "youtube", tmp_path / "work")
                assert isinstance(outcome.end, VideoRefused), state
                titled = outcome.learned is not None and outcome.learned.title is not None
                told[state] = (outcome.end.code, outcome.end.retryable, titled)

    assert told == REFUSALS


async def test_an_announced_video_says_when_it_may_be_asked_again(tmp_path: Path) -> None:
    with YouTube(Film(V, "upcoming", starts_at="2099-01-01T00:00:00+00:00")) as tube:
        outcome = await fetched(tube, tmp_path)

    assert isinstance(outcome.end, VideoRefused)
    assert outcome.end.retry_after is not None
    assert datetime.fromisoformat(outcome.end.retry_after).year == 2099


async def test_a_server_that_is_busy_once_is_asked_again(tmp_path: Path) -> None:
    with YouTube(Film(V, "busy once")) as tube:
        outcome = await fetched(tube, tmp_path, retries=2)

    assert isinstance(outcome.end, VideoFetched)


async def test_a_video_that_broke_off_is_gone_on_with(tmp_path: Path) -> None:
    with YouTube(Film(V, "cut once")) as tube:
        first = await fetched(tube, tmp_path)
        kept = sum(part.stat().st_size for part in (tmp_path / "work").glob("*.part"))
        tube.films[V].state = "good"
        second = await fetched(tube, tmp_path)
        resumed = [seen for seen in tube.requests if "googlevideo" in seen.url and seen.headers["range"][6:8] != "0-"]

    assert isinstance(first.end, VideoRefused)
    assert kept > 0
    assert isinstance(second.end, VideoFetched)
    assert resumed
    assert "Audio: aac" in films.streams(tmp_path / "work" / f"{V}.mp4")


async def test_a_provider_that_asks_for_patience_is_left_alone_and_that_is_said_once(tmp_path: Path) -> None:
    heard: list[Event] = []
    with YouTube(Film(V, "limited"), Film("aaBB11ccDD2")) as tube:
        async with videos(tube, tmp_path, emit=heard.append) as engine:
            first = await engine.fetch(watch(), "youtube", tmp_path / "work")
            asked = len(tube.requests)
            others = [await engine.fetch(watch("aaBB11ccDD2"), "youtube", tmp_path / "work") for _ in range(3)]

        assert len(tube.requests) == asked

    assert isinstance(first.end, VideoRefused)
    assert first.end.code == "video_rate_limited"
    assert [outcome.end.code for outcome in others if isinstance(outcome.end, VideoRefused)] == ["video_held"] * 3
    assert len([event for event in heard if isinstance(event, Warned)]) == 1


async def test_a_proxy_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    web = config.Web(proxy="http://reader:s3cret@127.0.0.1:1", read_timeout=3.0)
    (tmp_path / "work").mkdir()
    async with VideoEngine(config.Videos(retries=0), web, tmp_path / "private", tools=FFMPEG) as engine:
        outcome = await engine.fetch(watch(), "youtube", tmp_path / "work")

    assert isinstance(outcome.end, VideoRefused)
    assert outcome.end.code == "video_network"
    assert "s3cret" not in outcome.end.message


async def test_no_formats_of_any_video_means_that_yt_dlp_is_to_be_updated(tmp_path: Path) -> None:
    heard: list[Event] = []
    ids = ["aaBB11ccDD2", "bbCC22ddEE3", "ccDD33eeFF4", "ddEE44ffGG5"]
    with YouTube(*(Film(video, "empty") for video in ids)) as tube:
        async with videos(tube, tmp_path, emit=heard.append) as engine:
            for video in ids:
                await engine.fetch(watch(video), "youtube", tmp_path / "work")

    warned = [event for event in heard if isinstance(event, Warned)]
    assert [event.code for event in warned] == ["video_outdated"]
    assert "pip install -U yt-dlp" in warned[0].message


async def test_without_ffmpeg_the_best_single_file_is_taken_and_that_is_said(tmp_path: Path) -> None:
    with YouTube(Film(V)) as tube:
        outcome = await fetched(tube, tmp_path, tools=Tools(ffmpeg=None, runtimes=FFMPEG.runtimes))

    assert isinstance(outcome.end, VideoFetched)
    assert (outcome.end.width, outcome.end.height) == (320, 180)
    assert any("ffmpeg" in note for note in outcome.end.notes)


async def test_without_a_javascript_runtime_what_can_be_had_is_taken_and_that_is_said(tmp_path: Path) -> None:
    with YouTube(Film(V)) as tube:
        outcome = await fetched(tube, tmp_path, tools=Tools(ffmpeg=films.ffmpeg()))

    assert isinstance(outcome.end, VideoFetched)
    assert any("JavaScript runtime" in note for note in outcome.end.notes)


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ({"max_duration": 1}, "max_duration"),
        ({"max_bytes": 1000}, "max_bytes"),
        ({"metadata_only": True}, "metadata_only"),
    ],
)
async def test_what_is_beyond_the_limits_is_passed_over_with_the_reason(
    tmp_path: Path, limit: dict[str, Any], said: str
) -> None:
    with YouTube(Film(V)) as tube:
        outcome = await fetched(tube, tmp_path, **limit)
        media = [seen for seen in tube.requests if "googlevideo" in seen.url]

    assert isinstance(outcome.end, VideoPassed)
    assert said in outcome.end.reason
    assert outcome.learned is not None
    assert outcome.learned.title == "Storm over the harbour"
    assert media == []


async def test_a_lower_picture_is_taken_where_a_height_is_the_limit(tmp_path: Path) -> None:
    with YouTube(Film(V)) as tube:
        outcome = await fetched(tube, tmp_path, max_height=200)

    assert isinstance(outcome.end, VideoFetched)
    assert outcome.end.height == 180


@pytest.mark.parametrize(("expression", "height"), [("18", 180), ("999", None)])
async def test_a_format_expression_is_passed_through(tmp_path: Path, expression: str, height: int | None) -> None:
    with YouTube(Film(V)) as tube:
        outcome = await fetched(tube, tmp_path, format=expression, sort=("+size",))

    assert getattr(outcome.end, "height", None) == height
    assert getattr(outcome.end, "code", "") == ("" if height else "video_no_format")


async def test_sound_alone_and_what_yt_dlp_learned_are_kept_on_request(tmp_path: Path) -> None:
    with YouTube(Film(V)) as tube:
        outcome = await fetched(tube, tmp_path, audio_only=True, info_json=True)

    assert isinstance(outcome.end, VideoFetched)
    assert "Video:" not in films.streams(tmp_path / "work" / outcome.end.name)
    assert outcome.end.info_json == f"{V}.info.json"
    told = msgspec.json.decode((tmp_path / "work" / f"{V}.info.json").read_bytes())
    assert told["title"] == "Storm over the harbour"


async def test_the_users_cookies_are_sent_and_their_file_is_not_touched(tmp_path: Path) -> None:
    cookies = tmp_path / "cookies.txt"
    cookies.write_text("# Netscape HTTP Cookie File\n.youtube.com\tTRUE\t/\tTRUE\t0\tPREF\tf4=4000000\n")
    before = cookies.read_bytes(), cookies.stat().st_mtime_ns
    with YouTube(Film(V)) as tube:
        await fetched(tube, tmp_path, cookies=str(cookies))
        sent = [seen.headers.get("cookie", "") for seen in tube.requests if "/watch" in seen.url]

    assert "f4=4000000" in sent[0]
    assert (cookies.read_bytes(), cookies.stat().st_mtime_ns) == before


async def test_an_expression_that_yt_dlp_does_not_take_is_told_as_such(tmp_path: Path) -> None:
    with YouTube(Film(V)) as tube:
        outcome = await fetched(tube, tmp_path, format="best[")

    assert isinstance(outcome.end, VideoRefused)
    assert (outcome.end.code, outcome.end.scope) == ("video_options", "setup")


async def test_cookies_that_cannot_be_read_are_a_mistake_of_the_configuration(tmp_path: Path) -> None:
    with YouTube(Film(V)) as tube, pytest.raises(UsageError, match=r"videos\.cookies"):
        await fetched(tube, tmp_path, cookies=str(tmp_path / "nowhere.txt"))

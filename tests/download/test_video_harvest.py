"""Videos of articles, from the page to the manifest, behind a stand-in for all servers."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from harvester import config
from harvester.manifest import codec
from harvester.runs.batch import Options, harvest
from harvester.runs.execution import execution
from harvester.runs.report import Report
from harvester.runs.upkeep import verify as audit
from harvester.workers import Workers
from tests.support import films
from tests.support.command import environment
from tests.support.processes import below, gone
from tests.support.servers import Reply, Route
from tests.support.youtube import Film, State, YouTube, jpeg

V, W = "Zk3-9_aQwXs", "b7RtYu2oPqM"
PAGE = "https://news.example/2024/03/storm"
FILE = "https://media.example/clips/harbour.mp4"

pytestmark = pytest.mark.slow


def page(*body: str, title: str = "Storm over the harbour") -> str:
    article = f"<article><h1>{title}</h1>{''.join(body)}</article>"
    return f"<html><head><title>{title}</title></head><body>{article}</body></html>"


def embed(*videos: str) -> str:
    return "".join(f'<iframe src="https://www.youtube.com/embed/{video}"></iframe>' for video in videos)


class Desk:
    """An output, and settings that lead to a stand-in for YouTube and every other site."""

    def __init__(self, folder: Path, tube: YouTube) -> None:
        self.output = folder / "out"
        self.tube = tube
        self.web = config.Web(
            proxy=tube.url, ca_file=tube.ca_file, retries=0, page_delay=0.0, read_timeout=5.0, robots=False
        )

    async def harvest(self, *pages: str, force: bool = False, **videos: Any) -> Report:
        settings = config.Config(web=self.web, videos=config.Videos(**({"retries": 0} | videos)))
        return await harvest(pages or (PAGE,), settings, output=self.output, options=Options(force=force))

    async def repair(self) -> bool:
        """Repair the output; says whether it is sound now."""
        for again in (True, False):
            async with Workers() as workers:
                found = await audit.audit(self.output, workers, lambda checked: None)
            if again:
                settings = config.Config(web=self.web, videos=config.Videos(retries=0, providers=("youtube", "file")))
                async with execution(self.output, settings, Options(), Report()) as kit:
                    await audit.repair(found.wrong, kit)
        return found.is_sound

    def started(self) -> subprocess.Popen[str]:
        """Start the command line on the page."""
        own = self.output.with_name("config.toml")
        own.write_text(config.dump(config.Config(web=self.web)))
        return subprocess.Popen(
            [sys.executable, "-m", "harvester", "harvest", PAGE, "-o", self.output, "-c", own],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def manifests(self) -> list[Any]:
        found = self.output.glob("news.example/**/manifest.json")
        return [msgspec.json.decode(path.read_bytes()) | {"folder": path.parent} for path in found]

    def manifest(self) -> Any:
        (found,) = self.manifests()
        jsonschema.Draft202012Validator(codec.schema()).validate({k: v for k, v in found.items() if k != "folder"})
        return found

    def video(self) -> Any:
        (found,) = self.manifest()["videos"]
        return found

    def codes(self) -> dict[str, str]:
        return {video["id"]: (video["error"] or {}).get("code", "") for video in self.manifest()["videos"]}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    routes: dict[str, Route] = {PAGE: page(embed(V)), FILE: Reply(films.both(), "video/mp4")}
    with YouTube(Film(V, poster=jpeg(480, 360)), Film(W), routes=routes) as tube:
        yield Desk(tmp_path, tube)


async def test_an_embedded_video_is_kept_with_all_there_is_to_say_of_it(desk: Desk) -> None:
    desk.tube.films[V].captions = {"en": "storm"}
    report = await desk.harvest(captions=("en",))
    video, folder = desk.video(), desk.manifest()["folder"]

    assert report.exit_status() == 0
    assert (video["status"], video["title"], video["duration"]) == ("saved", "Storm over the harbour", 2.0)
    assert (video["uploader"], video["published"]) == ("Harbour News", "2024-03-02T09:30:05Z")
    assert (video["resolution"], video["codecs"]) == ("640x360", "avc1.4d401f, mp4a.40.2")
    assert video["chapters"] == [[0.0, "Calm"], [1.0, "Storm"]]
    assert (video["live"], video["availability"], video["reason"]) == ("not_live", "public", None)
    assert (video["file"]["path"], video["file"]["type"]) == (f"videos/{V}.mp4", "video/mp4")
    assert "Audio: aac" in films.streams(folder / video["file"]["path"])
    assert [(c["path"], c["language"], c["kind"]) for c in video["captions"]] == [
        (f"videos/{V}.en.vtt", "en", "manual")
    ]
    assert "storm" in (folder / f"videos/{V}.en.vtt").read_text()
    assert (video["poster"]["status"], video["poster"]["file"]["width"]) == ("saved", 480)
    assert [(t["width"], (folder / t["path"]).is_file()) for t in video["thumbnails"]] == [(320, True), (480, True)]


async def test_the_second_run_asks_nothing_and_a_lost_file_is_fetched_again(desk: Desk) -> None:
    await desk.harvest()
    asked = len(desk.tube.asked())
    again = await desk.harvest()
    pages = [url for url in desk.tube.asked()[asked:] if not url.endswith(":443")]
    (desk.manifest()["folder"] / f"videos/{V}.mp4").unlink()
    await desk.harvest()

    assert again.exit_status() == 0
    assert pages == [PAGE]
    assert desk.video()["status"] == "saved"
    assert (desk.manifest()["folder"] / f"videos/{V}.mp4").is_file()


async def test_force_fetches_a_video_again_and_another_setting_does_not(desk: Desk) -> None:
    await desk.harvest()
    await desk.harvest(rate=1_000_000_000)
    kept = desk.tube.downloads(V)
    await desk.harvest(force=True)

    assert kept == 1
    assert desk.tube.downloads(V) == 2


async def test_shared_videos_are_downloaded_once_and_linked(tmp_path: Path) -> None:
    shared = [f"shared{n:05d}" for n in range(10)]
    own = [f"single{n:05d}" for n in range(10)]
    articles: dict[str, Route] = {
        f"https://news.example/2024/{n}": page(embed(shared[n % 10], *own[n : n + 1]), title=f"No {n}")
        for n in range(20)
    }
    with YouTube(*(Film(video) for video in [*shared, *own]), routes=articles) as tube:
        desk = Desk(tmp_path, tube)
        report = await desk.harvest(*articles)

        assert report.exit_status() == 0
        assert sum(tube.downloads(video) for video in [*shared, *own]) == 20

    videos = [video for manifest in desk.manifests() for video in manifest["videos"]]
    assert [video["status"] for video in videos] == ["saved"] * 30
    assert all(video["title"] and video["duration"] for video in videos)
    assert sum(video["duplicate_of"] is not None for video in videos) == 10
    assert len({path.stat().st_ino for path in desk.output.glob("**/videos/*.mp4")}) == 20


async def test_a_video_of_an_earlier_run_is_linked_with_its_captions(desk: Desk) -> None:
    other = "https://news.example/2024/04/calm"
    desk.tube.films[V].captions = {"en": "storm"}
    desk.tube.routes[other] = page(embed(V), title="Calm")
    await desk.harvest(captions=("en",), info_json=True)
    await desk.harvest(other, captions=("en",), info_json=True)
    linked = next(m for m in desk.manifests() if m["article"]["title"] == "Calm")
    (video,) = linked["videos"]

    assert desk.tube.downloads(V) == 1
    assert video["duplicate_of"].endswith(f"videos/{V}.mp4")
    assert (video["title"], len(video["captions"])) == ("Storm over the harbour", 1)
    assert sorted(path.name for path in (linked["folder"] / "videos").iterdir()) == [
        f"{V}.en.vtt",
        f"{V}.info.json",
        f"{V}.mp4",
    ]


async def test_refused_videos_cost_nothing_else_and_are_not_asked_again_before_their_time(tmp_path: Path) -> None:
    states: dict[str, State] = {"privateAAAA": "private", "ageAAAAAAAA": "age", "upcomingAAA": "upcoming", V: "good"}
    known = [Film(video, state, poster=jpeg(480, 360)) for video, state in states.items()]
    with YouTube(*known, routes={PAGE: page(embed(*states))}) as tube:
        desk = Desk(tmp_path, tube)
        report = await desk.harvest()
        tube.routes[PAGE] = page(embed(*states), "<p>news</p>")
        await desk.harvest()

        assert [tube.extractions[video] for video in states] == [1, 1, 1, 1]

    assert report.exit_status() == 0
    assert desk.codes() == {
        "privateAAAA": "video_private",
        "ageAAAAAAAA": "video_age",
        "upcomingAAA": "video_upcoming",
        V: "",
    }
    videos = {video["id"]: video for video in desk.manifest()["videos"]}
    assert [video["poster"]["status"] for video in videos.values()] == ["saved"] * 4
    assert videos["upcomingAAA"]["retry_after"].startswith("2099-01-01")
    assert videos["upcomingAAA"]["title"] == "Storm over the harbour"


async def test_what_failed_on_the_way_raises_the_exit_status_and_is_tried_again(desk: Desk) -> None:
    desk.tube.routes[PAGE] = page(embed(V, W))
    desk.tube.films[V].state, desk.tube.films[W].state = "forbidden", "cut once"
    first = await desk.harvest()
    failed = desk.codes()
    desk.tube.films[V].state = desk.tube.films[W].state = "good"
    second = await desk.harvest()

    assert first.exit_status() == 3
    assert failed == {V: "video_forbidden", W: "video_truncated"}
    assert second.exit_status() == 0
    assert desk.codes() == {V: "", W: ""}


async def test_a_video_is_gone_only_when_three_runs_say_so(desk: Desk) -> None:
    desk.tube.films[V].state = "removed"
    told = []
    for _ in range(4):
        report = await desk.harvest()
        told.append((report.exit_status(), desk.video()["reason"], desk.video()["error"]["retryable"]))

    assert told[:2] == [(0, "gone on 1 of 3 runs", True), (0, "gone on 2 of 3 runs", True)]
    assert told[2:] == [(0, "gone on 3 runs; not asked for again", False)] * 2
    assert desk.tube.extractions[V] == 3


async def test_a_provider_that_asks_for_patience_is_asked_once_a_run(desk: Desk) -> None:
    desk.tube.films[V].state = desk.tube.films[W].state = "bot"
    desk.tube.routes[PAGE] = page(embed(V, W))
    report = await desk.harvest()

    assert report.exit_status() == 0
    assert sorted(desk.codes().values()) == ["video_bot_check", "video_held"]
    assert list(report.warnings) == ["video_bot_check_youtube"]
    assert desk.tube.extractions.total() == 1


async def test_what_is_beyond_a_limit_is_skipped_with_the_reason_and_not_asked_again(desk: Desk) -> None:
    first = await desk.harvest(max_duration=1)
    await desk.harvest(max_duration=1)

    assert first.exit_status() == 0
    assert (desk.video()["status"], desk.video()["reason"]) == (
        "skipped",
        "2 s long, [videos] max_duration is 1 s",
    )
    assert desk.tube.extractions[V] == 1


async def test_a_linked_video_is_only_noted_unless_links_are_wanted(desk: Desk) -> None:
    desk.tube.routes[PAGE] = page(f'<a href="https://youtu.be/{V}">watch</a>')
    await desk.harvest()
    noted = desk.video()
    await desk.harvest(linked=True)

    assert (noted["status"], noted["embedded"], noted["poster"]["status"]) == ("skipped", False, "skipped")
    assert desk.video()["status"] == "saved"


async def test_a_plain_file_comes_through_our_own_download(desk: Desk) -> None:
    desk.tube.routes[PAGE] = page(f'<video src="{FILE}"></video>')
    report = await desk.harvest(providers=("file",))
    video = desk.video()

    assert report.exit_status() == 0
    assert (video["status"], video["file"]["path"]) == ("saved", "videos/01-harbour.mp4")
    assert (video["file"]["url"], video["file"]["type"]) == (FILE, "video/mp4")
    assert (desk.manifest()["folder"] / "videos/01-harbour.mp4").read_bytes() == films.both()


async def test_a_damaged_video_stays_until_a_whole_one_is_to_be_had(desk: Desk) -> None:
    desk.tube.routes[PAGE] = page(f'<video src="{FILE}"></video>', embed(V))
    await desk.harvest(providers=("file", "youtube"))
    manifest = desk.manifest()
    paths = [manifest["folder"] / video["file"]["path"] for video in manifest["videos"]]
    whole = [path.read_bytes() for path in paths]
    for path, body in zip(paths, whole, strict=True):
        path.write_bytes(body[:1000] + b"x" + body[1001:])
    damaged = [path.read_bytes() for path in paths]
    desk.tube.routes[FILE] = Reply(status=410)
    desk.tube.films[V].state = "removed"

    assert not await desk.repair()
    assert ([path.read_bytes() for path in paths], desk.manifest()) == (damaged, manifest)
    desk.tube.routes[FILE] = Reply(films.both(), "video/mp4")
    desk.tube.films[V].state = "good"
    assert await desk.repair()
    assert paths[0].read_bytes() == whole[0]


async def test_damage_of_a_shared_video_is_healed_everywhere(desk: Desk) -> None:
    other = f"{PAGE}-again"
    desk.tube.routes[other] = page(embed(V), title="Another")
    await desk.harvest(PAGE)
    await desk.harvest(other)
    paths = list(desk.output.glob(f"**/videos/{V}.mp4"))
    with paths[0].open("r+b") as file:
        file.seek(1000)
        file.write(b"x")

    assert len({path.stat().st_ino for path in paths}) == 1
    assert await desk.repair()


@pytest.mark.parametrize(
    ("body", "limits", "code"),
    [
        (b"<html>not here</html>", {}, "not_a_video"),
        (b"#EXTM3U\n#EXT-X-VERSION:3\n", {}, "not_a_video"),
        (jpeg(64, 64), {}, "not_a_video"),
        (b"", {}, "empty"),
        (films.both(), {"max_bytes": 1000}, "too_large"),
    ],
    ids=["markup", "playlist", "picture", "empty", "large"],
)
async def test_what_is_no_video_is_no_file(desk: Desk, body: bytes, limits: dict[str, Any], code: str) -> None:
    desk.tube.routes |= {PAGE: page(f'<video src="{FILE}"></video>'), FILE: Reply(body, "video/mp4")}
    report = await desk.harvest(providers=("file",), **limits)

    assert report.exit_status() == 3
    assert desk.video()["error"]["code"] == code
    assert not (desk.manifest()["folder"] / "videos").exists()


async def test_ctrl_c_parks_a_running_video_and_the_next_run_goes_on_with_it(desk: Desk) -> None:
    desk.tube.films[V].state = "slow"
    with desk.started() as run:
        while not any(part.stat().st_size for part in desk.output.glob(".harvester/work/*/*.part")):
            time.sleep(0.02)
        children = below(run.pid)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=20)
    parked = desk.video()
    desk.tube.films[V].state = "good"
    await desk.harvest()

    assert run.returncode == 130, said
    assert gone(children)
    assert (parked["status"], parked["title"]) == ("planned", "Storm over the harbour")
    assert desk.video()["status"] == "saved"
    assert desk.tube.downloads(V) == 1


async def test_a_run_that_is_killed_leaves_no_child_and_loses_no_video_that_it_had(desk: Desk) -> None:
    desk.tube.films[V].poster = None
    desk.tube.films[W].state = "slow"
    desk.tube.routes[PAGE] = page(embed(V, W))
    with desk.started() as run:
        while not (list(desk.output.glob("**/videos/*.mp4")) and desk.tube.downloads(W)):
            time.sleep(0.02)
        children = below(run.pid)
        run.kill()
    desk.tube.films[W].state = "good"
    await desk.harvest()

    assert gone(children)
    assert [video["status"] for video in desk.manifest()["videos"]] == ["saved", "saved"]
    assert desk.tube.downloads(V) == 1

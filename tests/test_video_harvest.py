"""Videos of articles, from the page to the manifest, through the command line and behind a stand-in for all servers."""

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

from harvester.manifest import codec
from tests.support import films
from tests.support.command import environment, harvester
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


def embed(video: str) -> str:
    return f'<iframe src="https://www.youtube.com/embed/{video}"></iframe>'


class Desk:
    """A folder with a configuration and an output, behind a stand-in for YouTube and every other site."""

    def __init__(self, folder: Path, tube: YouTube) -> None:
        self.folder = folder
        self.tube = tube
        self.output = folder / "out"
        self.configure()

    def configure(self, **videos: str) -> None:
        web = {"proxy": f'"{self.tube.url}"', "ca_file": f'"{self.tube.ca_file}"', "retries": "0", "page_delay": "0.0"}
        lines = ["[web]", *(f"{key} = {value}" for key, value in web.items()), "read_timeout = 5.0", "[videos]"]
        lines += [f"{key} = {value}" for key, value in ({"retries": "0"} | videos).items()]
        (self.folder / "config.toml").write_text("\n".join(lines))

    def harvest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        given = arguments if any(a.startswith("https:") for a in arguments) else (PAGE, *arguments)
        return harvester("harvest", *given, "-o", self.output, "-c", self.folder / "config.toml", cwd=self.folder)

    def started(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "harvester", "harvest", PAGE, "-o", str(self.output)]
        return subprocess.Popen(
            [*command, "-c", str(self.folder / "config.toml")],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def manifests(self) -> list[Any]:
        found = sorted(self.output.glob("*/*/*/*/manifest.json")) + sorted(self.output.glob("*/*/*/manifest.json"))
        return [msgspec.json.decode(path.read_bytes()) | {"folder": path.parent} for path in found]

    def manifest(self) -> Any:
        (found,) = self.manifests()
        jsonschema.Draft202012Validator(codec.schema()).validate({k: v for k, v in found.items() if k != "folder"})
        return found

    def video(self) -> Any:
        (found,) = self.manifest()["videos"]
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    routes: dict[str, Route] = {PAGE: page(embed(V)), FILE: Reply(films.both(), "video/mp4")}
    with YouTube(Film(V, poster=jpeg(480, 360)), Film(W), routes=routes) as tube:
        yield Desk(tmp_path, tube)


def test_an_embedded_video_is_kept_with_all_there_is_to_say_of_it(desk: Desk) -> None:
    desk.tube.films[V].captions = {"en": "storm"}
    desk.configure(captions='["en"]')
    done = desk.harvest()
    video, folder = desk.video(), desk.manifest()["folder"]

    assert done.returncode == 0, done.stderr
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


def test_the_second_run_asks_nothing_of_the_video_sites(desk: Desk) -> None:
    desk.harvest()
    asked = len([url for url in desk.tube.asked() if PAGE not in url and not url.endswith(":443")])
    again = desk.harvest()
    after = len([url for url in desk.tube.asked() if PAGE not in url and not url.endswith(":443")])

    assert again.returncode == 0
    assert after == asked


def test_a_lost_file_of_a_video_is_fetched_again(desk: Desk) -> None:
    desk.harvest()
    (desk.manifest()["folder"] / f"videos/{V}.mp4").unlink()
    desk.harvest()

    assert desk.video()["status"] == "saved"
    assert (desk.manifest()["folder"] / f"videos/{V}.mp4").is_file()


def test_force_fetches_a_video_again_and_another_setting_does_not(desk: Desk) -> None:
    desk.harvest()
    desk.configure(rate="1_000_000_000")
    desk.harvest()
    kept = desk.tube.downloads(V)
    desk.harvest("--force")

    assert kept == 1
    assert desk.tube.downloads(V) == 2


def test_shared_videos_are_downloaded_once_and_linked(tmp_path: Path) -> None:
    shared = [f"shared{n:05d}" for n in range(10)]
    own = [f"single{n:05d}" for n in range(10)]
    articles = {
        f"https://news.example/2024/{n}": page(embed(shared[n % 10]), embed(own[n]) if n < 10 else "", title=f"No {n}")
        for n in range(20)
    }
    with YouTube(*(Film(video) for video in [*shared, *own]), routes=dict(articles)) as tube:
        desk = Desk(tmp_path, tube)
        done = desk.harvest(*articles)

        assert done.returncode == 0, done.stderr
        assert sum(tube.downloads(video) for video in [*shared, *own]) == 20

    videos = [video for manifest in desk.manifests() for video in manifest["videos"]]
    assert [video["status"] for video in videos] == ["saved"] * 30
    assert all(video["title"] and video["duration"] for video in videos)
    assert sum(video["duplicate_of"] is not None for video in videos) == 10
    assert len({path.stat().st_ino for path in desk.output.glob("**/videos/*.mp4")}) == 20


def test_a_video_of_an_earlier_run_is_linked_with_its_captions(desk: Desk) -> None:
    other = "https://news.example/2024/04/calm"
    desk.tube.films[V].captions = {"en": "storm"}
    desk.tube.routes[other] = page(embed(V), title="Calm")
    desk.configure(captions='["en"]', info_json="true")
    desk.harvest()
    desk.harvest(other)
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


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("private", 0, "video_private"),
        ("age", 0, "video_age"),
        ("geo", 0, "video_geo"),
        ("bot", 0, "video_bot_check"),
        ("upcoming", 0, "video_upcoming"),
        ("forbidden", 3, "video_forbidden"),
        ("cut", 3, "video_truncated"),
    ],
)
def test_a_refused_video_costs_nothing_else_and_only_real_failures_the_exit_status(
    desk: Desk, state: State, status: int, code: str
) -> None:
    desk.tube.films[V].state = state
    done = desk.harvest()
    video = desk.video()

    assert done.returncode == status, done.stderr
    assert (video["status"], video["error"]["code"]) == ("failed", code)
    assert video["poster"]["status"] == "saved"
    assert "Traceback" not in done.stderr


def test_what_is_refused_for_good_is_not_asked_again(desk: Desk) -> None:
    desk.tube.films[V].state = "private"
    desk.harvest()
    desk.tube.routes[PAGE] = page(embed(V), "<p>news</p>")
    desk.harvest()

    assert desk.tube.extractions[V] == 1


def test_an_announced_video_is_left_alone_until_its_time(desk: Desk) -> None:
    desk.tube.films[V].state = "upcoming"
    desk.harvest()
    desk.tube.routes[PAGE] = page(embed(V), "<p>news</p>")
    desk.harvest()

    assert desk.tube.extractions[V] == 1
    assert desk.video()["retry_after"].startswith("2099-01-01")
    assert desk.video()["title"] == "Storm over the harbour"


def test_a_video_is_gone_only_when_three_runs_say_so(desk: Desk) -> None:
    desk.tube.films[V].state = "removed"
    told = []
    for _ in range(4):
        assert desk.harvest().returncode == 0
        told.append((desk.video()["reason"], desk.video()["error"]["retryable"]))

    assert told[0] == ("gone on 1 of 3 runs", True)
    assert told[1] == ("gone on 2 of 3 runs", True)
    assert told[2:] == [("gone on 3 runs; not asked for again", False)] * 2
    assert desk.tube.extractions[V] == 3


def test_a_provider_that_asks_for_patience_is_asked_once_a_run(desk: Desk) -> None:
    desk.tube.films[V].state = desk.tube.films[W].state = "bot"
    desk.tube.routes[PAGE] = page(embed(V), embed(W))
    done = desk.harvest()
    codes = sorted(video["error"]["code"] for video in desk.manifest()["videos"])

    assert done.returncode == 0
    assert codes == ["video_bot_check", "video_held"]
    assert done.stderr.count("No more of its videos in this run") == 1
    assert desk.tube.extractions.total() == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"download": "false"}, "[videos] download is off"),
        ({"providers": "[]"}, "youtube is not among [videos] providers"),
        ({"max_duration": "1"}, "2 s long, [videos] max_duration is 1 s"),
        ({"metadata_only": "true"}, "[videos] metadata_only is on"),
    ],
)
def test_what_is_not_wanted_is_skipped_with_the_reason_and_once(
    desk: Desk, settings: dict[str, str], said: str
) -> None:
    desk.configure(**settings)
    done = desk.harvest()
    asked = desk.tube.extractions[V]
    desk.harvest()

    assert done.returncode == 0
    assert (desk.video()["status"], desk.video()["reason"]) == ("skipped", said)
    assert desk.tube.extractions[V] == asked


def test_a_linked_video_is_only_noted_unless_links_are_wanted(desk: Desk) -> None:
    desk.tube.routes[PAGE] = page(f'<a href="https://youtu.be/{V}">watch</a>')
    desk.harvest()
    noted = desk.video()
    desk.configure(linked="true")
    desk.harvest()

    assert (noted["status"], noted["embedded"], noted["poster"]["status"]) == ("skipped", False, "skipped")
    assert desk.video()["status"] == "saved"


def test_a_plain_file_comes_through_our_own_download(desk: Desk) -> None:
    desk.tube.routes[PAGE] = page(f'<video src="{FILE}"></video>')
    desk.configure(providers='["file"]')
    done = desk.harvest()
    video = desk.video()

    assert done.returncode == 0, done.stderr
    assert (video["status"], video["file"]["path"]) == ("saved", "videos/01-harbour.mp4")
    assert (video["file"]["url"], video["file"]["type"]) == (FILE, "video/mp4")
    assert (desk.manifest()["folder"] / "videos/01-harbour.mp4").read_bytes() == films.both()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html>not here</html>", "not_a_video"),
        (b"#EXTM3U\n#EXT-X-VERSION:3\n", "not_a_video"),
        (jpeg(64, 64), "not_a_video"),
        (b"", "empty"),
    ],
)
def test_what_is_no_video_is_no_file(desk: Desk, body: bytes, code: str) -> None:
    desk.tube.routes |= {PAGE: page(f'<video src="{FILE}"></video>'), FILE: Reply(body, "video/mp4")}
    desk.configure(providers='["file"]')
    done = desk.harvest()

    assert done.returncode == 3
    assert desk.video()["error"]["code"] == code
    assert not (desk.manifest()["folder"] / "videos").exists()


def test_a_plain_file_beyond_the_cap_is_refused(desk: Desk) -> None:
    desk.tube.routes[PAGE] = page(f'<video src="{FILE}"></video>')
    desk.configure(providers='["file"]', max_bytes="1000")
    desk.harvest()

    assert desk.video()["error"]["code"] == "too_large"


def test_ctrl_c_parks_a_running_video_and_the_next_run_goes_on_with_it(desk: Desk) -> None:
    desk.tube.films[V].state = "slow"
    with desk.started() as run:
        while not any(part.stat().st_size for part in desk.output.glob(".harvester/work/*/*.part")):
            time.sleep(0.02)
        children = below(run.pid)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=20)
    parked = desk.video()
    desk.tube.films[V].state = "good"
    again = desk.harvest()

    assert run.returncode == 130, said
    assert gone(children)
    assert (parked["status"], parked["title"]) == ("planned", "Storm over the harbour")
    assert again.returncode == 0
    assert desk.video()["status"] == "saved"
    assert desk.tube.downloads(V) == 1


def test_a_run_that_is_killed_leaves_no_child_and_loses_no_video_that_it_had(desk: Desk) -> None:
    desk.tube.films[W].state = "slow"
    desk.tube.routes[PAGE] = page(embed(V), embed(W))
    with desk.started() as run:
        while not (list(desk.output.glob("**/videos/*.mp4")) and desk.tube.downloads(W)):
            time.sleep(0.02)
        children = below(run.pid)
        run.kill()

    assert gone(children)
    desk.tube.films[W].state = "good"
    again = desk.harvest()

    assert again.returncode == 0, again.stderr
    assert [video["status"] for video in desk.manifest()["videos"]] == ["saved", "saved"]
    assert desk.tube.downloads(V) == 1

"""A saved feed item, re-published and damaged, is harvested whole: from a child process, through a proxy, over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from PIL import Image

from harvester.manifest import codec
from tests.support.command import harvester
from tests.support.item import (
    ARTICLE,
    CAPTION,
    CREDIT,
    ITEM,
    LEAD,
    PUBLISHED,
    TITLE,
    VIDEO,
    WIDTHS,
    png,
    rendition,
)
from tests.support.proxy import StandIn
from tests.support.servers import Reply

PICTURE = png(1280, 720)


class Newsroom:
    """A folder with a saved item, a configuration and an output, behind a stand-in for the publisher's servers."""

    def __init__(self, folder: Path, web: StandIn) -> None:
        self.folder = folder
        self.web = web
        self.output = folder / "out"
        self.item = folder / "item.txt"
        self.item.write_text(ITEM, "utf-8")
        self.configure()

    def configure(self, **changes: str) -> None:
        settings = {"proxy": f'"{self.web.url}"', "ca_file": f'"{self.web.ca_file}"', "retries": "0", **changes}
        lines = ["[web]", *(f"{key} = {value}" for key, value in settings.items()), "[choice]", "upgrade = false"]
        (self.folder / "config.toml").write_text("\n".join([*lines, "[videos]", "download = false"]))

    def harvest(self, *arguments: str) -> Any:
        return harvester(
            "harvest", self.item, "-o", self.output, "-c", self.folder / "config.toml", *arguments, cwd=self.folder
        )

    def manifest(self) -> Any:
        (path,) = self.output.glob("*/*/*/*/manifest.json")
        return msgspec.json.decode(path.read_bytes()) | {"folder": path.parent}


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with StandIn({LEAD: Reply(PICTURE, "image/png")}) as web:
        yield Newsroom(tmp_path, web)


def test_the_item_is_one_picture_in_nine_renditions_and_one_video(newsroom: Newsroom) -> None:
    done = newsroom.harvest()
    manifest = newsroom.manifest()
    (image,), (video,) = manifest["images"], manifest["videos"]

    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert {v["url"] for v in image["variants"]} == {
        LEAD,
        *(rendition(w, k) for w in WIDTHS for k in ("webp", "png")),
    }
    assert (image["best"]["url"], image["best"]["width"], image["status"]) == (LEAD, 1280, "saved")
    assert image["best"]["reason"]
    assert (image["caption"], image["credit"].removeprefix("© ")) == (CAPTION, CREDIT)
    assert (video["id"], video["embedded"], video["url"]) == (VIDEO, True, f"https://www.youtube.com/watch?v={VIDEO}")


def test_the_article_is_what_the_item_says_of_it(newsroom: Newsroom) -> None:
    newsroom.harvest()
    article = newsroom.manifest()["article"]

    assert article["title"] == TITLE
    assert article["published"] == PUBLISHED
    assert article["url"] == ARTICLE
    assert article["source"]["kind"] == "item"
    assert sum(repair["count"] for repair in article["repairs"]) >= 4


def test_the_original_is_kept_byte_for_byte_with_two_thumbnails(newsroom: Newsroom) -> None:
    newsroom.harvest()
    manifest = newsroom.manifest()
    image, folder = manifest["images"][0], manifest["folder"]

    assert (folder / image["file"]["path"]).read_bytes() == PICTURE
    assert [t["width"] for t in image["thumbnails"]] == [320, 640]
    for thumbnail in image["thumbnails"]:
        with Image.open(BytesIO((folder / thumbnail["path"]).read_bytes())) as drawn:
            assert drawn.size == (thumbnail["width"], thumbnail["height"])


def test_the_written_manifest_validates(newsroom: Newsroom) -> None:
    newsroom.harvest()
    manifest = newsroom.manifest()
    del manifest["folder"]

    jsonschema.validate(manifest, codec.schema())


def test_a_second_run_asks_for_nothing(newsroom: Newsroom) -> None:
    newsroom.harvest()
    before = newsroom.manifest()
    newsroom.web.requests.clear()
    again = newsroom.harvest()

    assert again.returncode == 0
    assert newsroom.web.requests == []
    assert newsroom.manifest() == before


@pytest.mark.parametrize("damage", ["gone", "cut"])
def test_a_file_that_is_gone_or_cut_is_fetched_again_and_nothing_else(newsroom: Newsroom, damage: str) -> None:
    newsroom.harvest()
    manifest = newsroom.manifest()
    path = manifest["folder"] / manifest["images"][0]["file"]["path"]
    path.unlink() if damage == "gone" else path.write_bytes(PICTURE[:100])
    newsroom.web.requests.clear()
    again = newsroom.harvest()

    assert again.returncode == 0
    assert path.read_bytes() == PICTURE
    assert newsroom.web.asked() == [LEAD]


def test_a_lost_thumbnail_is_drawn_again_without_a_request(newsroom: Newsroom) -> None:
    newsroom.harvest()
    manifest = newsroom.manifest()
    path = manifest["folder"] / manifest["images"][0]["thumbnails"][0]["path"]
    drawn = path.read_bytes()
    path.unlink()
    newsroom.web.requests.clear()
    newsroom.harvest()

    assert path.read_bytes() == drawn
    assert newsroom.web.requests == []


def test_without_a_network_the_manifest_tells_each_failure(newsroom: Newsroom) -> None:
    newsroom.configure(proxy='"http://127.0.0.1:9"')
    done = newsroom.harvest()
    manifest = newsroom.manifest()

    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert manifest["images"][0]["status"] == "failed"
    assert manifest["images"][0]["error"]["retryable"] is True
    assert len(manifest["images"][0]["attempts"]) >= 1
    assert [path for path in newsroom.output.rglob("*") if path.suffix in (".part", ".tmp")] == []


def test_when_the_network_is_back_the_same_command_completes(newsroom: Newsroom) -> None:
    newsroom.configure(proxy='"http://127.0.0.1:9"')
    newsroom.harvest()
    newsroom.configure()

    assert newsroom.harvest().returncode == 0
    assert newsroom.manifest()["images"][0]["status"] == "saved"


def test_when_the_best_rendition_is_gone_the_next_is_taken_and_told(newsroom: Newsroom) -> None:
    next_best = rendition(980, "png")
    newsroom.web.routes[LEAD] = Reply(status=404)
    newsroom.web.routes[next_best] = Reply(png(980, 551), "image/png")
    done = newsroom.harvest()
    image = newsroom.manifest()["images"][0]

    assert done.returncode == 0
    assert [(a["url"], a["result"]) for a in image["attempts"]] == [(LEAD, "http_404"), (next_best, "accepted")]
    assert (image["best"]["url"], image["file"]["width"]) == (next_best, 980)


def test_what_failed_for_good_is_told_once_and_does_not_raise_later_exit_statuses(newsroom: Newsroom) -> None:
    newsroom.web.routes.clear()
    first = newsroom.harvest()
    newsroom.web.requests.clear()
    second = newsroom.harvest()

    assert (first.returncode, second.returncode) == (3, 0)
    assert newsroom.web.requests == []

"""The demonstration: real, whole, repeatable, and without the internet."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from harvester.demo import pictures, site
from tests.support.command import harvester


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a first demonstration, and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    done = harvester("demo", cwd=folder, COLUMNS="200")
    assert done.returncode == 0, done.stderr
    return folder / "downloads" / "demo", done.stdout


def manifest(root: Path, slug: str) -> Any:
    (path,) = root.glob(f"*/*/*/{slug}*/manifest.json")
    return json.loads(path.read_bytes())


def ask(proxy: str, url: str) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy, "https": proxy}))
    with opener.open(url, timeout=10) as answer:
        body: bytes = answer.read()
    return body


def test_every_article_is_harvested_and_every_picture_saved(harvested: tuple[Path, str]) -> None:
    root, shown = harvested
    manifests = [json.loads(path.read_bytes()) for path in root.glob("*/*/*/*/manifest.json")]

    assert {m["article"]["url"] for m in manifests} == set(site.ARTICLES)
    assert {image["status"] for m in manifests for image in m["images"]} == {"saved"}
    assert "✗" not in shown


def test_three_types_of_one_picture_are_one_image(harvested: tuple[Path, str]) -> None:
    lead = manifest(harvested[0], "harbour")["images"][0]

    assert len(lead["variants"]) >= 8
    assert {url.rpartition(".")[2] for url in (v["url"] for v in lead["variants"])} == {"avif", "webp", "jpg"}
    assert lead["file"]["width"] == 1600
    assert [t["width"] for t in lead["thumbnails"]] == [320, 640]


def test_the_damage_is_mended_and_told(harvested: tuple[Path, str]) -> None:
    mended = manifest(harvested[0], "town-library")

    assert mended["article"]["repairs"] == [{"kind": "glued-tag", "count": 7}]
    assert mended["images"][0]["best"]["url"].endswith("/w_1280,h_720,c_fill/corn-market-hill.webp")
    assert [video["id"] for video in mended["videos"]] == ["OrchardGz15"]


def test_lazy_pictures_the_gallery_and_the_players_are_found(harvested: tuple[Path, str]) -> None:
    kites = manifest(harvested[0], "ten-thousand-kites")

    assert [image["file"]["width"] for image in kites["images"]] == [1200] * 4
    assert [(video["id"], video["start"]) for video in kites["videos"]] == [("OrchardGz16", 42), ("KnotGazett3", None)]


def test_a_rendition_that_is_gone_falls_back_to_the_next(harvested: tuple[Path, str]) -> None:
    storm = manifest(harvested[0], "storm")["images"][0]

    assert [attempt["result"] for attempt in storm["attempts"]] == ["http_404", "accepted"]
    assert storm["file"]["width"] == 960


def test_what_is_shown_says_where_it_lies(harvested: tuple[Path, str]) -> None:
    root, shown = harvested
    folders = re.findall(r"^  (downloads/demo/\S+)$", shown, re.MULTILINE)

    assert len(folders) == len(site.ARTICLES)
    assert all((root.parent.parent / folder / "manifest.json").is_file() for folder in folders)


def test_a_second_demonstration_downloads_nothing(harvested: tuple[Path, str]) -> None:
    root, _ = harvested
    before = {path: path.stat().st_mtime_ns for path in root.glob("*/*/*/*/images/*")}

    again = harvester("demo", cwd=root.parent.parent)

    assert again.returncode == 0
    assert "Nothing new" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in root.glob("*/*/*/*/images/*")} == before


def test_nothing_leaves_the_machine() -> None:
    with site.serve() as proxy:
        with pytest.raises(urllib.error.HTTPError, match="403"):
            ask(proxy, "http://i.ytimg.com/vi/OrchardGz15/hqdefault.jpg")
        with pytest.raises(OSError, match="501"):
            ask(proxy, "https://i.ytimg.com/vi/OrchardGz15/hqdefault.jpg")


def test_the_feed_and_the_front_page_list_every_article() -> None:
    with site.serve() as proxy:
        feed, front = ask(proxy, site.FEED).decode(), ask(proxy, "http://gazette.example/").decode()

    assert set(re.findall(r"<link>(http://\S+/\S+)</link>", feed)) - {"http://gazette.example/"} == set(site.ARTICLES)
    assert all(url.removeprefix("http://gazette.example") in front for url in site.ARTICLES)


def test_every_rendition_of_the_pages_exists_but_the_one_that_is_gone() -> None:
    pages = Path(site.__file__).parent / "pages"
    named = {
        path
        for page in pages.iterdir()
        for path in re.findall(
            r'http://img\.gazette\.example(/[^\s"]+?\.(?:jpg|png|webp|avif))', page.read_text("utf-8")
        )
    }

    assert [path for path in sorted(named) if pictures.find(path) is None] == [
        "/c8e5f2a1-94d7-4b03-a6c8-13f7d05be942/w1920/storm-bridge.jpg"
    ]

"""Refused or killed at any call that changes the output, the same command completes it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from tests.support.failing_disk import Ended, Fault, Runs
from tests.support.press import TEXT, drawn, validated
from tests.support.servers import Site

FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(range(256)) * 9_000
"""Large enough to come in a part."""
PICTURES = {
    "/x/pic.jpg": drawn(1),
    "/y/pic.jpg": drawn(2),
    "/z/pic.jpg": drawn(3),
    "/w/pic.jpg": drawn(4),
    "/z/large.jpg": drawn(3, 800, 600),
}
FIRST = {
    "/news/a.html": ("The bridge", ["/x/pic.jpg", "/y/pic.jpg"], "/clips/bridge.mp4"),
    "/news/b.html": ("The flood", ["/z/pic.jpg", "/x/pic.jpg"], None),
}
EDITED = {
    "/news/a.html": ("The bridge opens", ["/w/pic.jpg", "/x/pic.jpg", "/y/pic.jpg"], "/clips/bridge.mp4"),
    "/news/b.html": ("The flood", ["/z/pic.jpg /z/large.jpg"], None),
}
ENDS: dict[Fault, tuple[int, ...]] = {"ENOSPC": (0, 5), "EIO": (0, 5), "dying": (0, 5), "kill": (0, -9)}
"""How a run may end; with 0 where the call was to tidy up, or came no more."""
FAULTS: tuple[Fault, ...] = get_args(Fault)
Edition = dict[str, tuple[str, list[str], str | None]]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({path: validated(body, "image/jpeg") for path, body in PICTURES.items()}) as site:
        site.routes["/clips/bridge.mp4"] = validated(FILM, "video/mp4")
        publish(site, FIRST)
        yield site


def publish(site: Site, edition: Edition) -> None:
    for path, (title, pictures, film) in edition.items():
        site.routes[path] = validated(page(title, pictures, film).encode(), "text/html; charset=utf-8")


def page(title: str, pictures: list[str], film: str | None) -> str:
    shown = "".join(f"<figure>{element(urls.split())}</figure><p>{TEXT}</p>" for urls in pictures)
    clip = f'<video src="{film}"></video>' if film else ""
    story = f"<article><h1>{title}</h1><p>{TEXT}</p>{shown}{clip}<p>{TEXT}</p></article>"
    return f"<!doctype html><html><head><title>{title}</title></head><body>{story}</body></html>"


def element(urls: list[str]) -> str:
    more = f' srcset="{urls[0]} 400w, {urls[1]} 800w"' if len(urls) > 1 else ""
    return f'<img src="{urls[0]}"{more} width="400" height="300" alt="">'


class Desk:
    """A folder in which the harvest of two articles is run, again and again."""

    def __init__(self, folder: Path, site: Site, runs: Runs) -> None:
        self.folder, self.output, self._site, self._runs = folder, folder / "out", site, runs
        folder.mkdir(parents=True)
        (folder / "config.toml").write_text(
            '[web]\nallow_networks = ["127.0.0.0/8"]\nrobots = false\npage_delay = 0\nretries = 0\n'
            '[choice]\nupgrade = false\n[videos]\nproviders = ["file"]\n[thumbnails]\nwidths = [64]\n'
            "[output]\nmin_free_space = 0\n"
        )

    def harvest(self, fault: Fault | None = None, at: int = 0) -> Ended:
        pages = [f"{self._site.url}{path}" for path in FIRST]
        return self._run("harvest", *pages, "-o", "out", "-c", "config.toml", fault=fault, at=at)

    def verify(self) -> Ended:
        return self._run("verify", "out", "--json", "-c", "config.toml")

    def _run(self, *arguments: str, fault: Fault | None = None, at: int = 0) -> Ended:
        return self._runs.run(*arguments, folder=self.folder, output=self.output, fault=fault, at=at)

    def wrong(self, edition: Edition) -> str:
        """Say what is not as it must be after a run that ended well, or nothing."""
        seen = self.verify()
        strays = [line for line in seen.said.splitlines() if '"stray"' in line]
        if seen.status != 0 or strays:
            return f"verify: {seen.status} {seen.said[-600:]}"
        had = sorted(digest for path in self.output.glob("*/*/*/manifest.json") for digest in content(path))
        return "" if had == sorted(expected(edition)) else f"{len(had)} files are not what was served"


def content(path: Path) -> Iterator[str]:
    """What the files that a manifest names hold."""
    manifest: Any = msgspec.json.decode(path.read_bytes())
    for item in (*manifest["images"], *manifest["videos"]):
        if item["status"] == "saved":
            yield hashlib.sha256((path.parent / item["file"]["path"]).read_bytes()).hexdigest()


def expected(edition: Edition) -> Iterator[str]:
    for _, pictures, film in edition.values():
        for body in [PICTURES[urls.split()[-1]] for urls in pictures] + ([FILM] if film else []):
            yield hashlib.sha256(body).hexdigest()


class Sweep:
    """Every fault at every call of a run that begins with what lies in *before*."""

    def __init__(self, folder: Path, site: Site, edition: Edition, before: Path | None = None) -> None:
        self.folder, self.site, self.edition, self.before = folder, site, edition, before
        with Runs() as runs:
            desk = self._desk("whole", runs)
            whole = desk.harvest()
            assert whole.status == 0, whole.said
            assert desk.wrong(edition) == ""
        self.calls = whole.calls

    def wrong(self, numbers: Iterable[int], faults: Iterable[Fault]) -> list[str]:
        """Say of each of these faults at each of these calls what came of it that must not."""
        cases = [(fault, number) for fault in faults for number in numbers]
        shares = [cases[start::2] for start in range(2)]
        with ThreadPoolExecutor(len(shares)) as threads:
            return [one for share in threads.map(self._share, shares) for one in share]

    def _share(self, cases: list[tuple[Fault, int]]) -> list[str]:
        with Runs() as runs:
            return [found for fault, number in cases if (found := self._one(fault, number, runs))]

    def _one(self, fault: Fault, number: int, runs: Runs) -> str:
        desk = self._desk(f"{fault}-{number}", runs)
        met = desk.harvest(fault, number)
        again = desk.harvest()
        what = f"{fault} at {number} ({met.calls[number - 1] if len(met.calls) >= number else 'never'}): "
        if met.status not in ENDS[fault] or "Traceback" in met.said or "bug" in met.said:
            return f"{what}{met.status} {met.said[-900:]}"
        if again.status != 0:
            return f"{what}the rerun: {again.status} {again.said[-900:]}"
        found = desk.wrong(self.edition)
        if not found:
            shutil.rmtree(desk.folder)
        return what + found if found else ""

    def _desk(self, name: str, runs: Runs) -> Desk:
        desk = Desk(self.folder / name, self.site, runs)
        if self.before is not None:
            shutil.copytree(self.before, desk.output)
        return desk


def sampled(calls: list[str], most: int) -> list[int]:
    """Give *most* numbers of calls, evenly, the first and the last among them."""
    return sorted({1 + round(index * (len(calls) - 1) / (most - 1)) for index in range(most)})


def test_a_first_harvest_is_completed_whatever_call_failed(site: Site, tmp_path: Path) -> None:
    sweep = Sweep(tmp_path, site, FIRST)

    assert sweep.wrong(sampled(sweep.calls, 5), FAULTS) == []


def test_a_harvest_of_changed_pages_is_completed_whatever_call_failed(site: Site, tmp_path: Path) -> None:
    sweep = edited(site, tmp_path)

    assert sweep.wrong(sampled(sweep.calls, 5), FAULTS) == []


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["ENOSPC", "EIO", "kill"])
def test_at_every_single_call_of_a_first_harvest(fault: Fault, site: Site, tmp_path: Path) -> None:
    sweep = Sweep(tmp_path, site, FIRST)

    assert sweep.wrong(range(1, len(sweep.calls) + 1), [fault]) == []


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["ENOSPC", "EIO", "kill"])
def test_at_every_single_call_of_a_harvest_of_changed_pages(fault: Fault, site: Site, tmp_path: Path) -> None:
    sweep = edited(site, tmp_path)

    assert sweep.wrong(range(1, len(sweep.calls) + 1), [fault]) == []


def edited(site: Site, folder: Path) -> Sweep:
    """Harvest the first edition, and give the sweep of a run that finds another."""
    first = Sweep(folder / "first", site, FIRST)
    publish(site, EDITED)
    return Sweep(folder / "edited", site, EDITED, first.folder / "whole" / "out")

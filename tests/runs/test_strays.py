"""Commands on an output in which things lie that are not what they seem: one bad article costs no other."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harvester.errors import FolderError
from harvester.runs.execution import Options, execution
from harvester.runs.report import Report
from harvester.runs.upkeep import remove as removal
from harvester.stores.folder import Store
from tests.support.command import harvester
from tests.support.press import Press, story


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Press(tmp_path, {"a": story(1), "b": story(2)}) as press:
        yield press


def folder(press: Press, name: str) -> Path:
    found: Path = press.manifests()[name]["folder"]
    return found


def files(press: Press) -> set[Path]:
    return {path for path in press.output.rglob("*") if path.is_file() and ".harvester" not in path.parts}


def forget(press: Press) -> None:
    """Lose the state."""
    for path in (press.output / ".harvester").glob("state.db*"):
        path.unlink()


def edited(press: Press, name: str, change: Callable[[Any], object]) -> None:
    """Change what a manifest says."""
    path = folder(press, name) / "manifest.json"
    manifest = msgspec.json.decode(path.read_bytes())
    change(manifest)
    path.write_bytes(msgspec.json.encode(manifest))


def told(press: Press, *arguments: str, status: int, **changes: str) -> str:
    """Give what a command says, which ends with *status* and without a traceback."""
    config = press.folder / "config.toml"
    config.write_text(press.config_text())
    done = harvester(*arguments, "-c", config, cwd=press.folder, **changes)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert "bug" not in done.stderr
    return done.stdout + done.stderr


async def taken_away(press: Press, name: str) -> Report:
    async with execution(press.output, press.config(), Options(), report := Report()) as kit:
        removal.remove(press.url(name), kit)
    return report


# -------------------------------------------------------------------- remove


@pytest.mark.parametrize("above", [0, 1, 2, 3])
async def test_a_copy_of_a_manifest_further_up_takes_no_other_article_with_it(press: Press, above: int) -> None:
    await press.harvest()
    own, others = folder(press, "a"), {path for path in files(press) if folder(press, "b") in path.parents}
    shutil.copy(own / "manifest.json", own.parents[above])
    forget(press)
    await taken_away(press, "a")

    assert others <= files(press)
    assert own.parents[above] / "manifest.json" in files(press)
    assert not own.exists()


async def test_what_does_not_belong_to_a_removed_article_stays_and_is_told(press: Press) -> None:
    await press.harvest()
    own, other = folder(press, "a"), folder(press, "b")
    (own / "notes.txt").write_text("mine")
    (own / "images" / "99-mine.jpg").write_bytes(b"x")
    (own / "images" / "link.jpg").symlink_to(own / "notes.txt")
    inner = own / other.name
    other.rename(inner)
    report = await taken_away(press, "a")

    assert {path.name for path in own.iterdir()} == {"notes.txt", "images", inner.name}
    assert {path.name for path in (own / "images").iterdir()} == {"99-mine.jpg", "link.jpg"}
    assert len(list((inner / "images").iterdir())) == 2
    for name in ("notes.txt", "images/99-mine.jpg", "images/link.jpg", inner.name):
        assert name in report.warnings["strays"]


async def test_an_article_goes_with_the_files_of_its_history_and_leaves_no_folder(press: Press) -> None:
    await press.harvest("a")
    pictures = press.stories["a"].pictures
    press.edit("a", pictures=(press.stories["b"].pictures[0], *pictures[1:]))
    await press.harvest("a")
    report = await taken_away(press, "a")

    assert files(press) == set()
    assert [path.name for path in press.output.iterdir()] == [".harvester"]
    assert report.warnings == {}


@pytest.mark.parametrize("hostile", ["../b/x", "/etc/hostname", "images/../../x", "images", "a\\b", "a\0b", ""])
async def test_a_path_that_leads_elsewhere_removes_nothing_there(press: Press, hostile: str) -> None:
    await press.harvest()
    victim = folder(press, "b") / "manifest.json"
    paths = [hostile, f"../{folder(press, 'b').name}/manifest.json", f"{folder(press, 'b').name}/manifest.json"]
    shutil.copytree(folder(press, "b"), folder(press, "a") / folder(press, "b").name)

    def change(manifest: Any) -> None:
        for image, path in zip(manifest["images"], paths, strict=False):
            image["file"]["path"] = path
        manifest["images"][0]["thumbnails"][0]["path"] = paths[2]

    edited(press, "a", change)
    await taken_away(press, "a")

    assert victim.exists()
    assert (victim.parents[1] / folder_name(press, "a") / paths[2]).exists()


def folder_name(press: Press, name: str) -> str:
    """Give how the folder of a removed article was called."""
    with_strays = [path for path in press.output.glob("*/*/*/*") if not (path / "manifest.json").exists()]
    assert len(with_strays) == 1, name
    return with_strays[0].name


@pytest.mark.parametrize("damage", ["other", "garbage", "newer", "folder", "link", "deep"])
async def test_nothing_is_removed_where_the_manifest_is_not_the_article_s_own(press: Press, damage: str) -> None:
    await press.harvest()
    manifest = folder(press, "a") / "manifest.json"
    spoil(press, manifest, damage)
    before = files(press)
    async with execution(press.output, press.config(), Options(), Report()) as kit:
        with pytest.raises(FolderError, match="Nothing was removed"):
            removal.remove(press.url("a"), kit)
        assert kit.state.known(press.url("a")) is not None

    assert files(press) == before
    assert removal.tombstones(Store(press.output)) == {}


def spoil(press: Press, manifest: Path, damage: str) -> None:
    """Put something in the place of a manifest."""
    content = manifest.read_bytes()
    manifest.unlink()
    match damage:
        case "other":
            shutil.copy(folder(press, "b") / "manifest.json", manifest)
        case "newer":
            manifest.write_bytes(content.replace(b'"format": 1', b'"format": 99'))
        case "folder":
            manifest.mkdir()
        case "link":
            (press.folder / "elsewhere.json").write_bytes(content)
            manifest.symlink_to(press.folder / "elsewhere.json")
        case "deep":
            manifest.write_bytes(b'{"format": 1, "x": ' + b"[" * 100_000)
        case "pipe":
            os.mkfifo(manifest)
        case _:
            manifest.write_bytes(b"\x00{")


# -------------------------------------------------------------------- strays and what hides articles


@pytest.mark.parametrize("place", [".", "site", "month"])
async def test_a_stray_manifest_hides_no_article(press: Press, place: str) -> None:
    await press.harvest()
    own = folder(press, "a")
    where = {".": press.output, "site": own.parents[2], "month": own.parent}[place]
    shutil.copy(own / "manifest.json", where)
    forget(press)

    assert "Remembered 2 articles" in (said := told(press, "state", "rebuild", "out", status=0))
    assert "a manifest in a folder that is no article's" in said
    assert "2 articles" in (said := told(press, "verify", "out", status=0))
    assert "stray" in said
    assert "no article's" in said
    strays = [json.loads(line) for line in told(press, "verify", "out", "-q", "--json", status=0).splitlines()]
    assert [one["path"] for one in strays if one["found"] == "stray"] == ["manifest.json"]
    assert told(press, "thumbnails", "out", status=0).count("2 articles already there") == 1


async def test_an_article_that_lies_in_another_s_folder_is_found(press: Press) -> None:
    await press.harvest()
    own, other = folder(press, "a"), folder(press, "b")
    other.rename(own / other.name)
    forget(press)

    assert "Remembered 2 articles" in told(press, "state", "rebuild", "out", status=0)
    assert "2 articles" in (said := told(press, "verify", "out", status=0))
    assert "stray" not in said


async def test_a_copy_of_an_article_s_folder_is_told_and_not_taken_for_the_article(press: Press) -> None:
    await press.harvest()
    own = folder(press, "a")
    shutil.copytree(own, press.output / "a-backup" / "deep" / "er" / "and" / own.name)
    forget(press)

    said = told(press, "state", "rebuild", "out", status=0)
    assert "Remembered 2 articles" in said
    assert "second folder of one article" in said
    await taken_away(press, "a")
    assert not own.exists()
    assert len(files(press)) == 14


@contextmanager
def deep(folder: Path, levels: int = 1500) -> Iterator[None]:
    """Make folders in folders, deeper than Python calls, and take them away again, which pytest could not."""
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(folder)
        for _ in range(levels):
            os.mkdir("d")  # noqa: PTH102 - the whole path would be too long
            os.chdir("d")
        os.fchdir(here)
        yield
        os.chdir(folder)
        for _ in range(levels):
            os.chdir("d")
        for _ in range(levels):
            os.chdir("..")
            os.rmdir("d")  # noqa: PTH106
    finally:
        os.fchdir(here)
        os.close(here)


async def test_folders_as_deep_as_a_disk_has_them_are_walked(press: Press) -> None:
    await press.harvest("a")
    with deep(press.output), deep(folder(press, "a")):
        verified = told(press, "verify", "out", status=0)
        rebuilt = told(press, "state", "rebuild", "out", status=0)
        await taken_away(press, "a")

    assert "1 article" in verified
    assert "Remembered 1 articles" in rebuilt
    assert files(press) == set()


# -------------------------------------------------------------------- one bad article costs no other


@pytest.mark.parametrize("damage", ["other", "garbage", "newer", "folder", "link", "deep", "pipe"])
async def test_a_bad_manifest_costs_its_article_only(press: Press, damage: str) -> None:
    press.site.routes["/pictures/p1-1.jpg"] = press.site.routes["/pictures/p2-1.jpg"]
    await press.harvest()
    bad = folder(press, "a")
    spoil(press, bad / "manifest.json", damage)

    assert bad.name in (said := told(press, "verify", "out", status=9))
    assert "unreadable" in said
    assert bad.name in told(press, "verify", "out", "--repair", status=9)
    assert bad.name in told(press, "thumbnails", "out", status=3)
    assert bad.name in told(press, "remove", press.url("a"), "-o", "out", status=5)
    forget(press)
    assert bad.name in (said := told(press, "status", "out", status=0))
    assert "1 article," in said
    assert "Remembered 1 articles" in told(press, "state", "rebuild", "out", status=0)
    assert "2 articles" not in told(press, "status", "out", status=0)


@pytest.mark.parametrize("linked", [".", "images", "thumbnails", "images/{name}", "manifest.json"])
async def test_a_symbolic_link_costs_its_article_only(press: Press, linked: str) -> None:
    await press.harvest()
    own = folder(press, "a")
    name = press.manifests()["a"]["images"][0]["file"]["path"].rpartition("/")[2]
    path = own / linked.format(name=name)
    aside = press.folder / "aside"
    path.rename(aside)
    path.symlink_to(aside)
    kept = {one: one.read_bytes() for one in [aside, *aside.rglob("*")] if one.is_file()}

    assert "symbolic link" in told(press, "harvest", press.url("a"), press.url("b"), "-o", "out", status=3)
    assert own.name in told(press, "verify", "out", status=9)
    assert "symbolic link" in told(press, "verify", "out", "--repair", status=9)
    told(press, "thumbnails", "out", status=3)
    told(press, "state", "rebuild", "out", status=0)
    assert "article" in told(press, "status", "out", status=0)
    assert {one: one.read_bytes() for one in kept} == kept
    assert path.is_symlink()


@pytest.mark.parametrize(
    "path", ["../../../x.jpg", "/etc/hostname", "images/../../x.jpg", "a\\b", "a\0b", "", "images"]
)
async def test_an_unsafe_path_in_a_manifest_costs_its_article_only(press: Press, path: str) -> None:
    press.site.routes["/pictures/p1-2.jpg"] = press.site.routes["/pictures/p2-1.jpg"]
    await press.harvest()

    def change(manifest: Any) -> None:
        manifest["images"][0]["file"]["path"] = path
        manifest["images"][1]["thumbnails"][0]["path"] = path

    edited(press, "a", change)
    own = folder(press, "a")
    assert own.name in told(press, "verify", "out", status=9)
    told(press, "retry", "out", status=0)
    assert "is not what it was" in told(press, "thumbnails", "out", status=3)
    forget(press)
    assert "Remembered 2 articles" in told(press, "state", "rebuild", "out", status=0)
    assert "2 articles" in told(press, "status", "out", status=0)
    told(press, "harvest", press.url("b"), "-o", "out", status=0)
    assert "Repaired" in told(press, "verify", "out", "--repair", status=0)
    told(press, "verify", "out", status=0)

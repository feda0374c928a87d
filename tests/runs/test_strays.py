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
from tests.support.servers import Reply


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


@pytest.mark.parametrize("above", [0, 3])
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
        assert kit.collection.state.known(press.url("a")) is not None

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


@pytest.mark.slow
async def test_stray_manifests_hide_no_article(press: Press) -> None:
    await press.harvest()
    own = folder(press, "a")
    for above in own.parents[:4]:
        shutil.copy(own / "manifest.json", above)
    forget(press)

    assert "Remembered 2 articles" in (said := told(press, "state", "rebuild", "out", status=0))
    assert "a manifest in a folder that is no article's" in said
    assert "2 articles" in (said := told(press, "verify", "out", status=0))
    assert "stray" in said
    assert "no article's" in said
    strays = [json.loads(line) for line in told(press, "verify", "out", "-q", "--json", status=0).splitlines()]
    assert [one["path"] for one in strays if one["found"] == "stray"] == ["manifest.json"] * 4
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

DAMAGES = ("other", "garbage", "newer", "folder", "link", "deep", "pipe")


@pytest.mark.slow
async def test_bad_manifests_cost_their_articles_only(tmp_path: Path) -> None:
    stories = {name: story(number, pictures=1) for number, name in enumerate(("b", "good", *DAMAGES), 1)}
    with Press(tmp_path, stories) as press:
        press.site.routes["/pictures/p3-1.jpg"] = Reply(status=503)
        await press.harvest()
        bad = [folder(press, name) for name in DAMAGES]
        press.refresh()
        for name, path in zip(DAMAGES, bad, strict=True):
            spoil(press, path / "manifest.json", name)

        for arguments, status in (
            (["verify", "out"], 9),
            (["verify", "out", "--repair"], 9),
            (["thumbnails", "out"], 3),
            (["state", "check", "out"], 9),
        ):
            said = told(press, *arguments, status=status)
            assert [path.name for path in bad if path.name not in said] == []
        assert bad[0].name in told(press, "retry", "out", status=4)
        assert bad[0].name in told(press, "remove", press.url("other"), "-o", "out", status=5)
        assert "Remembered 2 articles" in told(press, "state", "rebuild", "out", status=0)
        forget(press)
        assert "2 articles," in (said := told(press, "status", "out", status=0))
        assert [path.name for path in bad if path.name not in said] == []


@pytest.mark.slow
async def test_symbolic_links_cost_their_articles_only(tmp_path: Path) -> None:
    places = {"folder": ".", "images": "images", "thumbnails": "thumbnails", "picture": "", "manifest": "manifest.json"}
    stories = {name: story(number, pictures=1) for number, name in enumerate(("b", *places), 1)}
    with Press(tmp_path, stories) as press:
        await press.harvest()
        bad = {name: folder(press, name) for name in places}
        aside = press.folder / "aside"
        aside.mkdir()
        for name, place in places.items():
            path = bad[name] / (place or press.manifests()[name]["images"][0]["file"]["path"])
            path.rename(aside / name)
            path.symlink_to(aside / name)
        kept = {path: path.read_bytes() for path in aside.rglob("*") if path.is_file()}

        for arguments, status in (
            (["harvest", *(press.url(name) for name in stories), "-o", "out"], 3),
            (["verify", "out"], 9),
            (["verify", "out", "--repair"], 9),
            (["thumbnails", "out", "-v"], 3),
        ):
            said = told(press, *arguments, status=status)
            assert [path.name for path in bad.values() if path.name not in said] == []
        assert "Remembered 4 articles" in told(press, "state", "rebuild", "out", status=0)
        assert {path: path.read_bytes() for path in kept} == kept


@pytest.mark.slow
async def test_unsafe_paths_in_manifests_cost_their_articles_only_and_are_mended(tmp_path: Path) -> None:
    paths = ["../../../x.jpg", "/etc/hostname", "images/../../x.jpg", "a\\b", "a\0b", "", "images"]
    stories = {name: story(number) for number, name in enumerate(("b", *(f"a{n}" for n in range(len(paths)))), 1)}
    with Press(tmp_path, stories) as press:
        await press.harvest()
        for number, path in enumerate(paths):

            def change(manifest: Any, path: str = path) -> None:
                manifest["images"][0]["file"]["path"] = path
                manifest["images"][1]["thumbnails"][0]["path"] = path

            edited(press, f"a{number}", change)
        bad = [folder(press, name) for name in stories if name != "b"]

        for arguments, status in ((["verify", "out"], 9), (["thumbnails", "out", "-v"], 3)):
            said = told(press, *arguments, status=status)
            assert [path.name for path in bad if path.name not in said] == []
        told(press, "retry", "out", status=0)
        assert "Remembered 8 articles" in told(press, "state", "rebuild", "out", status=0)
        assert "8 articles" in told(press, "status", "out", status=0)
        told(press, "harvest", press.url("b"), "-o", "out", status=0)
        told(press, "verify", "out", "--repair", status=0)


async def test_a_manifest_that_could_not_be_read_is_kept_beside_the_new_one(press: Press) -> None:
    await press.harvest("a")
    own = folder(press, "a")
    damaged = (own / "manifest.json").read_bytes()[:-20]
    (own / "manifest.json").write_bytes(damaged)
    await press.harvest("a")

    kept = list(own.glob("manifest.damaged-*.json"))
    assert [path.read_bytes() for path in kept] == [damaged]
    assert len(press.manifests()["a"]["images"]) == 2
    assert "manifest.damaged" not in told(press, "verify", "out", "--json", status=0)


@pytest.mark.slow
@pytest.mark.parametrize("host", [f"{'a' * 300}.example", f"{'ab-' * 90}c.museum", f"{'x.' * 140}de"])
def test_a_host_of_300_letters_costs_its_article_only(tmp_path: Path, host: str) -> None:
    page = "<title>{}</title><article><h1>{}</h1><p>Words of an article.</p></article>"
    for name, address in (("long", f"https://{host}/page"), ("short", "https://a.example/page")):
        canonical = f'<link rel="canonical" href="{address}">'
        (tmp_path / f"{name}.html").write_text(page.format(name, name) + canonical)
    long, short = (
        harvester("harvest", f"{name}.html", "--base-url", address, "--no-video", cwd=tmp_path)
        for name, address in (("long", f"https://{host}/page"), ("short", "https://a.example/page"))
    )
    assert (long.returncode, "longer than names can be" in long.stderr) == (4, True), long.stderr
    assert short.returncode == 0, short.stderr
    assert "Traceback" not in long.stderr
    done = harvester("verify", "downloads", cwd=tmp_path)
    assert (done.returncode, "1 article" in done.stderr) == (0, True)

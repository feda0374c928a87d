"""What is damaged stays where it is until something better is there to take its name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harvester.runs.execution import Options, execution
from harvester.runs.report import Report
from harvester.runs.upkeep import verify as audit
from harvester.runs.upkeep.thumbnails import thumbnails
from harvester.workers import Workers
from tests.support.command import harvester
from tests.support.faults import closed_in_mid_body
from tests.support.press import Picture, Press, drawn, story
from tests.support.servers import Reply

SHARED = Picture(name="shared.jpg", data=drawn(40), caption="Shared")


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Press(tmp_path, {"a": story(1), "b": story(2)}) as press:
        yield press


def flip(path: Path) -> None:
    """Change one bit in the middle, in the file itself, so that its links change too."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        (byte,) = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def picture(press: Press, name: str = "a", number: int = 0) -> Path:
    manifest = press.manifests()[name]
    return Path(manifest["folder"], manifest["images"][number]["file"]["path"])


def repaired(press: Press, status: int) -> str:
    config = press.folder / "config.toml"
    config.write_text(press.config_text())
    done = harvester("verify", "out", "--repair", "-c", config, cwd=press.folder)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


async def sound(press: Press) -> bool:
    async with Workers() as workers:
        return (await audit.audit(press.output, workers, lambda checked: None)).is_sound


ANSWERS: dict[str, Any] = {
    "gone": Reply(status=410),
    "failing": Reply(status=503),
    "a page": Reply(b"<html>gone</html>", "text/html"),
    "empty": Reply(b"", "image/jpeg"),
    "half": Reply(drawn(11)[:2000], "image/jpeg"),
    "cut off": closed_in_mid_body(drawn(11)),
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", [flip, cut])
async def test_damaged_pictures_stay_when_nothing_better_is_to_be_had(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    stories = {name: story(number) for number, name in enumerate(ANSWERS, 1)}
    with Press(tmp_path, {name.replace(" ", "-"): one for name, one in stories.items()}) as press:
        await press.harvest()
        paths, manifests = [picture(press, name) for name in press.stories], press.manifests()
        sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
        for path in paths:
            damage(path)
        before = [path.read_bytes() for path in paths]
        for number, answer in enumerate(ANSWERS.values(), 1):
            press.site.routes[f"/pictures/p{number}-1.jpg"] = answer
        said = repaired(press, status=9)

        assert said.count("Not repaired") == len(ANSWERS)
        assert [path.read_bytes() for path in paths] == before
        assert press.manifests() == manifests
        press.refresh()
        repaired(press, status=0)
        assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths] == sums


async def test_nothing_damaged_or_missing_is_given_up_when_the_server_is_down(tmp_path: Path) -> None:
    with Press(tmp_path, {"a": story(1)}) as press:
        await press.harvest("a")
    manifest = press.manifests()["a"]
    damaged, missing = picture(press), picture(press, number=1)
    flip(damaged)
    missing.unlink()
    before = damaged.read_bytes()
    said = repaired(press, status=9)

    assert "missing" in said
    assert damaged.read_bytes() == before
    assert press.manifests()["a"] == manifest


async def test_a_damaged_picture_that_the_publisher_replaced_is_kept_beside_the_new_one(press: Press) -> None:
    await press.harvest("a")
    path = picture(press)
    flip(path)
    before = path.read_bytes()
    press.edit("a", pictures=(Picture(name="p1-1.jpg", data=drawn(99)), press.stories["a"].pictures[1]))
    repaired(press, status=0)

    (aside,) = press.history("a")[-1]["files"].values()
    assert path.read_bytes() == drawn(99)
    assert "damaged" in aside
    assert (path.parents[1] / aside).read_bytes() == before


@pytest.mark.parametrize("link", ["hard", "copy"])
async def test_damage_of_a_shared_picture_does_not_spread_and_is_healed_everywhere(press: Press, link: str) -> None:
    press.settings = f'link = "{link}"\n'
    for name in ("a", "b"):
        press.edit(name, pictures=(SHARED,))
    await press.harvest()
    for name in ("a", "b"):
        if picture(press, name).read_bytes() == SHARED.data:
            flip(picture(press, name))
    repaired(press, status=0)

    assert [picture(press, name).read_bytes() for name in ("a", "b")] == [SHARED.data] * 2
    assert len(press.asked("/pictures/")) >= 1


@pytest.mark.parametrize("url", ["shared.jpg", "again.jpg"])
async def test_a_damaged_copy_is_not_linked_by_a_new_article(press: Press, url: str) -> None:
    press.edit("a", pictures=(SHARED,))
    press.edit("b", pictures=(Picture(name=url, data=SHARED.data, caption="Shared"),))
    await press.harvest("a")
    flip(picture(press))
    await press.harvest("b")

    assert picture(press, "b").read_bytes() == SHARED.data


async def test_what_stands_in_the_way_of_a_repair_costs_no_other_article(press: Press) -> None:
    await press.harvest()
    kept = picture(press).rename(press.folder / "kept.jpg")
    picture(press).mkdir()
    (picture(press) / "notes").write_text("mine")
    flip(picture(press, "b"))
    said = repaired(press, status=9)

    assert "Not repaired" in said
    assert (picture(press) / "notes").read_text() == "mine"
    assert picture(press, "b").read_bytes() == drawn(21)
    assert kept.read_bytes() == drawn(11)


async def test_thumbnails_are_not_drawn_from_a_damaged_picture(press: Press) -> None:
    await press.harvest()
    path = picture(press)
    flip(path)
    before = press.manifests()["a"]["images"][0]
    press.settings = "[thumbnails]\nwidths = [100]\n"
    report = await thumbnails(press.output, press.config())

    assert report.exit_status() == 3
    assert [failure.code for failure in report.failures] == ["damaged"]
    assert press.manifests()["a"]["images"][0] == before
    assert press.manifests()["a"]["images"][1]["thumbnails"][0]["width"] == 100
    assert all((path.parents[1] / t["path"]).stat().st_size == t["bytes"] for t in before["thumbnails"])


async def test_a_thumbnail_that_cannot_be_drawn_again_stays_too(press: Press) -> None:
    await press.harvest("a")
    path = picture(press)
    thumbnail = path.parents[1] / press.manifests()["a"]["images"][0]["thumbnails"][0]["path"]
    flip(path)
    cut(thumbnail)
    before = thumbnail.read_bytes()
    press.site.routes["/pictures/p1-1.jpg"] = Reply(status=404)
    repaired(press, status=9)

    assert thumbnail.read_bytes() == before
    press.refresh()
    repaired(press, status=0)


async def test_no_thumbnail_that_a_manifest_misnames_costs_another_file(press: Press) -> None:
    await press.harvest("a")
    own = Path(press.manifests()["a"]["folder"])
    manifest = own / "manifest.json"
    first = press.manifests()["a"]["images"][0]["thumbnails"][0]["path"].encode()
    second = press.manifests()["a"]["images"][1]["file"]["path"].encode()
    manifest.write_bytes(manifest.read_bytes().replace(first, second))
    await thumbnails(press.output, press.config())

    assert (own / second.decode()).read_bytes() == drawn(12)
    assert await sound(press)


async def test_repair_needs_no_database(press: Press) -> None:
    await press.harvest("a")
    flip(picture(press))
    for path in (press.output / ".harvester").glob("state.db*"):
        path.unlink()
    async with Workers() as workers:
        found = await audit.audit(press.output, workers, lambda checked: None)
    async with execution(press.output, press.config(), Options(), Report()) as kit:
        await audit.repair(found.wrong, kit)

    assert await sound(press)

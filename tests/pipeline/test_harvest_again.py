"""Reruns cost nothing where nothing changed; what changed is noticed, told, and kept as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.press import Picture, Press, drawn, story


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Press(tmp_path, {"a": story(1), "b": story(2)}) as press:
        yield press


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


async def test_a_second_run_asks_each_page_conditionally_and_no_picture(press: Press) -> None:
    await press.harvest()
    before = press.manifests()
    report = await press.harvest()

    assert press.asked("/pictures/") == []
    assert len(press.asked("/news/")) == 2
    assert all("if-none-match" in seen.headers for seen in press.site.requests)
    assert press.manifests() == before
    assert (report.exit_status(), report.articles["unchanged"]) == (0, 2)


async def test_a_job_that_never_revisits_asks_for_nothing(press: Press) -> None:
    press.settings = '[state]\nrevisit = "never"\n'
    await press.harvest()
    await press.harvest()

    assert press.asked() == []


async def test_a_page_is_asked_again_when_its_time_has_come(press: Press) -> None:
    press.settings = '[state]\nrevisit = "6h"\n'
    await press.harvest()
    await press.harvest()
    assert press.asked() == []

    press.settings = '[state]\nrevisit = "0s"\n'
    await press.harvest()
    assert len(press.asked("/news/")) == 2


async def test_other_bytes_with_the_same_pictures_are_no_change(press: Press) -> None:
    await press.harvest("a")
    before = press.manifests()
    press.edit("a", noise="a counter: 17")
    report = await press.harvest("a")

    assert press.asked("/pictures/") == []
    assert press.manifests() == before
    assert report.articles["unchanged"] == 1


CHANGES: dict[str, tuple[Callable[[Press], object], tuple[str, Any, Any]]] = {
    "title": (
        lambda p: p.edit("a", title="Another title"),
        ("article-edited", "Story 1 about the bridge", "Another title"),
    ),
    "caption": (
        lambda p: p.edit(
            "a", pictures=(replace(p.stories["a"].pictures[0], caption="New"), p.stories["a"].pictures[1])
        ),
        ("image-edited", "Picture 1 of story 1", "New"),
    ),
    "credit": (
        lambda p: p.edit("a", pictures=(replace(p.stories["a"].pictures[0], credit="Ana"), p.stories["a"].pictures[1])),
        ("image-edited", None, "Ana"),
    ),
    "new picture": (
        lambda p: p.edit(
            "a", pictures=(*p.stories["a"].pictures, Picture(name="new.jpg", data=drawn(99), caption="More"))
        ),
        ("image-added", None, "/pictures/new.jpg"),
    ),
    "gone picture": (
        lambda p: p.edit("a", pictures=p.stories["a"].pictures[1:]),
        ("image-gone", "/pictures/p1-1.jpg", None),
    ),
    "new video": (
        lambda p: p.edit("a", videos=("6lTJUeCKJXE",)),
        ("video-added", None, "https://www.youtube.com/watch?v=6lTJUeCKJXE"),
    ),
    "vanished": (lambda p: p.site.routes.pop("/news/a.html"), ("article-vanished", 200, 404)),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_a_change_is_told_in_the_history_as_it_was(press: Press, what: str) -> None:
    change, (kind, before, after) = CHANGES[what]
    await press.harvest("a")
    old = press.manifests()["a"]
    change(press)
    report = await press.harvest("a")
    (line,) = press.history("a")
    told = next(entry for entry in line["changes"] if entry["kind"] == kind)

    assert report.exit_status() == 0
    for said, expected in ((told["before"], before), (told["after"], after)):
        assert said == expected or (isinstance(expected, str) and said.endswith(expected))
    assert line["manifest"]["article"] == old["article"]
    assert line["manifest"]["images"] == old["images"]


async def test_numbers_are_never_reused(press: Press) -> None:
    await press.harvest("a")
    press.edit("a", pictures=press.stories["a"].pictures[:1])
    await press.harvest("a")
    press.edit("a", pictures=(*press.stories["a"].pictures, Picture(name="late.jpg", data=drawn(77), caption="Late")))
    await press.harvest("a")

    assert [image["number"] for image in press.manifests()["a"]["images"]] == [1, 3]


async def test_a_video_that_comes_first_on_the_page_later_takes_no_number_of_another(press: Press) -> None:
    press.edit("a", videos=("6lTJUeCKJXE", "aaBB11ccD00"))
    await press.harvest("a")
    press.edit("a", videos=("aaBB11ccD01", "6lTJUeCKJXE"))
    await press.harvest("a")
    videos = press.manifests()["a"]["videos"]

    assert [(video["id"], video["number"], video["poster"]["number"]) for video in videos] == [
        ("aaBB11ccD01", 3, 3),
        ("6lTJUeCKJXE", 1, 1),
    ]


async def test_a_replaced_picture_keeps_the_old_file_under_its_date(press: Press) -> None:
    await press.harvest("a")
    old = press.manifests()["a"]["images"][0]["file"]
    press.edit("a", pictures=(replace(press.stories["a"].pictures[0], data=drawn(55)), press.stories["a"].pictures[1]))
    await press.harvest("a", force=True)
    folder, image = press.manifests()["a"]["folder"], press.manifests()["a"]["images"][0]
    (line,) = press.history("a")
    kept = line["files"][old["path"]]

    assert (folder / image["file"]["path"]).read_bytes() == drawn(55)
    assert (folder / kept).read_bytes() == drawn(11)
    assert old["fetched_at"][:10] in kept
    assert [entry["kind"] for entry in line["changes"]] == ["image-replaced"]


async def test_without_history_a_replaced_file_is_removed(press: Press) -> None:
    press.settings = "keep_history = false\n"
    await press.harvest("a")
    press.edit("a", pictures=(replace(press.stories["a"].pictures[0], data=drawn(55)), press.stories["a"].pictures[1]))
    await press.harvest("a", force=True)
    folder = press.manifests()["a"]["folder"]

    assert len(list((folder / "images").iterdir())) == 2


async def test_the_same_picture_of_two_articles_is_fetched_once_and_linked(press: Press) -> None:
    shared = Picture(name="shared.jpg", data=drawn(40), caption="Shared")
    press.edit("a", pictures=(shared,))
    press.edit("b", pictures=(shared,))
    await press.harvest()
    one, other = press.manifests()["a"], press.manifests()["b"]
    paths = [m["folder"] / m["images"][0]["file"]["path"] for m in (one, other)]

    assert press.asked("/pictures/") == ["/pictures/shared.jpg"]
    assert paths[0].stat().st_ino == paths[1].stat().st_ino
    assert sorted(bool(m["images"][0]["duplicate_of"]) for m in (one, other)) == [False, True]


async def test_the_same_picture_in_a_later_run_is_asked_conditionally(press: Press) -> None:
    shared = Picture(name="shared.jpg", data=drawn(40), caption="Shared")
    press.edit("a", pictures=(shared,))
    press.edit("b", pictures=(shared,))
    await press.harvest("a")
    await press.harvest("b")
    (seen,) = [seen for seen in press.site.requests if "/pictures/" in seen.target]

    assert "if-none-match" in seen.headers
    assert press.manifests()["b"]["images"][0]["duplicate_of"].endswith("01-shared.jpg")


async def test_the_same_bytes_under_another_name_are_linked(press: Press) -> None:
    press.edit("a", pictures=(Picture(name="one.jpg", data=drawn(40), caption="One"),))
    press.edit("b", pictures=(Picture(name="two.jpg", data=drawn(40), caption="Two"),))
    await press.harvest("a")
    await press.harvest("b")

    assert press.manifests()["b"]["images"][0]["duplicate_of"].endswith("01-one.jpg")


async def test_two_addresses_of_one_article_are_one_folder(press: Press) -> None:
    press.site.routes["/other.html"] = (
        f'<link rel="canonical" href="{press.url("a")}"><h1>Story 1 about the bridge</h1>'
    )
    await press.harvest("a")
    report = await press.harvest("a", "../other")

    assert len(press.manifests()) == 1
    assert report.articles["lost"] == 0


async def test_a_state_that_was_lost_is_made_again_from_the_manifests(press: Press) -> None:
    await press.harvest()
    for path in (press.output / ".harvester").glob("state.db*"):
        path.unlink()
    before = files(press.output)
    await press.harvest()

    assert press.asked("/pictures/") == []
    assert {name: data for name, data in files(press.output).items() if not name.startswith(".harvester")} == {
        name: data for name, data in before.items() if not name.startswith(".harvester")
    }


async def test_a_damaged_manifest_is_made_again(press: Press) -> None:
    await press.harvest("a")
    folder = press.manifests()["a"]["folder"]
    (folder / "manifest.json").write_bytes(b'{"format": 1, "art')
    report = await press.harvest("a")

    assert report.exit_status() == 0
    assert len(press.manifests()["a"]["images"]) == 2


@pytest.mark.parametrize(("respected", "cause"), [("[]", {}), ('["noimageai"]', {"opt_out": 1})])
async def test_an_opt_out_that_the_page_states_is_obeyed_when_it_is_to_be(
    press: Press, respected: str, cause: dict[str, int]
) -> None:
    press.site.routes["/news/a.html"] = '<meta name="robots" content="noimageai"><h1>Story</h1><p>Text of it.</p>'
    press.web = f"respect_opt_out = {respected}\n"
    report = await press.harvest("a")

    assert dict(report.causes) == cause

"""Which videos are planned for download, and what is said of the others."""

from __future__ import annotations

from typing import Any

import pytest

from harvester.choice.videos import planned
from harvester.config import Videos
from harvester.model import Derived, Image, Planned, Skipped, Variant, Video

POSTER = Image(
    number=1, derived=(Derived(url="https://i.ytimg.com/a.jpg", rule="youtube-thumbnail", expects="larger"),)
)


def video(**more: Any) -> Video:
    usual: dict[str, Any] = {
        "number": 1,
        "provider": "youtube",
        "id": "Zk3-9_aQwXs",
        "url": "https://www.youtube.com/watch?v=x",
    }
    return Video(**(usual | {"poster": POSTER} | more))


@pytest.mark.parametrize(
    "wanted",
    [
        video(),
        video(kind="short"),
        video(confidence=0.3),
        video(provider="file", kind="file", id=None),
    ],
)
def test_an_embedded_video_of_a_provider_that_is_on_is_planned(wanted: Video) -> None:
    assert planned(wanted, Videos(providers=("youtube", "file"))).outcome == Planned()


@pytest.mark.parametrize(
    ("other", "settings", "reason"),
    [
        (video(), Videos(download=False), "[videos] download is off"),
        (video(provider="vimeo"), Videos(), "vimeo is not among [videos] providers"),
        (video(embedded=False), Videos(), "the page only links to it; [videos] linked takes such videos"),
        (
            video(embedded=False, confidence=0.3),
            Videos(linked=True),
            "the page only links to it; [videos] linked takes such videos",
        ),
        (video(kind="playlist", id=None), Videos(), "a playlist is noted, its videos are not downloaded"),
        (video(kind="channel", id=None), Videos(), "a channel is noted, its videos are not downloaded"),
    ],
)
def test_every_other_video_is_skipped_with_the_reason(other: Video, settings: Videos, reason: str) -> None:
    assert planned(other, settings).outcome == Skipped(reason=reason)


def test_linked_videos_are_planned_where_they_are_wanted() -> None:
    assert planned(video(embedded=False, confidence=0.9), Videos(linked=True)).outcome == Planned()


def test_a_provider_that_is_off_is_not_asked_for_pictures() -> None:
    shown = Variant(url="https://news.example/poster.jpg")
    proposed_only = planned(video(), Videos(providers=())).poster
    declared = planned(video(poster=Image(number=1, variants=(shown,), derived=POSTER.derived)), Videos(providers=()))

    assert proposed_only is not None
    assert isinstance(proposed_only.outcome, Skipped)
    assert declared.poster == Image(number=1, variants=(shown,))


def test_the_poster_of_a_video_that_is_only_linked_is_left_alone() -> None:
    poster = planned(video(embedded=False), Videos()).poster

    assert poster is not None
    assert isinstance(poster.outcome, Skipped)

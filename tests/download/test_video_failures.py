"""yt-dlp's words are put into classes; every row of the table carries the words that test it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from harvester.download.videos.failures import CAUSES, Cause, refusal, refusal_as
from tests.support.project import ROOT

PERMANENT = ["video_private", "video_geo", "video_copyright", "video_drm", "video_unsupported"]
LOGIN = ["video_age", "video_members", "video_login"]
HARVESTERS_OWN = ["video_forbidden", "video_server", "video_truncated", "video_network", "disk_full", "video_merge"]


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.code)
def test_the_words_of_a_cause_are_recognised(cause: Cause) -> None:
    found = refusal(cause.example)

    assert found.code == cause.code
    assert (found.retryable, found.scope, found.excused) == (cause.retryable, cause.scope, cause.excused)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("This video has been removed for violating YouTube's Community Guidelines", "video_copyright"),
        ("The YouTube account associated with this video has been terminated", "video_removed"),
        ("Video unavailable. This video is no longer available", "video_removed"),
        ("Premieres in 20 hours", "video_upcoming"),
        ("[youtube] Zk3-9_aQwXs: Sign in to confirm you're not a bot", "video_bot_check"),
        (
            "This content isn't available, try again later. The current session has been rate-limited",
            "video_rate_limited",
        ),
        ("unable to download video data: <urlopen error timed out>", "video_network"),
        ("HTTP Error 500: Internal Server Error", "video_server"),
        ("Something nobody has ever seen", "video_failed"),
    ],
)
def test_other_words_for_the_same_are_recognised(said: str, code: str) -> None:
    assert refusal(said).code == code


@pytest.mark.parametrize("code", [*PERMANENT, *LOGIN])
def test_what_is_refused_for_good_is_not_asked_again_and_is_nobodys_failure(code: str) -> None:
    found = refusal_as(code)

    assert not found.retryable
    assert found.excused


@pytest.mark.parametrize("code", HARVESTERS_OWN)
def test_what_failed_on_the_way_may_heal_and_counts(code: str) -> None:
    found = refusal_as(code)

    assert found.retryable
    assert not found.excused


def test_a_cause_that_stands_only_in_the_warnings_is_found() -> None:
    found = refusal(
        "No video formats found!", ["[youtube] Unable to download API page: HTTP Error 429: Too Many Requests"]
    )

    assert (found.code, found.scope) == ("video_rate_limited", "provider")


def test_a_missing_runtime_is_not_blamed_for_a_removed_video() -> None:
    found = refusal("Video unavailable", ["No supported JavaScript runtime could be found."])

    assert found.code == "video_removed"


def test_a_retried_request_is_not_blamed_when_the_error_tells_enough() -> None:
    assert refusal("Private video", ["HTTP Error 503: Service Unavailable. Retrying (1/3)..."]).code == "video_private"


def test_an_announced_video_is_asked_again_after_its_release() -> None:
    release = datetime(2099, 1, 1, tzinfo=UTC)
    found = refusal_as("video_upcoming", release=release.timestamp())

    assert found.retry_after is not None
    assert datetime.fromisoformat(found.retry_after) == release + timedelta(minutes=10)


def test_a_release_in_the_past_is_not_asked_for_at_once() -> None:
    found = refusal_as("video_upcoming", release=0.0)

    assert found.retry_after is not None
    assert datetime.fromisoformat(found.retry_after) > datetime.now(UTC)


def test_messages_are_without_advice_for_another_command_line() -> None:
    found = refusal(
        "ERROR: [youtube] Zk3-9_aQwXs: Private video. Sign in if you've been granted access. Use --cookies for that"
    )

    assert found.message == "The video is private. (Private video. Sign in if you've been granted access)"


@pytest.mark.parametrize("code", [cause.code for cause in CAUSES if cause.code != "disk_full"])
def test_every_code_is_in_the_document(code: str) -> None:
    assert f"`{code}`" in (ROOT / "docs" / "videos.md").read_text("utf-8")

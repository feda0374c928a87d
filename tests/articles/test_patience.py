"""When a feed may be asked again, and what a link's address says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harvester.articles.feeds.polling import due_at
from harvester.articles.sources.link_kinds import is_section, is_trap, looks_like_article
from tests.support.listings import rss

MONDAY = datetime(2026, 3, 2, 10, 30, tzinfo=UTC).timestamp()
DATE = "Mon, 02 Mar 2026 10:30:00 GMT"
SYNDICATION = "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"


@pytest.mark.parametrize(
    ("channel", "headers", "minutes"),
    [
        ("", {}, 0),
        ("<ttl>20</ttl>", {}, 20),
        (SYNDICATION, {}, 30),
        ("", {"Cache-Control": "public, max-age=900"}, 15),
        ("", {"Cache-Control": "max-age=900", "Age": "600"}, 5),
        ("", {"Cache-Control": "no-cache, max-age=900"}, 0),
        ("", {"Expires": "Mon, 02 Mar 2026 10:40:00 GMT", "Date": DATE}, 10),
        ("", {"Expires": "0", "Date": DATE}, 0),
        ("", {"Expires": f"Mon, {9**20} Mar 2026 10:40:00 GMT", "Date": DATE}, 0),
        ("<ttl>20</ttl>", {"Cache-Control": "max-age=60"}, 20),
        ("<ttl>999999</ttl>", {"Cache-Control": "max-age=31536000"}, 24 * 60),
        ("<skipHours><hour>10</hour><hour>11</hour></skipHours>", {}, 90),
        ("<skipDays><day>Monday</day></skipDays>", {}, 13 * 60 + 30),
        ("<hour>10</hour>", {}, 0),
    ],
)
def test_a_feed_is_due_when_its_publisher_says_so(channel: str, headers: dict[str, str], minutes: int) -> None:
    assert due_at(MONDAY, headers, rss("", channel=channel)) == MONDAY + minutes * 60


def test_a_feed_that_skips_every_hour_is_due_all_the_same() -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    assert due_at(MONDAY, {}, f"<skipHours>{hours}</skipHours>") < MONDAY + 3 * 86_400


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("/2026/03/04/the-bridge-opens", "", True),
        ("/2026-03-04/x", "", True),
        ("/world/bridge-opens-after-long-flood", "", True),
        ("/article/12345678", "The council opens the bridge at last", True),
        ("/politik/haushalt-im-rat-a-1234567.html", "", True),
        ("/news/c4g8xk2n9qpo1", "The council opens the bridge at last", True),
        ("/yw/20240302-%E6%B8%AF%E5%8F%A3", "港口重新开放船长说风已经停了", True),
        ("/world", "World", False),
        ("/world/asia", "All the news from all of Asia", False),
        ("/2026/03/", "All the news of this March", False),
        ("/tag/2026/03/04/bridge-opens-after-flood", "", False),
        ("/2026/03/04/photo.jpg", "", False),
        ("/search?q=2026/03/04", "", False),
        ("/", "The council opens the bridge at last", False),
    ],
)
def test_what_looks_like_an_article(path: str, text: str, expected: bool) -> None:
    assert looks_like_article(f"https://a.example{path}", text) is expected


@pytest.mark.parametrize(
    ("path", "expected"), [("/world", True), ("/list?page=3", True), ("/list?page=21", False), ("/feed.pdf", False)]
)
def test_what_is_opened_for_its_links(path: str, expected: bool) -> None:
    assert is_section(f"https://a.example{path}") is expected


@pytest.mark.parametrize("path", ["/a?sid=1", "/x;jsessionid=2", "/c?month=2031-01", "/a/a/b/a", "/" + "y" * 600])
def test_what_is_a_trap(path: str) -> None:
    assert is_trap(f"https://a.example{path}")


@pytest.mark.parametrize(
    ("silent", "wait"),
    [(0, 0), (600, 60), (86_400, 8_640), (30 * 86_400, 21_600)],
    ids=["new", "minutes", "a day", "a month"],
)
def test_a_feed_that_is_silent_is_asked_more_seldom_up_to_six_hours(silent: float, wait: float) -> None:
    assert due_at(MONDAY, {}, "<rss>", silent_for=silent) == MONDAY + wait


def test_what_the_publisher_wishes_holds_when_it_is_longer() -> None:
    assert due_at(MONDAY, {"Cache-Control": "max-age=7200"}, "<rss>", silent_for=600) == MONDAY + 7200

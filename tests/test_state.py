"""What is remembered is there at once, after a restart, and never ahead of the disk."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
import pytest

from harvester.errors import StorageError
from harvester.state import Failure, Known, Missed, State, Stored
from harvester.steps import FeedMemory


def known(number: int) -> Known:
    return Known(key=f"key{number}", url=f"https://a.example/{number}", folder=f"a.example/{number}")


def stored(number: int, sha256: str | None = None) -> Stored:
    return Stored(
        path=f"a.example/{number}/images/01.jpg",
        key=f"key{number}",
        url=f"https://cdn.example/{number}.jpg",
        sha256=sha256 or f"{number:064d}",
        bytes=3,
    )


def test_what_was_settled_is_seen_at_once_and_after_a_restart(tmp_path: Path) -> None:
    with State(tmp_path / "state.db") as state:
        state.settle(known(1), ["https://a.example/1?utm_source=x", "https://a.example/one"], [stored(1)])
        assert state.known("https://a.example/one") == known(1)
        assert state.stored("https://cdn.example/1.jpg") == stored(1)

    with State(tmp_path / "state.db") as state:
        assert state.known("https://a.example/1") == known(1)
        assert state.same_content(f"{1:064d}") == stored(1)
        assert state.known("https://a.example/2") is None


def test_a_second_settlement_replaces_the_first(tmp_path: Path) -> None:
    with State(tmp_path / "state.db") as state:
        state.settle(
            known(1), ["https://a.example/1"], [stored(1)], [Failure(key="key1", url="u", code="c", retryable=True)]
        )
        state.settle(known(1), ["https://a.example/1"], [])
        state.flush()
        assert state.stored("https://cdn.example/1.jpg") is None


def test_what_the_database_cannot_hold_is_told_and_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(StorageError), State(tmp_path / "state.db") as state:  # noqa: PT012 - told at once and at the end
        state.settle(msgspec.structs.replace(known(1), url="https://a.example/\ud800"), [], [])
        with pytest.raises(StorageError):
            state.flush()


def test_thousands_of_settlements_arrive_in_batches(tmp_path: Path) -> None:
    with State(tmp_path / "state.db") as state:
        for number in range(2000):
            state.settle(known(number), [f"https://a.example/{number}"], [stored(number)])
        state.flush()
        assert state.article("key1999") == known(1999)


def test_memory_of_hosts_and_rules_lasts(tmp_path: Path) -> None:
    with State(tmp_path / "state.db") as state:
        state.remember_robots("https://a.example", "User-agent: *", 5.0)
        state.hold("a.example", 99.5, "it said so")
        state.refuse("rule", "a.example")
        state.refuse("rule", "a.example")
    with State(tmp_path / "state.db") as state:
        assert state.robots("https://a.example") == ("User-agent: *", 5.0)
        assert state.held_until("a.example") == 99.5
        assert state.refusals("rule", "a.example") == 2
        assert state.refusals("rule", "b.example") == 0


def test_a_damaged_database_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"this is not a database" * 100)

    with pytest.raises(StorageError, match="state rebuild"):
        State(tmp_path / "state.db")


def test_a_database_that_only_cannot_be_opened_is_not_said_to_be_deleted(tmp_path: Path) -> None:
    (tmp_path / "state.db").mkdir()

    with pytest.raises(StorageError, match="unable to open") as told:
        State(tmp_path / "state.db")

    assert "Delete" not in told.value.message


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "state.db")
    connection.execute("PRAGMA user_version = 999")
    connection.close()

    with pytest.raises(StorageError, match="newer"):
        State(tmp_path / "state.db")


def test_what_a_feed_said_lasts(tmp_path: Path) -> None:
    said = FeedMemory(
        url="https://a.example/feed", asked_at=1.0, due_at=61.0, changed_at=1.0, etag='"1"', body=b"\0zip"
    )
    with State(tmp_path / "state.db") as state:
        state.remember_feed(said)

    with State(tmp_path / "state.db") as state:
        assert state.feed(said.url) == said
        assert state.feed("https://a.example/other") is None


def test_a_page_that_was_missed_is_counted_until_it_is_harvested(tmp_path: Path) -> None:
    url = "https://a.example/1"
    with State(tmp_path / "state.db") as state:
        state.miss(f"{url}?utm_source=x", "a", "http_404", 100.0)
        state.miss(url, "a", "http_410", 200.0)
        state.flush()
        assert state.missed(url, "a") == Missed(url=url, access="a", code="http_410", asked_at=200.0, times=2)
        assert state.missed(url, "b") is None

        state.settle(known(1), [url], [])
        state.flush()
        assert state.missed(url, "a") is None

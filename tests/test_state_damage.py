"""What is damaged in the database is told with what helps, or forgotten where it only saved requests."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from harvester.errors import StorageError
from harvester.state import Failure, Known, State, Stored, is_half
from harvester.steps import FeedMemory

URL = "https://a.example/1"
INFINITE = float("inf")
ODD = (None, b"\xff\0", "\udcff", INFINITE)
"""Nothing, bytes, text that is none, and a number that is none."""
UNLIKELY = {("path", None), ("path", INFINITE), ("folder", INFINITE), ("code", INFINITE), ("text", INFINITE)}
"""What a column cannot hold: a key is never null, and a column of text makes text of a number."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "state.db"
    with State(file) as state:
        known = Known(key="k", url=URL, folder="a/k")
        stored = Stored(path="a/k/x.jpg", key="k", url="https://a.example/x.jpg", sha256="0", bytes=1)
        state.settle(known, [URL], [stored], [Failure(key="k", url="u", code="c", retryable=True)])
        state.remember_robots("https://a.example", "User-agent: *", 5.0)
        state.hold("a.example", 9e9, "busy")
        state.refuse("rule", "a.example")
        state.miss("https://a.example/gone", "", "http_404", 1.0)
        state.remember_feed(FeedMemory(url=URL, asked_at=1.0, due_at=2.0, changed_at=1.0, body=b"x"))
    return file


def damage(file: Path, table: str, column: str, value: object) -> None:
    """Put *value* into every row, whatever the table says that it must hold."""
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute("UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE name = ?", (table,))
    odd = "CAST(x'ff' AS TEXT)" if value == "\udcff" else "?"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(f"UPDATE {table} SET {column} = {odd}", (value,) if odd == "?" else ())


def cases(places: Iterable[tuple[str, str]]) -> list[tuple[tuple[str, str], object]]:
    """Every odd value in every place that can hold it."""
    return [(place, value) for place in places for value in ODD if (place[1], value) not in UNLIKELY]


INDEX: dict[tuple[str, str], Callable[[State], object]] = {
    ("articles", "folder"): lambda state: state.known(URL),
    ("articles", "failed"): lambda state: state.article("k"),
    ("files", "path"): lambda state: state.stored("https://a.example/x.jpg"),
    ("files", "bytes"): lambda state: state.same_content("0"),
    ("failures", "code"): lambda state: state.failures(),
}


@pytest.mark.parametrize(("place", "value"), cases(INDEX))
def test_a_damaged_row_of_the_index_is_told_with_what_helps(place: tuple[str, str], value: object, file: Path) -> None:
    damage(file, *place, value)

    with State(file) as state:
        with pytest.raises(StorageError, match=r"damaged row.*`harvester state rebuild`"):
            INDEX[place](state)
        state.totals()
        state.clear_index()
        state.flush()
        assert state.failures() == []


MEMORY: dict[tuple[str, str], tuple[Callable[[State], object], Any]] = {
    ("robots", "text"): (lambda state: state.robots("https://a.example"), None),
    ("robots", "fetched_at"): (lambda state: state.robots("https://a.example"), None),
    ("holds", "until"): (lambda state: (state.held_until("a.example"), state.holds()), (None, {})),
    ("refusals", "count"): (lambda state: state.refusals("rule", "a.example"), 0),
    ("missed", "asked_at"): (lambda state: state.missed("https://a.example/gone", ""), None),
    ("missed", "times"): (lambda state: state.missed("https://a.example/gone", ""), None),
    ("feeds", "unchanged"): (lambda state: state.feed(URL), None),
}


@pytest.mark.parametrize(("place", "value"), cases(MEMORY))
def test_a_damaged_row_of_what_only_saves_requests_is_forgotten(
    place: tuple[str, str], value: object, file: Path
) -> None:
    damage(file, *place, value)
    ask, nothing = MEMORY[place]

    with State(file) as state:
        assert ask(state) == nothing


def test_a_database_is_half_until_its_index_says_all(file: Path) -> None:
    assert not is_half(file)
    with State(file) as state:
        state.clear_index()
    assert is_half(file)
    with State(file) as state:
        state.settle(Known(key="k", url=URL, folder="a/k"), [URL], [])
    assert is_half(file)
    with State(file) as state:
        state.index_is_whole()
    assert not is_half(file)


def test_an_empty_file_is_half_a_database(tmp_path: Path) -> None:
    (tmp_path / "state.db").touch()

    assert is_half(tmp_path / "state.db")

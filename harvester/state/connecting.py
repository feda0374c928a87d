"""Opening a database: to write in a run, or only to read; and what its errors mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from harvester.errors import StorageError
from harvester.state.rows import MIGRATIONS

_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH)
"""SQLite's errors for a file that is not a database, or not one of ours."""


def connect(path: Path) -> sqlite3.Connection:
    """Open a database for one thread to write and another to read."""
    connection = sqlite3.connect(path, timeout=30.0, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.text_factory = _text
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -400")  # kilobytes; the system keeps the file in memory as well
    return connection


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Upgrade a database to the version of this harvester; raises StorageError for a newer one."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise StorageError(f"{path} was written by a newer harvester (version {version}); use that one.", code="state")
    for number in range(version, len(MIGRATIONS)):
        connection.executescript(f"BEGIN; {MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT;")


def copy(path: Path, to: Path) -> None:
    """Copy a database that may be read-only; raises StorageError."""
    with stated(path), closing(_connect_read_only(path)) as ours, closing(sqlite3.connect(to)) as theirs:
        ours.backup(theirs)


def is_half(path: Path) -> bool:
    """Return whether a database has no articles, or an index whose rebuilding did not finish; raises StorageError."""
    with stated(path), closing(_connect_read_only(path)) as ours:
        if ours.execute("PRAGMA user_version").fetchone()[0] < len(MIGRATIONS):
            return ours.execute("SELECT 1 FROM sqlite_schema").fetchone() is None
        asked = "SELECT EXISTS (SELECT 1 FROM rebuilding) OR NOT EXISTS (SELECT 1 FROM articles)"
        return bool(ours.execute(asked).fetchone()[0])


@contextmanager
def stated(path: Path) -> Iterator[None]:
    """Raise StorageError, with a remedy, for errors of SQLite or the disk inside the block."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"{path}: {error}. {remedy(error)}", code="state") from error


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """Open a database without writing to it or to its folder."""
    written = path.with_name(f"{path.name}-shm").exists()
    mode = (
        "mode=ro" if written else "mode=ro&immutable=1"
    )  # without this file nobody writes, and a read-only folder allows none
    return sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)


def _text(raw: bytes) -> str | bytes:
    """Return decoded text; invalid UTF-8 stays bytes, which no row accepts as text."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def remedy(error: Exception) -> str:
    """Return what helps: a database that only cannot be opened or written is whole, and must not be deleted."""
    if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF in _BROKEN:
        return "Delete it and run `harvester state rebuild`: the manifests are the truth."
    return "Nothing was lost: make sure that it and its folder can be read and written."

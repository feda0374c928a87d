"""The tables and their rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Meta, Struct, structs

Statement = tuple[str, Sequence[Any]]
Moment = Annotated[float, Meta(ge=0, le=253_402_300_799)]
"""Unix seconds up to the year 9999; no later time is valid."""
INDEX = ("articles", "aliases", "files", "failures")
"""The tables that can be rebuilt from the manifests."""

COMPARED = {
    "articles": "key, url, folder, failed",
    "aliases": "url, key",
    "files": "path, key, url, sha256, bytes",
    "failures": "key, url, code",
}
"""The columns in which the index must agree with the manifests; validators may be newer than the manifest."""

_TABLES = """
CREATE TABLE articles (key TEXT PRIMARY KEY, url TEXT NOT NULL, folder TEXT NOT NULL, page_sha256 TEXT,
    etag TEXT, last_modified TEXT, fetched_at TEXT, harvested_at TEXT, failed INTEGER NOT NULL);
CREATE TABLE aliases (url TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX aliases_by_key ON aliases (key);
CREATE TABLE files (path TEXT PRIMARY KEY, key TEXT NOT NULL, url TEXT NOT NULL, sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL, etag TEXT, last_modified TEXT) WITHOUT ROWID;
CREATE INDEX files_by_key ON files (key);
CREATE INDEX files_by_url ON files (url);
CREATE INDEX files_by_content ON files (sha256);
CREATE TABLE failures (key TEXT NOT NULL, url TEXT NOT NULL, code TEXT NOT NULL, retryable INTEGER NOT NULL,
    retry_after TEXT, PRIMARY KEY (key, url)) WITHOUT ROWID;
CREATE TABLE robots (origin TEXT PRIMARY KEY, text TEXT NOT NULL, fetched_at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE holds (host TEXT PRIMARY KEY, until REAL NOT NULL, why TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE refusals (rule TEXT NOT NULL, host TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (rule, host))
    WITHOUT ROWID;
"""
_FEEDS = """
CREATE TABLE feeds (url TEXT PRIMARY KEY, asked_at REAL NOT NULL, due_at REAL NOT NULL, changed_at REAL NOT NULL,
    unchanged INTEGER NOT NULL, etag TEXT, last_modified TEXT, type TEXT, final_url TEXT, body BLOB);
"""
_MISSED = """
CREATE TABLE missed (url TEXT PRIMARY KEY, code TEXT NOT NULL, asked_at REAL NOT NULL, times INTEGER NOT NULL)
    WITHOUT ROWID;
"""
_MISSED_UNDER = """
DROP TABLE missed;
CREATE TABLE missed (url TEXT NOT NULL, access TEXT NOT NULL, code TEXT NOT NULL, asked_at REAL NOT NULL,
    times INTEGER NOT NULL, PRIMARY KEY (url, access)) WITHOUT ROWID;
"""
_REBUILDING = """
CREATE TABLE rebuilding (half INTEGER NOT NULL);
"""
"""It has a row while the index is being rebuilt, so that what a killed run leaves is not taken for complete."""
_HELD_AT = "CREATE TABLE held_at (host TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;"  # when a hold was noted
MIGRATIONS: tuple[str, ...] = (_TABLES, _FEEDS, _MISSED, _MISSED_UNDER, _REBUILDING, _HELD_AT)
"""Statement number n brings a database of version n to version n + 1."""


class Known(Struct, frozen=True, kw_only=True):
    """An article harvested before. *folder* is relative to the output; *failed* counts failures worth a retry."""

    key: str
    url: str
    folder: str
    page_sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: str | None = None
    harvested_at: str | None = None
    failed: int = 0


class Stored(Struct, frozen=True, kw_only=True):
    """A file of some article. *path* is relative to the output."""

    path: str
    key: str
    url: str
    sha256: str
    bytes: int
    etag: str | None = None
    last_modified: str | None = None


class Failure(Struct, frozen=True, kw_only=True):
    """A picture or video that an article is missing. *retry_after* is ISO 8601."""

    key: str
    url: str
    code: str
    retryable: bool
    retry_after: str | None = None


class RobotsRow(Struct, frozen=True, kw_only=True):
    """A robots.txt, and when it was fetched (Unix seconds)."""

    text: str
    fetched_at: Moment


class HoldRow(Struct, frozen=True, kw_only=True):
    """A postponed host: until when (Unix seconds) and why."""

    host: str = ""
    until: Moment
    why: str = ""


class RefusalRow(Struct, frozen=True, kw_only=True):
    """How often a rule's proposals were refused on a host."""

    count: int


class Missed(Struct, frozen=True, kw_only=True):
    """A page that could not be fetched: why, when it was last requested (Unix seconds), and how often.

    *access* is the digest of the settings of [web] at that time; with others the page may be admitted.
    """

    url: str
    access: str
    code: str
    asked_at: Moment
    times: int


def insert(table: str, row: Struct) -> Statement:
    """Return the statement that puts a row into its table, replacing the one with the same key."""
    values = structs.astuple(row)
    columns = ", ".join(row.__struct_fields__)
    return f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})", values  # noqa: S608

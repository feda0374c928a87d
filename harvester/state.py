"""What is remembered between runs: SQLite behind one class.

Index tables (articles, aliases, files, failures) say again what the manifests say and can be rebuilt from them; memory
tables (robots, holds, refusals) cost only requests when they are lost. One thread writes, in batches of at most 100 or
100 ms; a row is written after its file has its name, so the database never promises what the disk does not hold.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from msgspec import Struct, structs

from harvester import urls
from harvester.errors import StorageError

SCHEMA = 1
BATCH = 100
PAUSE = 0.1
"""A commit carries at most BATCH settlements and is at most PAUSE seconds late."""

_TABLES = """
CREATE TABLE articles (key TEXT PRIMARY KEY, url TEXT NOT NULL, folder TEXT NOT NULL, page_sha256 TEXT, digest TEXT,
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
MIGRATIONS: tuple[str, ...] = (_TABLES,)
"""Statement number n brings a database of version n to version n + 1."""

T = TypeVar("T", bound=Struct)
Statement = tuple[str, Sequence[Any]]
_Shown = Sequence[tuple[dict[str, Any], str, Any]]


class Known(Struct, frozen=True, kw_only=True):
    """An article that was harvested before. *folder* is relative to the output; *failed* counts what may heal."""

    key: str
    url: str
    folder: str
    page_sha256: str | None = None
    digest: str | None = None
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
    """A picture or video that an article does not have. *retry_after* is ISO 8601."""

    key: str
    url: str
    code: str
    retryable: bool
    retry_after: str | None = None


class State:
    """The memory of one output folder; open it once a run, close it at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reading = threading.Lock()
        self._queue: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._recent = _Recent()
        self._broken: sqlite3.Error | None = None
        with _stated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer_connection = _connect(path)
            _migrate(self._writer_connection, path)
            self._reader = _connect(path)
        self._writer = threading.Thread(target=self._write, name="harvester-state", daemon=True)
        self._writer.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # ------------------------------------------------------------------ articles and files

    def article(self, key: str) -> Known | None:
        """The article of this key, or None."""
        return self._recent.articles.get(key) or self._one(Known, "SELECT * FROM articles WHERE key = ?", key)

    def known(self, url: str) -> Known | None:
        """The article that was harvested under *url*, given, final or canonical, or None."""
        form = urls.canonical(url)
        rows = self._rows("SELECT key FROM aliases WHERE url = ?", form)
        key = self._recent.aliases.get(form) or (rows[0]["key"] if rows else None)
        return self.article(key) if key else None

    def stored(self, url: str) -> Stored | None:
        """A file that came from exactly this URL, or None."""
        return self._recent.by_url.get(url) or self._one(Stored, "SELECT * FROM files WHERE url = ? LIMIT 1", url)

    def same_content(self, sha256: str) -> Stored | None:
        """A file with this content, or None."""
        found = self._recent.by_content.get(sha256)
        return found or self._one(Stored, "SELECT * FROM files WHERE sha256 = ? ORDER BY path LIMIT 1", sha256)

    def settle(
        self, article: Known, aliases: Iterable[str], files: Sequence[Stored], failures: Iterable[Failure] = ()
    ) -> None:
        """Remember an article whose manifest is on disk, in place of what was remembered of it."""
        forms = {urls.canonical(url) for url in aliases if url}
        shown = self._recent.add(article, forms, files)
        statements: list[Statement] = [(f"DELETE FROM {t} WHERE key = ?", (article.key,)) for t in _OF_ARTICLES]  # noqa: S608
        statements.append(_insert("articles", article))
        statements.extend(("INSERT OR REPLACE INTO aliases VALUES (?, ?)", (form, article.key)) for form in forms)
        statements.extend(_insert("files", file) for file in files)
        statements.extend(_insert("failures", failure) for failure in failures)
        self._put(statements, shown)

    # ------------------------------------------------------------------ memory (model.Memory)

    def robots(self, origin: str) -> tuple[str, float] | None:
        """The robots.txt of *origin* and when it was fetched (Unix seconds)."""
        rows = self._rows("SELECT text, fetched_at FROM robots WHERE origin = ?", origin)
        return (rows[0]["text"], rows[0]["fetched_at"]) if rows else None

    def remember_robots(self, origin: str, text: str, fetched_at: float) -> None:
        """Keep a robots.txt."""
        self._put([("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", (origin, text, fetched_at))])

    def held_until(self, host: str) -> float | None:
        """Until when (Unix seconds) *host* is postponed."""
        rows = self._rows("SELECT until FROM holds WHERE host = ?", host)
        return float(rows[0]["until"]) if rows else None

    def hold(self, host: str, until: float, why: str) -> None:
        """Postpone *host*."""
        self._put([("INSERT OR REPLACE INTO holds VALUES (?, ?, ?)", (host, until, why))])

    def refusals(self, rule: str, host: str) -> int:
        """How often a rendition that *rule* proposed was refused on *host*."""
        rows = self._rows("SELECT count FROM refusals WHERE rule = ? AND host = ?", rule, host)
        return int(rows[0]["count"]) if rows else 0

    def refuse(self, rule: str, host: str) -> None:
        """Count one more refusal."""
        count = "INSERT INTO refusals VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1"
        self._put([(count, (rule, host))])

    # ------------------------------------------------------------------ the connection

    def flush(self) -> None:
        """Wait until all that was remembered is committed."""
        done: Future[None] = Future()
        self._queue.put(_Job(done=done))
        done.result()

    def close(self) -> None:
        """Commit what waits and close the database."""
        self._queue.put(_Job(last=True))
        self._writer.join()
        self._reader.close()
        self._writer_connection.close()

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._reading, _stated(self._path):
            return self._reader.execute(sql, values).fetchall()

    def _one(self, shape: type[T], sql: str, *values: object) -> T | None:
        rows = self._rows(sql, *values)
        return shape(**dict(rows[0])) if rows else None

    def _put(self, statements: list[Statement], shown: _Shown = ()) -> None:
        if self._broken is not None:
            raise StorageError(f"{self._path}: {self._broken}", code="state")
        self._queue.put(_Job(statements=statements, shown=shown))

    def _write(self) -> None:
        """The writer thread: take what waits, commit it together, tell those who wait for it."""
        last = False
        while not last:
            batch = [self._queue.get()]
            with suppress(queue.Empty):
                while not batch[-1].urgent and len(batch) < BATCH:
                    batch.append(self._queue.get(timeout=PAUSE))
            last = batch[-1].last
            self._commit(batch)

    def _commit(self, batch: list[_Job]) -> None:
        try:
            with self._writer_connection:
                for job in batch:
                    for sql, values in job.statements:
                        self._writer_connection.execute(sql, values)
        except sqlite3.Error as error:
            self._broken = error
        for job in batch:
            self._recent.drop(job.shown)
            if job.done is not None:
                job.done.set_result(None)


class _Job(Struct, kw_only=True):
    """Statements of one settlement, what of them readers already see, and who waits for the commit."""

    statements: list[Statement] = []
    shown: _Shown = ()
    done: Any = None
    last: bool = False

    @property
    def urgent(self) -> bool:
        return self.last or self.done is not None


class _Recent:
    """What was settled and is not yet committed, so that readers see it at once."""

    def __init__(self) -> None:
        self.articles: dict[str, Known] = {}
        self.aliases: dict[str, str] = {}
        self.by_url: dict[str, Stored] = {}
        self.by_content: dict[str, Stored] = {}

    def add(self, article: Known, forms: set[str], files: Sequence[Stored]) -> _Shown:
        shown: list[tuple[dict[str, Any], str, Any]] = [(self.articles, article.key, article)]
        shown += [(self.aliases, form, article.key) for form in forms]
        shown += [(self.by_url, file.url, file) for file in files]
        shown += [(self.by_content, file.sha256, file) for file in files]
        for mapping, key, value in shown:
            mapping[key] = value
        return shown

    def drop(self, shown: _Shown) -> None:
        for mapping, key, value in shown:
            if mapping.get(key) is value:
                mapping.pop(key, None)


_OF_ARTICLES = ("articles", "aliases", "files", "failures")


def _insert(table: str, row: Struct) -> Statement:
    values = structs.astuple(row)
    columns = ", ".join(row.__struct_fields__)
    return f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})", values  # noqa: S608


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30.0, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA:
        raise StorageError(f"{path} was written by a newer harvester (version {version}); use that one.", code="state")
    for number in range(version, SCHEMA):
        connection.executescript(f"BEGIN; {MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT;")


@contextmanager
def _stated(path: Path) -> Any:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StorageError(
            f"{path}: {error}. Delete it and run `harvester state rebuild`: the manifests are the truth.", code="state"
        ) from error

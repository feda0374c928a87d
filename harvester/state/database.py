"""The memory of one output folder."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec
from msgspec import Struct

from harvester import urls
from harvester.errors import StorageError
from harvester.state.connecting import connect, migrate, stated
from harvester.state.rows import (
    COMPARED,
    INDEX,
    Failure,
    HoldRow,
    Known,
    Missed,
    RefusalRow,
    RobotsRow,
    Statement,
    Stored,
    insert,
)
from harvester.state.writer import Writer
from harvester.steps import FeedMemory

T = TypeVar("T", bound=Struct)


class Tables:
    """What is remembered of one output folder, exactly as recorded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reading = threading.Lock()
        with stated(path), ExitStack() as opened:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writing = opened.enter_context(closing(connect(path)))
            migrate(self._writing, path)
            self._reader = opened.enter_context(closing(connect(path)))
            opened.pop_all()
        self._writer = Writer(self._writing, path)
        self._recent = self._writer.recent

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
        if error is None:  # otherwise it would hide the error that ended the run
            self._writer.check()

    # ------------------------------------------------------------------ articles and files

    def article(self, key: str) -> Known | None:
        """Return the article with this key, or None."""
        return self._recent.articles.get(key) or self._one(Known, "SELECT * FROM articles WHERE key = ?", key)

    def known(self, url: str) -> Known | None:
        """Return the article harvested under *url*, whether given, final or canonical, or None."""
        form = urls.canonical(url)
        rows = self._rows("SELECT key FROM aliases WHERE url = ?", form)
        key = self._recent.aliases.get(form) or (rows[0]["key"] if rows else None)
        return self.article(key) if key else None

    def stored(self, url: str) -> Stored | None:
        """Return a file that came from exactly this URL, or None."""
        return self._recent.by_url.get(url) or self._one(Stored, "SELECT * FROM files WHERE url = ? LIMIT 1", url)

    def same_content(self, sha256: str) -> Stored | None:
        """Return a file with this content, or None."""
        found = self._recent.by_content.get(sha256)
        return found or self._one(Stored, "SELECT * FROM files WHERE sha256 = ? ORDER BY path LIMIT 1", sha256)

    def copies(self, sha256: str) -> list[Stored]:
        """Return every file with this content, in order of path."""
        return self._all(Stored, "SELECT * FROM files WHERE sha256 = ? ORDER BY path", sha256)

    def aliases(self, key: str) -> list[str]:
        """Return every URL under which an article is known, in canonical form."""
        return [row["url"] for row in self._rows("SELECT url FROM aliases WHERE key = ? ORDER BY url", key)]

    def failures(self) -> list[Failure]:
        """Return every picture and video that an article is missing."""
        return self._all(Failure, "SELECT * FROM failures ORDER BY key, url")

    def totals(self) -> dict[str, int]:
        """Return the numbers of articles, of those with failures, of files and of bytes; linked files count once."""
        row = self._rows(
            "SELECT (SELECT COUNT(*) FROM articles) AS articles,"
            " (SELECT COUNT(DISTINCT key) FROM failures) AS articles_with_failures,"
            " (SELECT COUNT(*) FROM files) AS files,"
            " (SELECT CAST(TOTAL(bytes) AS INTEGER)"
            " FROM (SELECT MAX(bytes) AS bytes FROM files GROUP BY sha256)) AS bytes"
        )[0]
        return {name: int(row[name]) for name in row.keys()}  # noqa: SIM118 - a Row iterates over values

    def holds(self) -> dict[str, tuple[float, str]]:
        """Return every postponed host, with until when (Unix seconds) and why."""
        held = self._memory(HoldRow, "SELECT * FROM holds ORDER BY host")
        return {one.host: (one.until, one.why) for one in held}

    def differences(self, other: Path) -> list[str]:
        """Return descriptions of how this index differs from another database, at most 20 for each table and side."""
        found: list[str] = []
        with self._reading, stated(self._path):
            self._reader.execute("ATTACH DATABASE ? AS other", (str(other),))
            for table, columns in COMPARED.items():
                for here, there, said in (("main", "other", "too much"), ("other", "main", "missing")):
                    rows = self._reader.execute(
                        f"SELECT {columns} FROM {here}.{table} EXCEPT SELECT {columns} FROM {there}.{table} LIMIT 20"  # noqa: S608
                    )
                    found += [f"{table}: {said}: {', '.join(map(str, tuple(row)))}" for row in rows]
            self._reader.execute("DETACH DATABASE other")
        return found

    def clear_index(self) -> None:
        """Forget what the manifests also say; if the run is killed before `index_is_whole`, a rebuild is due again."""
        statements: list[Statement] = [(f"DELETE FROM {table}", ()) for table in INDEX]  # noqa: S608
        self._writer.put([("INSERT INTO rebuilding VALUES (1)", ()), *statements])

    def index_is_whole(self) -> None:
        """Record that the index holds everything the manifests say, and wait until that is committed."""
        self._writer.put([("DELETE FROM rebuilding", ())])
        self.flush()

    def forget(self, key: str) -> None:
        """Forget an article and its files."""
        self._writer.put(_of_article(key))
        self._writer.recent.forget(key)

    def settle(
        self, article: Known, aliases: Iterable[str], files: Sequence[Stored], failures: Iterable[Failure] = ()
    ) -> None:
        """Remember an article whose manifest is on disk, replacing what was remembered of it."""
        forms = {urls.canonical(url) for url in aliases if url}
        shown = self._recent.add(article, forms, files)
        statements = _of_article(article.key)
        statements.extend(("DELETE FROM missed WHERE url = ?", (form,)) for form in forms)
        statements.append(insert("articles", article))
        statements.extend(("INSERT OR REPLACE INTO aliases VALUES (?, ?)", (form, article.key)) for form in forms)
        statements.extend(insert("files", file) for file in files)
        statements.extend(insert("failures", failure) for failure in failures)
        self._writer.put(statements, shown)

    # ------------------------------------------------------------------ memory (model.Memory)

    def robots(self, origin: str) -> tuple[str, float] | None:
        """Return the robots.txt of *origin* and when it was fetched (Unix seconds), or None."""
        rules = self._memory(RobotsRow, "SELECT text, fetched_at FROM robots WHERE origin = ?", origin)
        return (rules[0].text, rules[0].fetched_at) if rules else None

    def remember_robots(self, origin: str, text: str, fetched_at: float) -> None:
        """Keep a robots.txt."""
        self._writer.put([("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", (origin, text, fetched_at))])

    def held_until(self, host: str) -> float | None:
        """Return until when (Unix seconds) *host* is postponed, or None."""
        held = self._memory(HoldRow, "SELECT until FROM holds WHERE host = ?", host)
        return held[0].until if held else None

    def hold(self, host: str, until: float, why: str) -> None:
        """Postpone *host*."""
        self._writer.put([("INSERT OR REPLACE INTO holds VALUES (?, ?, ?)", (host, until, why))])

    def refusals(self, rule: str, host: str) -> int:
        """Return how often a rendition that *rule* proposed was refused on *host*."""
        refused = self._memory(RefusalRow, "SELECT count FROM refusals WHERE rule = ? AND host = ?", rule, host)
        return refused[0].count if refused else 0

    def refuse(self, rule: str, host: str) -> None:
        """Count one more refusal."""
        count = "INSERT INTO refusals VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1"
        self._writer.put([(count, (rule, host))])

    def missed(self, url: str, access: str) -> Missed | None:
        """Return what is remembered of a page that could not be fetched with the settings *access*, or None."""
        asked = "SELECT * FROM missed WHERE url = ? AND access = ?"
        return next(iter(self._memory(Missed, asked, urls.canonical(url), access)), None)

    def miss(self, url: str, access: str, code: str, asked_at: float) -> None:
        """Remember one more failure to fetch a page."""
        once_more = (
            "INSERT INTO missed VALUES (?, ?, ?, ?, 1)"
            " ON CONFLICT DO UPDATE SET code = excluded.code, asked_at = excluded.asked_at, times = times + 1"
        )
        self._writer.put([(once_more, (urls.canonical(url), access, code, asked_at))])

    # ------------------------------------------------------------------ feeds and sitemaps

    def feed(self, url: str) -> FeedMemory | None:
        """Return what is remembered of the feed or sitemap at *url*, or None."""
        return next(iter(self._memory(FeedMemory, "SELECT * FROM feeds WHERE url = ?", url)), None)

    def remember_feed(self, asked: FeedMemory) -> None:
        """Replace what is remembered of a feed or sitemap."""
        self._writer.put([insert("feeds", asked)])

    # ------------------------------------------------------------------ the connection

    def flush(self) -> None:
        """Wait until everything put so far is committed."""
        self._writer.flush()

    def close(self) -> None:
        """Commit what is queued and close the database."""
        self._writer.close()
        with stated(self._path), closing(self._writing), closing(self._reader):
            pass

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._reading, stated(self._path):
            return self._reader.execute(sql, values).fetchall()

    def _all(self, shape: type[T], sql: str, *values: object) -> list[T]:
        """Return rows of the index, which must be intact: a forgotten article would be taken for a new one."""
        try:
            return [_shaped(row, shape) for row in self._rows(sql, *values)]
        except msgspec.ValidationError as error:
            remedy = "Run `harvester state rebuild`: the manifests are the truth."
            raise StorageError(f"{self._path}: a damaged row ({error}). {remedy}", code="state") from error

    def _memory(self, shape: type[T], sql: str, *values: object) -> list[T]:
        """Return rows that only save requests, leaving out damaged ones."""
        found: list[T] = []
        for row in self._rows(sql, *values):
            with suppress(msgspec.ValidationError):
                found.append(_shaped(row, shape))
        return found

    def _one(self, shape: type[T], sql: str, *values: object) -> T | None:
        return next(iter(self._all(shape, sql, *values)), None)


def _of_article(key: str) -> list[Statement]:
    return [(f"DELETE FROM {table} WHERE key = ?", (key,)) for table in INDEX]  # noqa: S608


def _shaped(row: sqlite3.Row, shape: type[T]) -> T:
    return msgspec.convert(dict(row), shape, strict=False)

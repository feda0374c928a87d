"""The one thread that writes: batches of at most 100 settlements or 100 ms, visible to readers at once."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

from harvester.errors import StorageError
from harvester.state.connecting import remedy
from harvester.state.rows import Known, Statement, Stored

BATCH = 100
PAUSE = 0.1
"""A commit holds at most BATCH settlements and is at most PAUSE seconds late."""

Shown = Sequence[tuple[dict[str, Any], str, Any]]


class Writer:
    """A queue of statements and the thread that commits them; *recent* holds what is not yet committed."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.recent = Recent()
        self._connection = connection
        self._path = path
        self._queue: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._broken: Exception | None = None
        self._thread = threading.Thread(target=self._write, name="harvester-state", daemon=True)
        self._thread.start()

    def put(self, statements: list[Statement], shown: Shown = ()) -> None:
        """Queue *statements* to be committed together; raises StorageError if an earlier commit failed."""
        self.check()
        self._queue.put(_Job(statements=statements, shown=shown))

    def flush(self) -> None:
        """Wait until everything put so far is committed; raises StorageError if a commit failed."""
        done: Future[None] = Future()
        self._queue.put(_Job(done=done))
        done.result()
        self.check()

    def close(self) -> None:
        """Commit what is queued and end the thread."""
        self._queue.put(_Job(last=True))
        self._thread.join()

    def check(self) -> None:
        """Raise StorageError if a commit failed."""
        if self._broken is not None:
            told = f"{self._path}: {self._broken}. {remedy(self._broken)}"
            raise StorageError(told, code="state") from self._broken

    def _write(self) -> None:
        """Run in the writer thread: take what is queued, commit it together, and wake those who wait for it."""
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
            with self._connection:
                for job in batch:
                    for sql, values in job.statements:
                        self._connection.execute(sql, values)
        except (sqlite3.Error, ValueError, OverflowError) as error:  # the last two for values that no column can hold
            self._broken = error
        for job in batch:
            self.recent.drop(job.shown)
            if job.done is not None:
                job.done.set_result(None)


class _Job(Struct, kw_only=True):
    """The statements of one settlement, what readers already see of it, and who waits for the commit."""

    statements: list[Statement] = []
    shown: Shown = ()
    done: Any = None
    last: bool = False

    @property
    def urgent(self) -> bool:
        return self.last or self.done is not None


class Recent:
    """Settlements that are not yet committed, so that readers see them at once."""

    def __init__(self) -> None:
        self.articles: dict[str, Known] = {}
        self.aliases: dict[str, str] = {}
        self.by_url: dict[str, Stored] = {}
        self.by_content: dict[str, Stored] = {}

    def add(self, article: Known, forms: set[str], files: Sequence[Stored]) -> Shown:
        """Show a settlement to readers, and return what to pass to `drop` once it is committed."""
        shown: list[tuple[dict[str, Any], str, Any]] = [(self.articles, article.key, article)]
        shown += [(self.aliases, form, article.key) for form in forms]
        shown += [(self.by_url, file.url, file) for file in files]
        shown += [(self.by_content, file.sha256, file) for file in files]
        for mapping, key, value in shown:
            mapping[key] = value
        return shown

    def forget(self, key: str) -> None:
        """Stop showing an article that was removed."""
        self.articles.pop(key, None)
        for by in (self.by_url, self.by_content):
            for name in [name for name, file in by.items() if file.key == key]:
                del by[name]

    def drop(self, shown: Shown) -> None:
        """Stop showing what is now in the database."""
        for mapping, key, value in shown:
            if mapping.get(key) is value:
                mapping.pop(key, None)

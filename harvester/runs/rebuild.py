"""`harvester state rebuild` and `state check`: the manifests are the truth, the database only remembers it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from harvester.clock import is_ahead, past
from harvester.errors import StorageError
from harvester.pipeline.place import Place, open_place
from harvester.pipeline.remember import remember
from harvester.runs.folders import articles
from harvester.state import State, copy
from harvester.storage import PRIVATE, Store


def state_file(root: Path, configured: str, mark: str = "") -> Path:
    """Give the path of an output's database, or of one shard's (*mark*)."""
    file = Path(configured) if configured else root / PRIVATE / "state.db"
    return file.with_name(f"{file.stem}{mark}{file.suffix}")


def open_state(store: Store, configured: str, mark: str = "") -> State:
    """Open an output's memory; where it was lost, or shards wrote since, it is made again from the manifests."""
    file = state_file(store.root, configured, mark)
    folders = list(articles(store.root)) if _is_behind(file, mark) else None  # before a new one is there, and empty
    state = State(file)
    if folders is not None:
        try:
            _fill(state, folders, store)
        except BaseException:
            state.close()
            file.unlink(missing_ok=True)  # or the next run would take the half of it for all there is
            raise
    return state


def rebuild(store: Store, state: State) -> int:
    """Make the index tables again from the manifests; gives the number of articles. Memory tables stay as they are.

    Raises StorageError, and leaves all as it was, where the output cannot be read.
    """
    return _fill(state, list(articles(store.root)), store)


@contextmanager
def looked_at(store: Store, configured: str) -> Iterator[State]:
    """Open an output's memory to be read, and write nothing: one that was lost, or is behind, is made again elsewhere.

    So is a copy of it where nothing may be written beside it, as on a read-only disk.
    """
    file = state_file(store.root, configured)
    with tempfile.TemporaryDirectory(prefix="harvester-") as folder:
        aside = Path(folder) / "state.db"
        if _is_behind(file):
            with State(aside) as state:
                rebuild(store, state)
        elif not (os.access(file.parent, os.W_OK) and os.access(file, os.W_OK)):
            copy(file, aside)
        with State(aside if aside.exists() else file) as state:
            yield state


def check(store: Store, configured: str) -> list[str]:
    """Say where the database differs from the manifests, in sentences; where it is made again anyway, nowhere."""
    if _is_behind(state_file(store.root, configured)):
        return []
    with tempfile.TemporaryDirectory(prefix="harvester-") as folder:
        fresh = Path(folder) / "state.db"
        with State(fresh) as state:
            rebuild(store, state)
        with looked_at(store, configured) as state:
            return state.differences(fresh)


def _is_behind(file: Path, mark: str = "") -> bool:
    """Say whether a database is not there, or whether the shards of which it is the whole wrote since it was."""
    if mark or not file.exists():
        return not file.exists()
    shards = file.parent.glob(f"{file.stem}-*-of-*{file.suffix}")
    now, written = time.time(), file.stat().st_mtime
    return any(is_ahead(written, now) or past(shard.stat().st_mtime, now) > written for shard in shards)


def _fill(state: State, folders: Iterable[str], store: Store) -> int:
    state.clear_index()
    count = 0
    for place in _places(folders, store):
        if place.earlier is not None:
            remember(place.earlier, place, state)
            count += 1
    state.flush()
    return count


def _places(folders: Iterable[str], store: Store) -> Iterator[Place]:
    for folder in folders:
        try:
            yield open_place(folder.rpartition("-")[2], folder, store)
        except StorageError:
            continue

"""`harvester state rebuild` and `state check`: the manifests are the truth, the database only remembers it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

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
    """Open an output's memory; where it was lost and articles are there, it is made again from their manifests."""
    file = state_file(store.root, configured, mark)
    lost = not file.exists()
    state = State(file)
    if lost:
        try:
            rebuild(store, state)
        except BaseException:
            state.close()
            file.unlink(missing_ok=True)  # or the next run would take the half of it for all there is
            raise
    return state


def rebuild(store: Store, state: State) -> int:
    """Make the index tables again from the manifests; gives the number of articles. Memory tables stay as they are.

    Raises StorageError, and leaves all as it was, where the output cannot be read.
    """
    folders = list(articles(store.root))
    state.clear_index()
    count = 0
    for place in _places(folders, store):
        if place.earlier is not None:
            remember(place.earlier, place, state)
            count += 1
    state.flush()
    return count


@contextmanager
def looked_at(file: Path) -> Iterator[State]:
    """Open a database to be read; where nothing may be written beside it, as on a read-only disk, a copy of it."""
    if os.access(file.parent, os.W_OK) and os.access(file, os.W_OK):
        with State(file) as state:
            yield state
        return
    with tempfile.TemporaryDirectory(prefix="harvester-") as folder:
        copy(file, Path(folder) / file.name)
        with State(Path(folder) / file.name) as state:
            yield state


def check(store: Store, configured: str) -> list[str]:
    """Say where the database differs from the manifests, in sentences; an output without a database differs nowhere."""
    file = state_file(store.root, configured)
    if not file.exists():
        return []
    with tempfile.TemporaryDirectory(prefix="harvester-") as folder:
        fresh = Path(folder) / "state.db"
        with State(fresh) as state:
            rebuild(store, state)
        with looked_at(file) as state:
            return state.differences(fresh)


def _places(folders: Iterable[str], store: Store) -> Iterator[Place]:
    for folder in folders:
        try:
            yield open_place(folder.rpartition("-")[2], folder, store)
        except StorageError:
            continue

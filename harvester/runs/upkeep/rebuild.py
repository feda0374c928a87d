"""`harvester state rebuild` and `state check`: the manifests are the truth, the database only remembers it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from harvester.clock import is_ahead, past
from harvester.errors import FolderError, UsageError
from harvester.pipeline.earlier.index import remember
from harvester.pipeline.earlier.revisit import left_in
from harvester.runs.upkeep.folders import Stray, walked
from harvester.state import State, copy, is_half
from harvester.stores.folder import PRIVATE, Store

Tell = Callable[[str], None]


def state_file(root: Path, configured: str, mark: str = "") -> Path:
    """Return the path of an output's database, or of one shard's (*mark*).

    Raises UsageError where something lies there that is no file, which only a configured path can lead to.
    """
    file = Path(configured) if configured else root / PRIVATE / "state.db"
    file = file.with_name(f"{file.stem}{mark}{file.suffix}")
    if file.exists() and not file.is_file():
        raise UsageError(f"[state] file {file}: is no plain file, and cannot be the database.")
    return file


def open_state(store: Store, configured: str, mark: str = "", tell: Tell = lambda said: None) -> State:
    """Open an output's memory; where it was lost, or shards wrote since, it is made again from the manifests.

    *tell* hears of each folder from which nothing can be remembered.
    """
    file = state_file(store.root, configured, mark)
    # What lies there is looked at before a new database is there, and empty.
    met = list(walked(store.root)) if _is_behind(file, mark) else None
    state = State(file)
    if met is not None:
        try:
            _fill(state, met, store, tell)
        except BaseException:
            state.close()
            raise
    return state


def rebuild(store: Store, state: State, tell: Tell = lambda said: None) -> int:
    """Make the index tables again from the manifests; return the number of articles. Memory tables stay as they are.

    *tell* hears of each folder from which nothing can be remembered. Raises StorageError, and leaves all as it was,
    where the output cannot be read.
    """
    return _fill(state, list(walked(store.root)), store, tell)


@contextmanager
def looked_at(store: Store, configured: str, tell: Tell = lambda said: None) -> Iterator[State]:
    """Open an output's memory to be read, and write nothing: one that was lost, or is behind, is made again elsewhere.

    So is a copy of it where nothing may be written beside it, as on a read-only disk. *tell* hears what `rebuild`
    tells.
    """
    file = state_file(store.root, configured)
    with tempfile.TemporaryDirectory(prefix="harvester-") as folder:
        aside = Path(folder) / "state.db"
        if _is_behind(file):
            if file.exists():
                copy(file, aside)  # what no manifest tells: hosts that are held
            with State(aside) as state:
                rebuild(store, state, tell)
        elif not (os.access(file.parent, os.W_OK) and os.access(file, os.W_OK)):
            copy(file, aside)
        with State(aside if aside.exists() else file) as state:
            yield state


def check(store: Store, configured: str, tell: Tell = lambda said: None) -> list[str]:
    """Return where the database differs from the manifests, in sentences; where it is made again anyway, nowhere.

    *tell* hears what `rebuild` tells.
    """
    if _is_behind(state_file(store.root, configured)):
        return []
    with tempfile.TemporaryDirectory(prefix="harvester-") as folder:
        fresh = Path(folder) / "state.db"
        with State(fresh) as state:
            rebuild(store, state, tell)
        with looked_at(store, configured) as state:
            return state.differences(fresh)


def _is_behind(file: Path, mark: str = "") -> bool:
    """Return whether a database is not there or not whole, or whether the shards that it sums up wrote since it was."""
    if not file.exists() or is_half(file):
        return True
    if mark:
        return False
    shards = file.parent.glob(f"{file.stem}-*-of-*{file.suffix}")
    now, written = time.time(), file.stat().st_mtime
    return any(is_ahead(written, now) or past(shard.stat().st_mtime, now) > written for shard in shards)


def _fill(state: State, met: Iterable[str | Stray], store: Store, tell: Tell) -> int:
    """Remember every article that was *met*; of two folders with one article the one that lies less deep."""
    state.clear_index()
    keys: set[str] = set()
    for one in sorted(met, key=_depth):
        if isinstance(one, Stray):
            tell(f"{store.root / one.path} is {one.why}.")
            continue
        try:
            place = left_in(one, store)
        except FolderError as error:
            tell(error.message)
            continue
        if place.key in keys:
            tell(f"{place.path} is the second folder of one article, and is passed over.")
            continue
        keys.add(place.key)
        assert place.earlier is not None, "left"
        remember(place.earlier, place, state)
    state.index_is_whole()
    return len(keys)


def _depth(met: str | Stray) -> int:
    return (met.path if isinstance(met, Stray) else met).count("/")

"""`harvester remove`: an article leaves the output, and a tombstone says since when and why."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from harvester import storage, urls
from harvester.errors import UsageError
from harvester.pipeline.kit import Kit
from harvester.storage import PRIVATE, Store, inside, stated

FILE = f"{PRIVATE}/removed.jsonl"
"""Tombstones are kept as text beside the state, for the state may be lost."""


class Tombstone(Struct, frozen=True, kw_only=True):
    """An article that was taken away on purpose and is not harvested again unless forced."""

    key: str
    urls: tuple[str, ...]
    removed_at: str
    reason: str | None = None


def remove(url: str, kit: Kit, reason: str | None = None) -> Tombstone:
    """Take the article at *url* out of the output. Files that other articles link keep their content there.

    Raises UsageError when no article was harvested under this URL.
    """
    known = kit.state.known(url)
    if known is None:
        raise UsageError(f"{urls.printable(url)}: no article of {kit.store.root} was harvested under this URL.")
    aliases = kit.state.aliases(known.key)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    stone = Tombstone(key=known.key, urls=tuple(sorted({known.url, *aliases})), removed_at=now, reason=reason)
    _write(stone, kit.store)
    folder = inside(kit.store.root, known.folder)
    if folder.exists():
        with stated(folder):
            shutil.rmtree(folder)
    _prune(folder.parent, kit.store.root)
    kit.state.forget(known.key)
    return stone


def tombstones(store: Store) -> dict[str, Tombstone]:
    """Give every tombstone of an output, by each of its article's URLs in canonical form."""
    found: dict[str, Tombstone] = {}
    for line in (storage.read(store.root / FILE) or b"").splitlines():
        try:
            stone = msgspec.json.decode(line, type=Tombstone)
        except (msgspec.DecodeError, msgspec.ValidationError):
            continue
        found.update({urls.canonical(url): stone for url in stone.urls})
    return found


def _write(stone: Tombstone, store: Store) -> None:
    path = store.root / FILE
    store.commit(path, (storage.read(path) or b"") + msgspec.json.encode(stone) + b"\n")


def _prune(folder: Path, root: Path) -> None:
    """Remove the folders of month, year and site that have become empty."""
    with suppress(OSError):  # the first that is not empty, or gone already
        while folder != root:
            folder.rmdir()
            folder = folder.parent

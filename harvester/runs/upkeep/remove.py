"""`harvester remove`: an article leaves the output, and a tombstone says since when and why."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from harvester import events, urls
from harvester.errors import FolderError, UsageError
from harvester.manifest.folder import MANIFEST, key_in, own_manifest
from harvester.manifest.verify import belonging, strays
from harvester.pipeline.kit import Kit
from harvester.runs.upkeep.folders import articles
from harvester.state import Known
from harvester.stores import disk
from harvester.stores.disk import inside, size_inside, stated
from harvester.stores.folder import PRIVATE, Store

FILE = f"{PRIVATE}/removed.jsonl"
"""Tombstones are kept as text beside the state, for the state may be lost."""
MOST_NAMED = 20
"""Files that stay and are told by name."""


class Tombstone(Struct, frozen=True, kw_only=True):
    """An article that was taken away on purpose and is not harvested again unless forced."""

    key: str
    urls: tuple[str, ...]
    removed_at: str
    reason: str | None = None


def remove(url: str, kit: Kit, reason: str | None = None) -> Tombstone:
    """Take the article at *url* out of the output: the files that its manifest and its history name, and no other.

    Files that other articles link keep their content there; what stays in the folder is told. Raises UsageError when no
    article was harvested under this URL, and FolderError, with nothing removed, when what lies in its folder is not
    known to be its own.
    """
    known = kit.collection.state.known(url)
    if known is None:
        root = kit.collection.store.root
        raise UsageError(f"{urls.printable(url)}: no article of {root} was harvested under this URL.")
    folder, names = _own_files(known, kit.collection.store)
    aliases = kit.collection.state.aliases(known.key)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    stone = Tombstone(key=known.key, urls=tuple(sorted({known.url, *aliases})), removed_at=now, reason=reason)
    _write(stone, kit.collection.store)
    _take_away(folder, names)
    _tell_what_stays(folder, kit)
    _prune(folder.parent, kit.collection.store.root)
    kit.collection.state.forget(known.key)
    return stone


def tombstones(store: Store) -> dict[str, Tombstone]:
    """Return every tombstone of an output, by each of its article's URLs in canonical form."""
    found: dict[str, Tombstone] = {}
    for line in (disk.read(store.root / FILE) or b"").splitlines():
        try:
            stone = msgspec.json.decode(line, type=Tombstone)
        except (msgspec.DecodeError, RecursionError):
            continue
        found.update({urls.canonical(url): stone for url in stone.urls})
    return found


def _write(stone: Tombstone, store: Store) -> None:
    path = store.root / FILE
    store.commit(path, (disk.read(path) or b"") + msgspec.json.encode(stone) + b"\n")


def _own_files(known: Known, store: Store) -> tuple[Path, set[str]]:
    """Return an article's folder and the names of its files; the manifest must say that it is this article's."""
    try:
        folder = store.folder(known.folder)
        if key_in(known.folder) != known.key:
            raise FolderError(f"{folder} is not the folder of this article alone; `harvester state rebuild` finds it")
        found = own_manifest(folder, known.key)
        return folder, belonging(found[0] if found is not None else None, folder)
    except FolderError as error:
        raise FolderError(f"{error.message.rstrip('.')}. Nothing was removed.", code=error.code) from None


def _take_away(folder: Path, names: set[str]) -> None:
    """Remove the files called *names*, the manifest last, so that a second try knows them too; then what is empty."""
    for name in sorted(names, key=lambda name: name == MANIFEST):
        parents = PurePosixPath(name).parents
        if any(key_in(parent.name) for parent in parents) or size_inside(folder, name) is None:
            continue  # another article's, or nothing of ours
        path = inside(folder, name)
        with stated(path):
            path.unlink(missing_ok=True)
        _prune(path.parent, folder)
    with suppress(OSError):
        folder.rmdir()


def _tell_what_stays(folder: Path, kit: Kit) -> None:
    if folder.is_dir():
        left = sorted([*(name for name, _ in strays(folder, set())), *(f"{other}/" for other in articles(folder))])
        named = ", ".join(left[:MOST_NAMED]) + (f" and {len(left) - MOST_NAMED} more" if len(left) > MOST_NAMED else "")
        told = f"{folder} stays, with what does not belong to the article: {named or 'empty folders'}."
        kit.emit(events.Warned(code="strays", message=told))


def _prune(folder: Path, root: Path) -> None:
    """Remove *folder*, and those above it below *root*, as far as they are empty."""
    with suppress(OSError):  # the first that is not empty, or gone already
        while folder != root:
            folder.rmdir()
            folder = folder.parent

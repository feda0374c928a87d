"""An article's own folder: known by its name, `<slug>-<key>`, and by the manifest in it, whose article has that key."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harvester.errors import FolderError, StorageError
from harvester.manifest import codec
from harvester.model import Manifest
from harvester.stores import disk
from harvester.stores.disk import inside

MANIFEST, HISTORY = "manifest.json", "history.jsonl"
OWN = (MANIFEST, HISTORY, "page.html")
"""Files of an article's folder that its manifest need not name."""
MEDIA = ("images", "thumbnails", "videos")
"""Folders in it that hold files only."""
_OF_THIS_FILE = (errno.EACCES, errno.EPERM, errno.EIO)
"""What a disk may say of one file while it gives all others."""
_DAMAGED = re.compile(r"manifest\.damaged-[0-9a-f]{8}\.json")
_KEYED = re.compile(r"-([a-z2-7]{16})$")


def key_in(folder: str) -> str | None:
    """Return the key with which the name of an article's folder ends, or None where it is no article's."""
    found = _KEYED.search(folder)
    return found[1] if found else None


def damaged_name(digest: str) -> str:
    """Return what a manifest is called that could not be read when its article was harvested again, by its SHA-256."""
    return f"manifest.damaged-{digest[:8]}.json"


def is_damaged_name(name: str) -> bool:
    """Return whether a file is a manifest that was set aside because it could not be read."""
    return _DAMAGED.fullmatch(name) is not None


def own_manifest(folder: Path, key: str) -> tuple[Manifest, bytes] | None:
    """Return the manifest of the article *key*, and its bytes, or None where none lies in *folder*.

    Raises FolderError for one that cannot be read, is of a newer format, or tells of another article.
    """
    raw = read_inside(folder, MANIFEST)
    if raw is None:
        return None
    try:
        manifest = codec.load(raw)
    except FolderError as error:
        raise FolderError(f"{folder / MANIFEST}: {error.message}", code=error.code) from None
    if manifest.article.key != key:
        told = f"{folder / MANIFEST} tells of another article, {manifest.article.url}: it is a copy of that one's"
        raise FolderError(told, code="manifest_damaged")
    return manifest, raw


def read_inside(folder: Path, relative: str) -> bytes | None:
    """Return the bytes of a file in *folder*, or None; raises FolderError for what is not a plain file.

    What is a pipe or a device is never opened: it might never end.
    """
    path = inside(folder, relative)
    if disk.size_of(path) is None:
        if os.path.lexists(path):
            raise FolderError(f"{path} is no plain file", code="unsafe_path")
        return None
    try:
        return disk.read(path)
    except StorageError as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno in _OF_THIS_FILE:
            raise FolderError(error.message, code=error.code) from error
        raise


def named_by_history(folder: Path) -> set[str]:
    """Return the names of files of which the earlier states of an article still speak, relative to *folder*."""
    names: set[str] = set()
    for state in codec.objects(read_inside(folder, HISTORY) or b""):
        names |= _kept(state.get("files")) | set(_paths(state.get("manifest")))
    return names


def _kept(files: object) -> set[str]:
    return {name for name in files.values() if isinstance(name, str) and name} if isinstance(files, dict) else set()


def _paths(plain: Any) -> Iterator[str]:
    """Yield every `path` in a manifest of whatever age, however deeply it is nested."""
    waiting = [plain]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("path"), str):
                yield value["path"]
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)

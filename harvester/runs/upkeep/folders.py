"""The folders of an output in which articles lie."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from harvester.manifest.folder import MANIFEST, MEDIA, key_in
from harvester.stores.disk import size_of, stated
from harvester.stores.folder import PRIVATE


class Stray(Struct, frozen=True, kw_only=True):
    """What lies beside the articles and could be taken for one, or hide some: its *path* in the output, and why."""

    path: str
    why: str


def articles(root: Path) -> Iterator[str]:
    """Return the folder of every article below *root*, relative to it, in the order of their names; see `walked`."""
    return (met for met in walked(root) if isinstance(met, str))


def walked(root: Path) -> Iterator[str | Stray]:
    """Yield the folder of every article below *root*, and what lies beside them that is none.

    An article's folder is named after its key and has a manifest; one that is a symbolic link is given too, for what
    lay there must not pass for gone. Raises StorageError for a folder that cannot be read, for the same reason.
    """
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        entries = _entries(root / folder)
        is_article = key_in(folder) is not None
        if any(entry.name == MANIFEST for entry in entries):
            yield folder if is_article else _lone_manifest(folder)
        below: list[str] = []
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_symlink():
                yield from _linked(path, entry)
            elif entry.is_dir() and entry.name != PRIVATE and not (is_article and entry.name in MEDIA):
                below.append(path)
        waiting.extend(reversed(below))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with stated(folder):
        try:
            return sorted(os.scandir(folder), key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return []


def _lone_manifest(folder: str) -> Stray:
    return Stray(path=f"{folder}/{MANIFEST}".lstrip("/"), why="a manifest in a folder that is no article's")


def _linked(path: str, entry: os.DirEntry[str]) -> Iterator[str | Stray]:
    """Yield what a symbolic link stands for; one to a file is nobody's concern."""
    if key_in(path) is not None:
        yield path
    elif size_of(entry.path) is None:
        yield Stray(path=path, why="a symbolic link; nothing behind it is looked at")

"""Are the files of an article what its manifest says? Reads, never writes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from harvester import storage
from harvester.errors import StorageError
from harvester.model import Image, Manifest, Saved, Video
from harvester.storage import inside

BLOCK = 1 << 20
OWN = ("manifest.json", "history.jsonl", "page.html")
"""Files of an article's folder that its manifest need not name."""


class Expected(Struct, frozen=True, kw_only=True):
    """A file that a manifest speaks of, relative to its folder; *sha256* is null for thumbnails and captions."""

    path: str
    bytes: int
    sha256: str | None = None


class Checked(Struct, frozen=True, kw_only=True):
    """What a look at one file gave. *passed* is true, false, or null when only its size could be compared."""

    folder: str
    path: str
    passed: bool | None
    found: Literal["good", "damaged", "missing", "stray", "unchecked"]
    sha256: str | None = None
    bytes: int = 0


def check_article(root: Path, folder: str, manifest: Manifest) -> Iterator[Checked]:
    """Look at every file that a manifest names, by size and hash, then at what lies there unnamed."""
    path = inside(root, folder)
    named = {*OWN}
    for expected in files_of(manifest):
        named.add(expected.path)
        yield _checked(path, folder, expected)
    named |= _kept_by_history(path)
    for name in _present(path):
        if name not in named:
            yield Checked(folder=folder, path=name, passed=None, found="stray", bytes=(path / name).stat().st_size)


def files_of(manifest: Manifest) -> Iterator[Expected]:
    """Give every file that a manifest names."""
    items: tuple[Image | Video, ...] = (*manifest.images, *manifest.videos)
    for item in items:
        yield from files_of_item(item)


def files_of_item(item: Image | Video) -> Iterator[Expected]:
    """Give every file of an image, or of a video and its poster."""
    saved = item.outcome
    if isinstance(saved, Saved):
        yield Expected(path=saved.file.path, bytes=saved.file.bytes, sha256=saved.file.sha256)
        yield from (Expected(path=thumbnail.path, bytes=thumbnail.bytes) for thumbnail in saved.thumbnails)
    if isinstance(item, Video):
        yield from (Expected(path=caption.path, bytes=caption.bytes) for caption in item.captions)
        if item.poster is not None:
            yield from files_of_item(item.poster)


def _checked(folder: Path, name: str, expected: Expected) -> Checked:
    found, passed = _look(folder, expected)
    return Checked(
        folder=name, path=expected.path, passed=passed, found=found, sha256=expected.sha256, bytes=expected.bytes
    )


def _look(folder: Path, expected: Expected) -> tuple[Literal["good", "damaged", "missing", "unchecked"], bool | None]:
    try:
        path = inside(folder, expected.path)
    except StorageError:
        return "damaged", False
    size = storage.size_of(path)
    if size is None:
        return "missing", False
    if size != expected.bytes:
        return "damaged", False
    if expected.sha256 is None:
        return "unchecked", None
    return ("good", True) if hash_of(path) == expected.sha256 else ("damaged", False)


def hash_of(path: Path) -> str | None:
    """Give the SHA-256 of a file, or None when the disk cannot read it."""
    digest = hashlib.sha256()
    try:
        with path.open("rb", buffering=0) as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except OSError:
        return None
    return digest.hexdigest()


def _kept_by_history(folder: Path) -> set[str]:
    """Names that earlier states of the article still speak of."""
    kept: set[str] = set()
    for line in (storage.read(folder / "history.jsonl") or b"").splitlines():
        try:
            state = msgspec.json.decode(line)
            kept |= {name for name in state["files"].values() if name}
            kept |= _names(state["manifest"])
        except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
            continue
    return kept


def _names(plain: object) -> set[str]:
    """Every `path` in a manifest of whatever age."""
    if isinstance(plain, dict):
        own = {plain["path"]} if isinstance(plain.get("path"), str) else set()
        return own.union(*(_names(value) for value in plain.values()))
    return set().union(*(_names(value) for value in plain)) if isinstance(plain, list) else set()


def _present(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix()

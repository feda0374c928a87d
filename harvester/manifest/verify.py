"""Are the files of an article what its manifest says? Reads, never writes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from harvester.errors import FolderError
from harvester.manifest.folder import OWN, is_damaged_name, key_in, named_by_history
from harvester.model import Image, Manifest, Saved, Video
from harvester.stores import disk
from harvester.stores.disk import inside, stated

BLOCK = 1 << 20


class Expected(Struct, frozen=True, kw_only=True):
    """A file that a manifest speaks of, relative to its folder; *sha256* is null for thumbnails and captions."""

    path: str
    bytes: int
    sha256: str | None = None


class Checked(Struct, frozen=True, kw_only=True):
    """What a look at one file gave. *passed* is true, false, or null when only its size could be compared.

    *why* says what is wrong with a manifest that is unreadable, or what a stray may hide.
    """

    folder: str
    path: str
    passed: bool | None
    found: Literal["good", "damaged", "missing", "stray", "unchecked", "unreadable"]
    sha256: str | None = None
    bytes: int = 0
    why: str | None = None


def check_article(root: Path, folder: str, manifest: Manifest) -> Iterator[Checked]:
    """Look at every file that a manifest names, by size and hash, then at what lies there unnamed."""
    path = inside(root, folder)
    for expected in files_of(manifest):
        yield _checked(path, folder, expected)
    for name, size in strays(path, belonging(manifest, path)):
        yield Checked(folder=folder, path=name, passed=None, found="stray", bytes=size)


def belonging(manifest: Manifest | None, folder: Path) -> set[str]:
    """Return the names of all files that are an article's, relative to its folder, there or not."""
    named = {*OWN, *named_by_history(folder), *filter(is_damaged_name, disk.names_in(folder))}
    if manifest is not None:
        named |= {expected.path for expected in files_of(manifest)}
        named |= {f"videos/{video.id}.info.json" for video in manifest.videos if video.id}
    return named


def strays(folder: Path, named: set[str]) -> Iterator[tuple[str, int]]:
    """Yield what lies in an article's folder and is not *named*, with its size in bytes.

    What lies in another article's folder is that one's; no symbolic link is followed.
    """
    waiting = [folder]
    while waiting:
        with stated(waiting[-1]):
            entries = sorted(os.scandir(waiting.pop()), key=lambda entry: entry.name)
        for entry in entries:
            name = Path(entry.path).relative_to(folder).as_posix()
            if not entry.is_dir(follow_symlinks=False):
                if name not in named:
                    yield name, entry.stat(follow_symlinks=False).st_size
            elif key_in(name) is None:
                waiting.append(Path(entry.path))


def files_of(manifest: Manifest) -> Iterator[Expected]:
    """Yield every file that a manifest names."""
    items: tuple[Image | Video, ...] = (*manifest.images, *manifest.videos)
    for item in items:
        yield from files_of_item(item)


def files_of_item(item: Image | Video) -> Iterator[Expected]:
    """Yield every file of an image, or of a video and its poster."""
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
    except FolderError:
        return "damaged", False
    size = disk.size_of(path)
    if size is None:
        return "missing", False
    if size != expected.bytes:
        return "damaged", False
    if expected.sha256 is None:
        return "unchecked", None
    return ("good", True) if hash_of(path) == expected.sha256 else ("damaged", False)


def hash_of(path: Path) -> str | None:
    """Return the SHA-256 of a file, or None when the disk cannot read it."""
    digest = hashlib.sha256()
    try:
        with path.open("rb", buffering=0) as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except OSError:
        return None
    return digest.hexdigest()

"""Files and folders on a disk: errors put into words, and no path that leads outside."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiofiles

from harvester.errors import FolderError, StorageError

BLOCK = 262_144
"""Bytes written at once when a large body is streamed; measured as the cheapest size."""
IN_THE_WAY = (errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ENAMETOOLONG, errno.ELOOP)
"""Errors that a healthy disk returns for one name and not for others."""


async def stream(path: Path, chunks: AsyncIterator[bytes], *, append: bool = False) -> int:
    """Write *chunks* to *path* as they arrive, in large blocks, and return the number of bytes written."""
    written = 0
    waiting = bytearray()
    with stated(path):
        async with aiofiles.open(path, "ab" if append else "wb") as file:
            try:
                async for chunk in chunks:
                    waiting += chunk
                    written += len(chunk)
                    if len(waiting) >= BLOCK:
                        await file.write(bytes(waiting))
                        waiting.clear()
            finally:
                await file.write(bytes(waiting))
    return written


def inside(root: Path, relative: str) -> Path:
    """Return `root / relative`, which must stay inside without symbolic links; raises FolderError otherwise.

    Manifests are read back years later by people who did not write them, so their paths are never trusted.
    """
    return Path(_checked(root, relative))


def size_inside(root: Path, relative: str) -> int | None:
    """Return the size in bytes of the regular file `root / relative`, or None if there is none or it leads outside."""
    try:
        return size_of(_checked(root, relative))
    except FolderError:
        return None


def _checked(root: Path, relative: str) -> str:
    parts = [part for part in relative.split("/") if part not in ("", ".")]
    if not parts or relative.startswith("/") or ".." in parts or "\0" in relative or "\\" in relative:
        raise FolderError(f"{relative!r} is not a path inside {root}", code="unsafe_path")
    path = str(root)
    for part in parts:
        path = f"{path}/{part}"
        if os.path.islink(path):
            message = f"{path} is a symbolic link; files of an article are never behind one. Put a file there."
            raise FolderError(message, code="unsafe_path")
    return path


def read(path: Path) -> bytes | None:
    """Return the bytes of *path*, or None if there is no such file."""
    with stated(path):
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None


def names_in(folder: Path) -> list[str]:
    """Return the names in *folder*, sorted; none if there is no such folder."""
    with stated(folder):
        try:
            return sorted(os.listdir(folder))
        except (FileNotFoundError, NotADirectoryError):
            return []


def size_of(path: str | Path) -> int | None:
    """Return the size of a regular file in bytes, or None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


@contextmanager
def stated(path: Path) -> Iterator[None]:
    """Raise StorageError for the disk's errors inside the block, or FolderError if only this name is the problem."""
    try:
        yield
    except OSError as error:
        if error.errno in IN_THE_WAY:
            raise FolderError.of(error, path) from error
        raise StorageError.of(error, path) from error


def write_whole(file: int, data: bytes) -> None:
    """Write all of *data* to an open file, which may take several calls."""
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]

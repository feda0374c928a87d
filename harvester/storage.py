"""The output folder: every file takes its name when it is whole, and no name leads outside.

Layout: `<site>/<YYYY>/<MM>/<slug>-<key>/` for articles, `.harvester/` for what runs keep. Temporary files lie in
`.harvester/work/` and parts in its `<key>/`: on the same file system, so that a rename makes them appear at once.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import aiofiles

from harvester.errors import FolderError, StorageError
from harvester.workers import Gate

PRIVATE = ".harvester"
TEMPORARY = ".tmp"
DYING = 600
"""Seconds after which a temporary file has nobody who is still writing it; whole ones live for milliseconds."""
RESUMABLE = 7 * 86_400
"""Seconds for which parts wait to be resumed."""
BLOCK = 262_144
"""Bytes written at once when a large body is streamed; measured as the cheapest block."""
IN_THE_WAY = (errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ENAMETOOLONG, errno.ELOOP)
"""What a disk in good order says of one name, and would say of no other."""


class Store:
    """An output folder. *sync* tells whether files reach the disk before their manifest does."""

    def __init__(self, root: Path, *, sync: bool = True, min_free: int = 0) -> None:
        self.root = root
        self.sync = sync
        self.min_free = min_free
        self.work_folder = root / PRIVATE / "work"
        self._temporaries = f"{self.work_folder}/{secrets.token_hex(6)}"
        self._number = count()
        self._making = threading.Lock()
        self.gate = Gate(root)

    def prepare(self) -> None:
        """Make the folder; raises StorageError when it cannot be made or written."""
        with stated(self.root):
            self.work_folder.mkdir(parents=True, exist_ok=True)
            if not os.access(self.root, os.W_OK):
                raise PermissionError(errno.EACCES, "not writable")
        self.check_space()

    def check_space(self) -> None:
        """Raise StorageError when less than *min_free* bytes are left."""
        with stated(self.root):
            free = shutil.disk_usage(self.root).free
        if free < self.min_free:
            raise StorageError(
                f"{self.root}: {free:,} bytes are free and [output] min_free_space asks for {self.min_free:,}. "
                "Make room or lower it, and run the same command again: it goes on where it stopped.",
                code="disk_full",
            )

    def folder(self, relative: str) -> Path:
        """Give the path of an article's folder; refuses names that lead outside."""
        return inside(self.root, relative)

    def work_path(self, key: str) -> Path:
        """Give the folder for an article's parts, there or not."""
        return inside(self.work_folder, key)

    def work(self, key: str) -> Path:
        """Give the folder for an article's parts, made if need be."""
        path = self.work_path(key)
        with stated(path):
            path.mkdir(parents=True, exist_ok=True)
        return path

    def clear_work(self, key: str) -> None:
        """Remove an article's work folder, if there is one, unless parts lie in it that can be resumed."""
        with suppress(OSError):
            os.rmdir(self.work_path(key))

    def sweep(self) -> None:
        """Remove what dead runs left in the work folder: temporary files, and parts that are no longer resumed."""
        now = time.time()
        for name in names_in(self.work_folder):
            path = self.work_folder / name
            if path.is_dir() and not path.is_symlink():
                for part in names_in(path):
                    _remove_old(path / part, now - RESUMABLE)
                self.clear_work(name)
            elif path.suffix == TEMPORARY:
                _remove_old(path, now - DYING)

    def write(self, path: Path, data: bytes) -> None:
        """Write *data* so that *path* appears only when whole; it lasts when its folder is settled."""
        self._write(path, data, settle=False)

    def commit(self, path: Path, data: bytes) -> None:
        """Write *data* so that *path* appears only when whole, and lasts from then on."""
        self._write(path, data, settle=self.sync)
        if self.sync:
            with stated(path):
                _sync(path.parent)

    def _write(self, path: Path, data: bytes, *, settle: bool) -> None:
        with self._temporary(path) as temporary:
            file = self._opened(temporary)
            try:
                write_whole(file, data)
                if settle:
                    os.fsync(file)
            finally:
                os.close(file)
            self._rename(temporary, path)

    @contextmanager
    def _temporary(self, path: Path) -> Iterator[str]:
        """Give a name to write under what will be *path*, and leave nothing there when that fails."""
        temporary = self._fresh()
        with stated(path):
            try:
                yield temporary
            except BaseException:
                with suppress(OSError):
                    os.unlink(temporary)
                raise

    def _fresh(self) -> str:
        """Name a temporary file as none was named yet, by this process or another."""
        return f"{self._temporaries}-{next(self._number)}{TEMPORARY}"

    def adopt(self, part: Path, path: Path) -> None:
        """Give a complete part its name; it lasts when its folder is settled."""
        with stated(path):
            self._rename(part, path)

    @contextmanager
    def aside(self, source: bytes | Path) -> Iterator[Path]:
        """Give *source* as a file while the block runs: itself, or its bytes in the work folder."""
        if isinstance(source, Path):
            yield source
            return
        temporary = Path(self._fresh())
        try:
            with stated(temporary):
                temporary.write_bytes(source)
            yield temporary
        finally:
            with suppress(OSError):
                temporary.unlink()

    def share(self, existing: Path, path: Path, how: str) -> None:
        """Make *path* the same content as *existing*: a hard link if *how* is `hard` and the disk can, else a copy."""
        with self._temporary(path) as temporary:
            try:
                if how != "hard":
                    raise OSError(errno.EXDEV, "a copy is asked for")
                os.link(existing, temporary)
            except OSError:
                shutil.copyfile(existing, temporary)
            self._rename(temporary, path)

    def _opened(self, path: str) -> int:
        """Open a new file to write to, in a folder that is made if it is not there."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            return os.open(path, flags, 0o666)
        except FileNotFoundError:
            self._make(os.path.dirname(path))
            return os.open(path, flags, 0o666)

    def _rename(self, temporary: str | Path, path: Path) -> None:
        with self.gate.passed():
            try:
                os.replace(temporary, path)
            except FileNotFoundError:
                self._make(os.path.dirname(path))
                os.replace(temporary, path)

    def _make(self, folder: str) -> None:
        """Make a folder, once: of several threads that miss it the others find it."""
        with self._making:
            if not os.path.isdir(folder):
                os.makedirs(folder, exist_ok=True)

    def settle(self, folder: Path) -> None:
        """Make an article's files last, then the folders that name them, before the manifest that speaks of them."""
        if not self.sync or not folder.is_dir():
            return
        with stated(folder):
            folders = [str(folder), *(entry.path for entry in os.scandir(folder) if entry.is_dir())]
            for path in [entry.path for each in folders for entry in os.scandir(each) if entry.is_file()]:
                _sync(path)
            for path in folders:
                _sync(path)


async def stream(path: Path, chunks: AsyncIterator[bytes], *, append: bool = False) -> int:
    """Write *chunks* to *path* as they come, in large blocks; gives the bytes written now."""
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
    """Give `root / relative`, which must stay inside without symbolic links; raises FolderError otherwise.

    Manifests are read back years later by people who did not write them, so their paths are never trusted.
    """
    return Path(_checked(root, relative))


def size_inside(root: Path, relative: str) -> int | None:
    """Give the size of the regular file `root / relative` in bytes, or None where `inside` finds none."""
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
            told = f"{path} is a symbolic link; files of an article are never behind one. Put a file there."
            raise FolderError(told, code="unsafe_path")
    return path


def read(path: Path) -> bytes | None:
    """Give the bytes of *path*, or None where there is no such file."""
    with stated(path):
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None


def names_in(folder: Path) -> list[str]:
    """Give the names in *folder* in their order, none where there is no such folder."""
    with stated(folder):
        try:
            return sorted(os.listdir(folder))
        except (FileNotFoundError, NotADirectoryError):
            return []


def size_of(path: str | Path) -> int | None:
    """Give the size of a regular file in bytes, or None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


@contextmanager
def stated(path: Path) -> Iterator[None]:
    """Tell what the disk refused in words, as StorageError; as FolderError where only this name is in the way."""
    try:
        yield
    except OSError as error:
        if error.errno in IN_THE_WAY:
            raise FolderError.of(error, path) from error
        raise StorageError.of(error, path) from error


def write_whole(file: int, data: bytes) -> None:
    """Write all of *data* to an open file, which the system may take in parts."""
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]


def _remove_old(path: Path, before: float) -> None:
    with suppress(OSError):
        if path.stat().st_mtime < before:
            path.unlink()


def _sync(path: str | Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

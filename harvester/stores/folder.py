"""The output folder: every file gets its name once it is whole, and no name leads outside.

Layout: `<site>/<YYYY>/<MM>/<slug>-<key>/` for articles, `.harvester/` for what runs keep. Temporary files are in
`.harvester/work/` and parts in its `<key>/`: on the same file system, so that a rename makes them appear at once.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from harvester.errors import StorageError
from harvester.stores.disk import inside, names_in, stated, write_whole
from harvester.workers import Gate

PRIVATE = ".harvester"
TEMPORARY = ".tmp"
DYING = 600
"""Seconds after which nobody can still be writing a temporary file; normally they live for milliseconds."""
RESUMABLE = 7 * 86_400
"""Seconds for which parts are kept to be resumed."""


class Store:
    """An output folder. *sync* says whether files must reach the disk before their manifest."""

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
        """Make the folder; raises StorageError if it cannot be made or written."""
        with stated(self.root):
            self.work_folder.mkdir(parents=True, exist_ok=True)
            if not os.access(self.root, os.W_OK):
                raise PermissionError(errno.EACCES, "not writable")
        self.check_space()

    def check_space(self) -> None:
        """Raise StorageError if fewer than *min_free* bytes are free."""
        with stated(self.root):
            free = shutil.disk_usage(self.root).free
        if free < self.min_free:
            raise StorageError(
                f"{self.root}: {free:,} bytes are free and [output] min_free_space asks for {self.min_free:,}. "
                "Make room or lower it, and run the same command again: it goes on where it stopped.",
                code="disk_full",
            )

    def folder(self, relative: str) -> Path:
        """Return the path of an article's folder; raises FolderError for names that lead outside."""
        return inside(self.root, relative)

    def work_path(self, key: str) -> Path:
        """Return the path of the folder for an article's parts, whether or not it exists."""
        return inside(self.work_folder, key)

    def work(self, key: str) -> Path:
        """Return the folder for an article's parts, created if necessary."""
        path = self.work_path(key)
        with stated(path):
            path.mkdir(parents=True, exist_ok=True)
        return path

    def clear_work(self, key: str) -> None:
        """Remove an article's work folder, if there is one, unless it holds parts that can be resumed."""
        with suppress(OSError):
            os.rmdir(self.work_path(key))

    def sweep(self) -> None:
        """Remove what dead runs left in the work folder: temporary files, and parts too old to resume."""
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
        """Write *data* so that *path* appears only when whole; it is durable once its folder is settled."""
        self._write(path, data, settle=False)

    def commit(self, path: Path, data: bytes) -> None:
        """Write *data* so that *path* appears only when whole, and is durable from then on."""
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
        """Yield a temporary name for what will become *path*, and remove the file if the block fails."""
        temporary = self._fresh_name()
        with stated(path):
            try:
                yield temporary
            except BaseException:
                with suppress(OSError):
                    os.unlink(temporary)
                raise

    def _fresh_name(self) -> str:
        """Return a name for a temporary file that neither this process nor another has used."""
        return f"{self._temporaries}-{next(self._number)}{TEMPORARY}"

    def adopt(self, part: Path, path: Path) -> None:
        """Give a complete part its final name; it is durable once its folder is settled."""
        with stated(path):
            self._rename(part, path)

    @contextmanager
    def aside(self, source: bytes | Path) -> Iterator[Path]:
        """Yield *source* as a file while the block runs: itself, or its bytes in the work folder."""
        if isinstance(source, Path):
            yield source
            return
        temporary = Path(self._fresh_name())
        try:
            with stated(temporary):
                temporary.write_bytes(source)
            yield temporary
        finally:
            with suppress(OSError):
                temporary.unlink()

    def share(self, existing: Path, path: Path, how: str) -> None:
        """Make *path* a hard link to *existing* if *how* is `hard` and the disk supports it, else a copy."""
        with self._temporary(path) as temporary:
            try:
                if how != "hard":
                    raise OSError(errno.EXDEV, "a copy is asked for")
                os.link(existing, temporary)
            except OSError:
                shutil.copyfile(existing, temporary)
            self._rename(temporary, path)

    def _opened(self, path: str) -> int:
        """Open a new file for writing, and make its folder if it does not exist."""
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
        """Make a folder once, even if several threads need it."""
        with self._making:
            if not os.path.isdir(folder):
                os.makedirs(folder, exist_ok=True)

    def settle(self, folder: Path) -> None:
        """Make an article's files durable, then the folders that name them, before the manifest that lists them."""
        if not self.sync or not folder.is_dir():
            return
        with stated(folder):
            folders = [str(folder), *(entry.path for entry in os.scandir(folder) if entry.is_dir())]
            for path in [entry.path for each in folders for entry in os.scandir(each) if entry.is_file()]:
                _sync(path)
            for path in folders:
                _sync(path)


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

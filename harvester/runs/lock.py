"""One run on one output: a lock that tells who holds it and dies with its holder."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import stat
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from harvester.errors import HarvesterError, StorageError
from harvester.stores.disk import stated, write_whole

LONGEST = 4_096
"""Bytes of a holder's note that are read."""


class OutputLocked(HarvesterError):
    """Another run holds the lock of this output (exit status 75)."""


class Holder(Struct, frozen=True):
    """Who holds a lock."""

    pid: int
    started: str
    run: str


@asynccontextmanager
async def locked(path: Path, *, run: str, wait: float = 0.0) -> AsyncIterator[None]:
    """Hold the lock at *path* while the block runs; after *wait* seconds without it, raise OutputLocked.

    The lock is the kernel's (flock): it is gone when its process is, however it ended. Raises StorageError when the
    disk does not take it, or when something else than a file of ours lies there; nothing is written to that.
    """
    with stated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = await _taken(path, time.monotonic() + wait)
    try:
        with stated(path):
            _sign(file, run)
        yield
    finally:
        with suppress(OSError):  # a disk that fails at the end must not hide what ended the run
            os.ftruncate(file, 0)
        os.close(file)


async def _taken(path: Path, until: float) -> int:
    """Return the lock file, opened and locked."""
    while True:
        file = _opened(path)
        try:
            await _lock(file, path, until)
            if _is_ours(file, path):
                return file
        except BaseException:
            os.close(file)
            raise
        os.close(file)


def _opened(path: Path) -> int:
    """Open a regular file without following a link or waiting for the other end of a pipe."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise _strange(path) from None
        raise
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise _strange(path)


def _strange(path: Path) -> StorageError:
    return StorageError(
        f"{path} is no file of harvester but a link, a folder or a device. It is left as it is: remove it, and run the "
        "same command again.",
        code="storage",
    )


async def _lock(file: int, path: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            left = until - time.monotonic()
            if left <= 0:
                raise OutputLocked(_refusal(file, path), code="locked", retryable=True) from None
            await asyncio.sleep(min(0.1, left))


def _is_ours(file: int, path: Path) -> bool:
    """Return whether the locked file may be written: it still has its name, and no other.

    One with another name (a copy of the output by links, or somebody's file) gives up this one, so that its content
    stays; whoever waits for it sees that, and opens the new one.
    """
    mine = os.fstat(file)
    with suppress(FileNotFoundError):
        if os.path.samestat(mine, path.lstat()):
            if mine.st_nlink == 1:
                return True
            path.unlink()
    return False


def _sign(file: int, run: str) -> None:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    os.ftruncate(file, 0)
    write_whole(file, msgspec.json.encode(Holder(pid=os.getpid(), started=started, run=run)))


def _refusal(file: int, path: Path) -> str:
    try:
        holder = msgspec.json.decode(os.pread(file, LONGEST, 0), type=Holder)
        who = f"process {holder.pid}, since {holder.started}, run {holder.run}"
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        who = "another run"
    return f"{path.parent.parent} is being written by {who}. Wait for it, or give --wait SECONDS."

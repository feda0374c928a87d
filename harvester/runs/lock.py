"""One run on one output: a lock that tells who holds it and dies with its holder."""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

import msgspec

from harvester.errors import HarvesterError
from harvester.storage import stated


class OutputLocked(HarvesterError):
    """Another run holds the lock of this output (exit status 75)."""


@asynccontextmanager
async def locked(path: Path, *, run: str, wait: float = 0.0) -> AsyncIterator[None]:
    """Hold the lock at *path* while the block runs; after *wait* seconds without it, raise OutputLocked.

    The lock is the kernel's (flock): it is gone when its process is, however it ended. Raises StorageError when the
    disk does not take it.
    """
    with stated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b", buffering=0)  # what a full disk refuses is not refused again when the file is closed
    with file:
        with stated(path):
            await _take(file, path, time.monotonic() + wait)
            _sign(file, run)
        try:
            yield
        finally:
            file.truncate(0)
            fcntl.flock(file, fcntl.LOCK_UN)


async def _take(file: FileIO, path: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            left = until - time.monotonic()
            if left <= 0:
                raise OutputLocked(_refusal(file, path), code="locked", retryable=True) from None
            await asyncio.sleep(min(0.1, left))


def _sign(file: FileIO, run: str) -> None:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    file.truncate(0)
    file.write(msgspec.json.encode({"pid": os.getpid(), "started": started, "run": run}))


def _refusal(file: FileIO, path: Path) -> str:
    file.seek(0)
    try:
        holder = msgspec.json.decode(file.read() or b"{}")
    except msgspec.DecodeError:
        holder = {}
    who = "another run"
    if "run" in holder:
        who = f"process {holder['pid']}, since {holder['started']}, run {holder['run']}"
    return f"{path.parent.parent} is being written by {who}. Wait for it, or give --wait SECONDS."

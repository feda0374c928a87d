"""Files that the user names and we write: a plain file is replaced, at once and whole; nothing else ever is."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from harvester.stores.disk import write_whole

_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def kind_of(path: Path) -> str | None:
    """Return what lies at *path* that is no plain file, as in `a named pipe`; None for a plain file, or nothing.

    No link is followed: what a link leads to was not named. Raises OSError.
    """
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return None
    return next((said for is_one, said in _KINDS if is_one(mode)), None)


def begins_with(path: Path, mark: bytes) -> bool:
    """Return whether the plain file at *path* is empty, not there, or begins with *mark*; raises OSError."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        return os.read(file, len(mark)) in (b"", mark)
    finally:
        os.close(file)


def replace(path: Path, data: bytes) -> None:
    """Write *data* as *path*, which is never seen half and keeps what it held if that fails; raises OSError."""
    kind = kind_of(path)
    if kind is not None:
        raise FileExistsError(None, f"is {kind}, which is not replaced")
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.tmp")
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        try:
            write_whole(file, data)
        finally:
            os.close(file)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise

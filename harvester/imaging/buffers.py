"""The bytes of a picture, examined in place: in memory, or in a file that is mapped and never read whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import IO, cast

from harvester.errors import StorageError

Buffer = bytes | mmap


@contextmanager
def buffered(source: bytes | Path) -> Iterator[Buffer]:
    """Yield the bytes of *source* while the context lasts; raises StorageError when the file cannot be read."""
    if isinstance(source, bytes):
        yield source
        return
    with _mapped(source) as file:
        yield file


def readable(file: Buffer) -> IO[bytes]:
    """Return *file* as a seekable file object, without copying it."""
    if isinstance(file, bytes):
        return BytesIO(file)
    file.seek(0)
    return cast("IO[bytes]", file)  # it has read, seek and tell, which is all that readers need


@contextmanager
def _mapped(path: Path) -> Iterator[Buffer]:
    try:
        with path.open("rb") as opened:
            # A mapping cannot be empty.
            file = mmap(opened.fileno(), 0, access=ACCESS_READ) if path.stat().st_size else None
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror}).") from None
    if file is None:
        yield b""
        return
    with file:
        yield file

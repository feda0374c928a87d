"""Lines as they arrive from a source that may keep its reader waiting: a terminal, a pipe, a file."""

from __future__ import annotations

import asyncio
import codecs
import errno
import os
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import closing, suppress
from io import IncrementalNewlineDecoder

BLOCK = 65_536
"""Bytes read at once."""
AHEAD = 8
"""Blocks that are read ahead."""
LONGEST = 65_536
"""Characters of a line. No browser accepts an address of that length, and no disk such a path."""

Opened = Callable[[], int]
"""Opens a descriptor for us to read and close; it may block, and raise OSError."""


async def lines_of(opened: Opened) -> AsyncGenerator[str | None, None]:
    """Yield the lines of what *opened* opens without blocking the loop; None stands for one longer than LONGEST.

    A separate thread opens and reads it and is left behind when the caller stops: a thread that waits for a terminal or
    a pipe cannot be cancelled, and must keep neither the loop nor the program from ending. It reads the descriptor
    itself, since a thread that holds the lock of Python's own stream at exit aborts the program.

    Raises the OSError that ends the reading, also if the first block shows that it is not text.
    """
    handed, splitter = _Handed(), Splitter()
    threading.Thread(target=handed.read, args=(opened,), name="harvester-lines", daemon=True).start()
    with closing(handed):
        while block := await handed.next():
            for line in splitter.lines(block):
                yield line
    for line in splitter.rest():
        yield line


class Splitter:
    """Splits blocks of UTF-8 or UTF-16 into lines, with the line endings of any system.

    Keeps at most LONGEST characters of a line; None stands for a longer one.
    """

    def __init__(self) -> None:
        self._decoder: IncrementalNewlineDecoder | None = None
        self._begun = ""
        self._is_too_long = False

    def lines(self, block: bytes) -> Iterator[str | None]:
        """Yield the lines that end in *block*; raises OSError if the first block shows that this is not text."""
        if self._decoder is None:
            self._decoder = _decoder_of(block)
        yield from self._ended(self._decoder.decode(block))

    def rest(self) -> Iterator[str | None]:
        """Yield the last line, if it has no line ending."""
        yield from self._ended(self._decoder.decode(b"", final=True) if self._decoder else "")
        if self._begun or self._is_too_long:
            yield self._whole(self._begun)

    def _ended(self, text: str) -> Iterator[str | None]:
        *ended, begun = (self._begun + text).split("\n")
        for line in ended:
            yield self._whole(line)
        self._is_too_long |= len(begun) > LONGEST
        self._begun = "" if self._is_too_long else begun

    def _whole(self, line: str) -> str | None:
        is_too_long = self._is_too_long or len(line) > LONGEST
        self._is_too_long = False
        return None if is_too_long else line.removeprefix("\ufeff")  # left where files were concatenated


def _decoder_of(start: bytes) -> IncrementalNewlineDecoder:
    is_wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not is_wide and b"\0" in start[:1024]:
        raise OSError(errno.EILSEQ, "a binary file, not a list of sources")
    decoder = codecs.getincrementaldecoder("utf-16" if is_wide else "utf-8-sig")("replace")
    return IncrementalNewlineDecoder(decoder, translate=True)


class _Handed:
    """Blocks on their way from a thread to the running loop; an empty one is the end."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._blocks: deque[bytes | OSError] = deque()
        self._there = asyncio.Event()
        self._room = threading.Semaphore(AHEAD)
        self._is_wanted = True

    def read(self, opened: Opened) -> None:
        """In the thread: hand over block after block, then the end or the error."""
        end: bytes | OSError = b""
        try:
            descriptor = opened()
            try:
                while self._is_wanted and (block := os.read(descriptor, BLOCK)):
                    self._put(block)
                    self._room.acquire()
            finally:
                os.close(descriptor)
        except OSError as error:
            end = error
        finally:  # in every case, or the loop would wait for ever
            self._put(end)

    async def next(self) -> bytes:
        """In the loop: wait for the next block."""
        while not self._blocks:
            self._there.clear()
            if not self._blocks:
                await self._there.wait()
        block = self._blocks.popleft()
        if isinstance(block, OSError):
            raise block
        self._room.release()
        return block

    def close(self) -> None:
        """Stop reading: the thread ends as soon as it can."""
        self._is_wanted = False
        self._room.release()

    def _put(self, block: bytes | OSError) -> None:
        self._blocks.append(block)
        if not self._there.is_set():
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._there.set)

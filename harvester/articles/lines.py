"""Lines as they come, from a source that may keep its reader waiting: a terminal, a pipe."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import AbstractContextManager, suppress

AHEAD = 1_000
"""Lines that are read before they are asked for."""

Opened = Callable[[], AbstractContextManager[Iterable[str | bytes]]]


async def lines_of(opened: Opened) -> AsyncGenerator[str, None]:
    """Give the lines of what *opened* opens while everything else goes on; raises the OSError that ends them.

    A thread of its own opens and reads them and is left behind when nobody asks any more: a thread that waits for a
    terminal or a pipe cannot be called back, and must keep neither the loop nor the program from ending.
    """
    handed = _Handed()
    threading.Thread(target=handed.read, args=(opened,), name="harvester-lines", daemon=True).start()
    while (line := await handed.next()) is not None:
        yield line


class _Handed:
    """Lines on their way from a thread to the running loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._lines: deque[str | OSError | None] = deque()
        self._there = asyncio.Event()
        self._room = threading.Semaphore(AHEAD)

    def read(self, opened: Opened) -> None:
        """In the thread: hand over line after line, then how it ended."""
        end: OSError | None = None
        try:
            with opened() as stream:
                for line in stream:
                    self._room.acquire()
                    self._put(_text(line))
        except OSError as error:
            end = error
        finally:  # whatever else happened, or the loop would wait for ever
            self._put(end)

    async def next(self) -> str | None:
        """In the loop: wait for the next line; None at the end."""
        while not self._lines:
            self._there.clear()
            if not self._lines:
                await self._there.wait()
        line = self._lines.popleft()
        if isinstance(line, OSError):
            raise line
        self._room.release()
        return line

    def _put(self, line: str | OSError | None) -> None:
        self._lines.append(line)
        if not self._there.is_set():
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._there.set)


def _text(line: str | bytes) -> str:
    return line if isinstance(line, str) else line.decode("utf-8-sig", "replace")

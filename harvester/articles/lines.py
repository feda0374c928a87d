"""Lines as they come, from a source that may keep its reader waiting: a terminal, a pipe."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import TextIO

AHEAD = 1_000
"""Lines that are read before they are asked for."""


async def lines_of(stream: TextIO) -> AsyncGenerator[str, None]:
    """Give the lines of *stream* while everything else goes on.

    A thread of its own reads them and is left behind when nobody asks any more: a thread that waits for a terminal
    cannot be called back, and must keep neither the loop nor the program from ending.
    """
    loop = asyncio.get_running_loop()
    lines: deque[str | None] = deque()
    there = asyncio.Event()
    room = threading.Semaphore(AHEAD)

    def read() -> None:
        for line in getattr(stream, "buffer", stream):
            room.acquire()
            hand_over(_text(line))
        hand_over(None)

    def hand_over(line: str | None) -> None:
        lines.append(line)
        if not there.is_set():
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(there.set)

    threading.Thread(target=read, name="standard input", daemon=True).start()
    while True:
        there.clear()
        if not lines:
            await there.wait()
        while lines:
            line = lines.popleft()
            if line is None:
                return
            room.release()
            yield line


def _text(line: str | bytes) -> str:
    return line if isinstance(line, str) else line.decode("utf-8-sig", "replace")

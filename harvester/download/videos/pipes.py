"""The output of a child process, read as fast as it comes, so that it never blocks; more than is sane is not kept."""

from __future__ import annotations

import asyncio
from collections import deque

LONGEST_LINE = 1_048_576
"""Bytes of one line of news."""
MOST_UNREAD = 10_000
"""Lines of news that wait for their reader, which is seldom more than a few behind."""
MOST_COMPLAINTS = 64_000_000
"""Bytes on standard error, of which only the end is kept: ffmpeg warns of every frame of a damaged video."""
LAST_WORDS = 4_000
"""Bytes kept of its end."""
_OUT = 1


class Pipes(asyncio.SubprocessProtocol):
    """The lines of a child's standard output, with their line endings, and the end of its standard error.

    *flooded* says what was too much, if anything was: nothing is kept from then on.
    """

    def __init__(self) -> None:
        self.flooded: str | None = None
        self.exited = asyncio.Event()
        self.unread: deque[bytes] = deque()
        self._stirred = asyncio.Event()
        self._closed = False
        self._rest = bytearray()
        self._complaints = b""
        self._complained = 0

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Keep what the child wrote."""
        if self.flooded is None:
            self._add_news(data) if fd == _OUT else self._add_complaint(data)
        self._stirred.set()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Note the end of standard output."""
        self._closed = self._closed or fd == _OUT
        self._stirred.set()

    def process_exited(self) -> None:
        """Note that the child is gone."""
        self.exited.set()

    async def line(self, within: float) -> bytes | None:
        """Return the next line, an empty one at the end, None if none came *within* seconds or too much came."""
        if not self.unread and not self._closed:
            self._stirred.clear()
            try:
                async with asyncio.timeout(within):
                    await self._stirred.wait()
            except TimeoutError:
                # A program that the child started may hold its pipe open for ever.
                self._closed = self.exited.is_set()
        if self.unread and self.flooded is None:
            return self.unread.popleft()
        return b"" if self._closed and self.flooded is None else None

    def last_words(self) -> str:
        """Return the last line of standard error, cut to 300 characters."""
        lines = self._complaints.decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "without a word"

    def complain_anew(self) -> None:
        """Start counting the bytes on standard error from zero again."""
        self._complained = 0

    def _add_news(self, data: bytes) -> None:
        first, *others = data.split(b"\n")
        self._add(first)
        for other in others:
            self.unread.append(bytes(self._rest) + b"\n")
            self._rest.clear()
            self._add(other)
        if len(self.unread) > MOST_UNREAD:
            self._flood("more lines than can be read")

    def _add(self, data: bytes) -> None:
        self._rest += data
        if len(self._rest) > LONGEST_LINE:
            self._flood(f"a line of more than {LONGEST_LINE:,} bytes")

    def _add_complaint(self, data: bytes) -> None:
        self._complaints = (self._complaints + data)[-LAST_WORDS:]
        self._complained += len(data)
        if self._complained > MOST_COMPLAINTS:
            self._flood(f"more than {MOST_COMPLAINTS:,} bytes of warnings")

    def _flood(self, what: str) -> None:
        self.flooded = self.flooded or what
        self.unread.clear()
        self._rest.clear()

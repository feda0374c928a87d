"""Threads for what computes, and a budget for the bytes that wait for them."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

SETTLING = 4
"""Threads that wait for the disk to say that it has everything."""


class Workers:
    """A pool of threads; Pillow, Lexbor and hashlib release the lock, so threads do what processes would.

    *threads* is a limit on memory as much as on processors: each may hold a decoded picture. *budget* is how many bytes
    of bodies may be held in memory at once while they are received and wait for a thread.
    """

    def __init__(self, threads: int | None = None, budget: int = 64_000_000) -> None:
        self._threads = ThreadPoolExecutor(threads or min(8, os.cpu_count() or 2), thread_name_prefix="harvester")
        self._settling = ThreadPoolExecutor(SETTLING, thread_name_prefix="harvester-disk")
        self._free = self._budget = budget
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._settling.shutdown(wait=True, cancel_futures=True)

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call *work* in a thread and give what it gives."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))

    def has_room(self, size: int) -> bool:
        """Say whether *size* bytes of the budget can be had without waiting."""
        return not self._waiting and size <= self._free

    async def settle(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call *work*, which waits for the disk, without taking a thread from those who compute."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._settling, lambda: work(*args, **kwargs))

    @asynccontextmanager
    async def room(self, size: int) -> AsyncIterator[None]:
        """Hold *size* bytes of the budget, first come first served; more than the whole budget is the whole budget."""
        size = min(size, self._budget)
        await self._take(size)
        try:
            yield
        finally:
            self._give_back(size)

    async def _take(self, size: int) -> None:
        if self.has_room(size):
            self._free -= size
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back(size)
            raise

    def _give_back(self, size: int) -> None:
        self._free += size
        while self._waiting and (self._waiting[0][1].cancelled() or self._waiting[0][0] <= self._free):
            wanted, turn = self._waiting.popleft()
            if not turn.cancelled():
                self._free -= wanted
                turn.set_result(None)

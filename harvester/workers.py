"""Threads for what computes, and a budget for the bytes that wait for them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

BUDGET = 32_000_000
"""Bytes of bodies that may be in memory at once."""
AHEAD = 4_000_000
"""Bytes of bodies for each thread with which it has enough to do: a quarter of a second of pictures."""
TURN = 0.001
"""Seconds for which a thread may keep the interpreter while others wait for it: with Python's own 5 ms the event loop
waits up to 40 ms for the plans of two pages."""
SETTLING = 4
"""Threads that wait for the disk to say that it has everything."""


class Workers:
    """A pool of threads; Pillow, Lexbor and hashlib release the lock, so threads do what processes would.

    *threads* is a limit on memory as much as on processors: each may hold a decoded picture. *budget* is how many bytes
    of bodies may be held in memory at once while they are received and wait for a thread.
    """

    def __init__(self, threads: int | None = None, budget: int = BUDGET) -> None:
        threads = threads or min(8, os.cpu_count() or 2)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="harvester")
        self._settling = ThreadPoolExecutor(SETTLING, thread_name_prefix="harvester-disk")
        self._free = budget
        self._enough = budget - min(budget // 2, AHEAD * threads)
        self._eased = asyncio.Event()
        self._eased.set()
        self._turn = sys.getswitchinterval()

    async def __aenter__(self) -> Self:
        sys.setswitchinterval(TURN)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._settling.shutdown(wait=True, cancel_futures=True)
        sys.setswitchinterval(self._turn)

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call *work* in a thread and give what it gives."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))

    async def settle(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call *work*, which waits for the disk, without taking a thread from those who compute."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._settling, lambda: work(*args, **kwargs))

    async def ease(self) -> None:
        """Wait while so much of the budget is taken that the threads have enough to do.

        Only who holds nothing of the budget may wait here; then those that do go on, and nobody waits for ever.
        """
        await self._eased.wait()

    @contextmanager
    def share(self) -> Iterator[Share]:
        """Give a share of the budget, empty at first and given back at the end of the block."""
        share = Share(self._count)
        try:
            yield share
        finally:
            share.keep(0)

    def _count(self, size: int) -> bool:
        """Take *size* bytes of the budget, or give them back if less than none; says no where there are too few."""
        if size > self._free:
            return False
        self._free -= size
        if self._free >= self._enough:
            self._eased.set()
        else:
            self._eased.clear()
        return True


class Share:
    """What one body takes of the budget."""

    def __init__(self, count: Callable[[int], bool]) -> None:
        self._count = count
        self._held = 0

    def take(self, size: int) -> bool:
        """Hold *size* bytes more, if they can be had now."""
        taken = self._count(size)
        self._held += size if taken else 0
        return taken

    def keep(self, size: int) -> None:
        """Give back all but *size* bytes."""
        self._count(size - self._held)
        self._held = size

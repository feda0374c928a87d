"""Threads for computing, and a budget for the bytes that wait for them.

A thread cannot be cancelled. A run that is told to stop waits a while for its threads and then leaves them behind:
the closed store refuses whatever they still want to write, and they end with the process.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from contextvars import Context
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, ParamSpec, Self, TypeVar

from harvester import events
from harvester.errors import Interrupted, StorageError
from harvester.events import Emit

P = ParamSpec("P")
R = TypeVar("R")

PATIENCE = 5.0
"""Seconds that a run that is told to stop waits for computing threads, so that it ends within ten."""
INSIDE = 1.0
"""Seconds that the end of a run waits for a write in progress."""
GLANCE = 0.02
"""Seconds between two looks at threads that the run waits for."""

BUDGET = 32_000_000
"""Bytes of bodies that may be in memory at once."""
AHEAD = 4_000_000
"""Bytes of bodies that keep one thread busy: a quarter of a second of pictures."""
TURN = 0.001
"""Seconds for which a thread may hold the interpreter while others wait: with Python's default of 5 ms the event loop
waits up to 40 ms for the plans of two pages."""
SETTLING = 4
"""Threads that wait for the disk to confirm that everything is written."""


class Doing(Generic[P, R]):
    """Work for a thread, and its description: reported if the thread has to be left behind."""

    def __init__(self, words: str, work: Callable[P, R]) -> None:
        self.words = words
        self._work = work

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Do the work."""
        return self._work(*args, **kwargs)


class Threads(ThreadPoolExecutor):
    """A pool that knows what its threads are doing, and whose shutdown does not wait for them for ever."""

    def __init__(self, threads: int | None = None, name: str = "harvester", *, patience: float = PATIENCE) -> None:
        super().__init__(threads, thread_name_prefix=name)
        self.doing: dict[Future[Any], str] = {}
        self._patience = patience

    def submit(self, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Run *work* in a thread."""
        future = super().submit(work, *args, **kwargs)
        self.doing[future] = words_of(work)
        future.add_done_callback(lambda done: self.doing.pop(done, None))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work; with *wait*, wait for work in progress, but not for ever."""
        super().shutdown(wait=False, cancel_futures=cancel_futures)
        if wait:
            wait_for(list(self.doing), self._patience)
            self._patience = 0.0  # the event loop shuts its own pool down a second time when it ends


class Gate:
    """Lets threads write to *place* until it is closed: threads left behind must not write where other runs now do."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._changed = threading.Condition()
        self._inside = 0
        self._closed = False

    def check(self) -> None:
        """Raise StorageError if it is closed."""
        if self._closed:
            raise StorageError(f"{self._place}: the run that wrote here has ended.", code="ended")

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Keep it open while the block runs; raises StorageError if it is already closed."""
        with self._changed:
            self.check()
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def close(self) -> None:
        """Let nobody else in, and wait for those inside, but not for ever: a disk may hang."""
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: not self._inside, INSIDE)


class Workers:
    """A pool of threads; Pillow, Lexbor and hashlib release the interpreter lock, so processes are not needed.

    *threads* limits memory as much as processors: each thread may hold a decoded picture. *budget* is how many bytes of
    bodies may be in memory at once while they are received and wait for a thread.

    The end of the block waits for the threads, but at most *patience* seconds; *emit* is told which ones are left
    behind.
    """

    def __init__(
        self,
        threads: int | None = None,
        budget: int = BUDGET,
        *,
        emit: Emit = events.nobody,
        patience: float = PATIENCE,
    ) -> None:
        threads = threads or min(8, os.cpu_count() or 2)
        self._threads = Threads(threads)
        self._settling = Threads(SETTLING, "harvester-disk")
        self._emit = emit
        self._longest = patience
        self._patience: float | None = None  # for each piece of work; None until the run is told to stop
        self._limits: set[asyncio.Timeout] = set()
        self._left: set[Future[Any]] = set()
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
        pools = (self._threads, self._settling)
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        loop = asyncio.get_running_loop()
        until = loop.time() + self._longest
        try:
            while any(pool.doing.keys() - self._left for pool in pools) and loop.time() < until:  # noqa: ASYNC110
                await asyncio.sleep(GLANCE)
        finally:
            sys.setswitchinterval(self._turn)
            self._report([words for pool in pools for words in list(pool.doing.values())])

    def _report(self, left: list[str]) -> None:
        if left:
            message = f"Threads were left at work; the run does not wait for {', '.join(left)}."
            self._emit(events.Warned(code="left_at_work", message=message))

    def hurry(self) -> None:
        """From now on wait at most *patience* seconds for any piece of work: the run is told to stop."""
        self._patience = self._longest
        for limit in self._limits:
            limit.reschedule(asyncio.get_running_loop().time() + self._patience)

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call *work* in a thread and return its result; raises Interrupted if a stopping run cannot wait for it.

        A cancelled caller waits no longer, and work that no thread has begun by then is never begun.
        """
        future = self._threads.submit(partial(work, *args, **kwargs))
        try:
            async with asyncio.timeout(self._patience) as limit:
                self._limits.add(limit)
                try:
                    return await asyncio.wrap_future(future)
                finally:
                    self._limits.discard(limit)
        except TimeoutError:
            if not limit.expired():
                raise
            self._left.add(future)
            raise Interrupted(f"The run was told to stop, and cannot wait for {words_of(work)}.") from None

    async def settle(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call *work*, which waits for the disk, without taking a thread from computing work."""
        return await asyncio.wrap_future(self._settling.submit(partial(work, *args, **kwargs)))

    async def ease(self) -> None:
        """Wait while so much of the budget is taken that the threads have enough to do.

        Only callers that hold none of the budget may wait here; those that hold some go on, so nobody waits for ever.
        """
        await self._eased.wait()

    @contextmanager
    def share(self) -> Iterator[Share]:
        """Yield a share of the budget, empty at first and returned at the end of the block."""
        share = Share(self._count)
        try:
            yield share
        finally:
            share.keep(0)

    def _count(self, size: int) -> bool:
        """Take *size* bytes of the budget, or return them if negative; return False if too few are left."""
        if size > self._free:
            return False
        self._free -= size
        if self._free >= self._enough:
            self._eased.set()
        else:
            self._eased.clear()
        return True


class Share:
    """One body's share of the budget."""

    def __init__(self, count: Callable[[int], bool]) -> None:
        self._count = count
        self._held = 0

    def take(self, size: int) -> bool:
        """Take *size* more bytes and return whether that many were free."""
        taken = self._count(size)
        self._held += size if taken else 0
        return taken

    def keep(self, size: int) -> None:
        """Give back all but *size* bytes."""
        self._count(size - self._held)
        self._held = size


def words_of(work: Callable[..., object]) -> str:
    """Return a description of *work*: its own, or its name."""
    while isinstance(work, partial):  # `asyncio.to_thread` calls it in a context
        work = work.args[0] if isinstance(getattr(work.func, "__self__", None), Context) else work.func
    return work.words if isinstance(work, Doing) else getattr(work, "__name__", "work").strip("_").replace("_", " ")

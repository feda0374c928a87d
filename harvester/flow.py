"""The only place that starts tasks."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from typing import Generic, TypeVar

from harvester.errors import HarvesterError, Interrupted, refusal

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 1000
"""How many items may wait for their lane before the source is no longer read."""


async def for_each(
    items: AsyncGenerator[T, None],
    work: Callable[[T], Awaitable[None]],
    *,
    at_once: int,
    lane: Callable[[T], str] = lambda item: "",
    per_lane: int | None = None,
    until: asyncio.Event | None = None,
) -> None:
    """Run *work* on every item, at most *at_once* together and at most *per_lane* of one lane.

    The next item is pulled only when there is room for it, so a slow *work* slows the reading of the source; an item
    whose lane is full waits aside without holding a place. If one *work* raises, the others are cancelled and the error
    comes out of here. When *until* is set nothing more is pulled, however long the next item would be waited for, and
    a *work* that is Interrupted is no error.
    """
    turns = _Turns(at_once, per_lane or at_once, lane)

    async def run(item: T) -> None:
        try:
            with suppress(Interrupted):
                await work(item)
        finally:
            turns.leave(item)

    async def pull() -> None:
        async with aclosing(items), turns.reading(items):
            while (item := await turns.next()) is not None:
                tasks.create_task(run(item.value))

    with _plainly():
        async with asyncio.TaskGroup() as tasks:
            pulling = tasks.create_task(pull())
            async with once(until or asyncio.Event(), pulling.cancel):
                await asyncio.wait((pulling,))


@asynccontextmanager
async def once(event: asyncio.Event, call: Callable[[], object]) -> AsyncIterator[None]:
    """Call *call* when *event* is set while the block runs, at most once."""

    async def watch() -> None:
        await event.wait()
        call()

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.wait((watching,))


async def one_by_one(items: Iterable[T]) -> AsyncGenerator[T, None]:
    """Yield plain *items* to `for_each`, each when it is pulled."""
    for item in items:
        yield item


async def together(items: Iterable[T], work: Callable[[T], Awaitable[R]]) -> list[R]:
    """Run *work* on all items at once and give the results in the order of the items."""
    with _plainly():
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(_call(work, item)) for item in items]
    return [task.result() for task in running]


class OneAtATime:
    """Those who come under the same name go one after another; other names do not wait."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[None]:
        """Hold the turn of *name* while the block runs."""
        lock, here = self._locks.get(name, (asyncio.Lock(), 0))
        self._locks[name] = (lock, here + 1)
        try:
            async with lock:
                yield
        finally:
            lock, here = self._locks.pop(name)
            if here > 1:
                self._locks[name] = (lock, here - 1)


class _Box(Generic[T]):
    """An item that has its turn; None itself may be an item."""

    def __init__(self, value: T) -> None:
        self.value = value


class _Turns(Generic[T]):
    """Who may go next: first those who waited for their lane, then the source."""

    def __init__(self, at_once: int, per_lane: int, lane: Callable[[T], str]) -> None:
        self._at_once = at_once
        self._per_lane = per_lane
        self._lane = lane
        self._running: Counter[str] = Counter()
        self._aside: OrderedDict[str, deque[T]] = OrderedDict()
        self._waiting = 0
        self._changed = asyncio.Event()
        self._pulling: asyncio.Task[_Box[T] | None] | None = None
        self._dry = False

    @asynccontextmanager
    async def reading(self, items: AsyncGenerator[T, None]) -> AsyncIterator[None]:
        """Take turns of what *items* gives while the block runs; a pull under way ends with it."""
        self._items = items
        try:
            yield
        finally:
            if self._pulling is not None:
                self._pulling.cancel()
                await asyncio.wait((self._pulling,))

    def leave(self, item: T) -> None:
        lane = self._lane(item)
        self._running[lane] -= 1
        if not self._running[lane]:
            del self._running[lane]
        self._changed.set()

    async def next(self) -> _Box[T] | None:
        """Return the next item that has room, or None when the source is dry and nobody waits.

        A slow source keeps nobody waiting whose lane has become free.
        """
        while True:
            self._take_pulled()
            box = self._from_aside() if self._has_room() else None
            if box is not None:
                self._running[self._lane(box.value)] += 1
                return box
            if self._dry and not self._waiting:
                return None
            self._pull()
            self._changed.clear()
            await self._changed.wait()

    def _has_room(self) -> bool:
        return self._running.total() < self._at_once

    def _from_aside(self) -> _Box[T] | None:
        for lane, waiting in self._aside.items():
            if self._running[lane] < self._per_lane:
                item = waiting.popleft()
                self._waiting -= 1
                self._aside.move_to_end(lane)
                if not waiting:
                    del self._aside[lane]
                return _Box(item)
        return None

    def _pull(self) -> None:
        """Begin to wait for the next item of the source, if there is room for it."""
        if self._pulling is None and not self._dry and self._has_room() and self._waiting < AHEAD:
            self._pulling = asyncio.create_task(self._from_source())
            self._pulling.add_done_callback(lambda _: self._changed.set())

    def _take_pulled(self) -> None:
        """Put the item that the source gave into its lane."""
        if self._pulling is None or not self._pulling.done():
            return
        pulled, self._pulling = self._pulling.result(), None
        if pulled is None:
            self._dry = True
            return
        self._aside.setdefault(self._lane(pulled.value), deque()).append(pulled.value)
        self._waiting += 1

    async def _from_source(self) -> _Box[T] | None:
        try:
            return _Box(await anext(self._items))
        except StopAsyncIteration:
            return None


async def _call(work: Callable[[T], Awaitable[R]], item: T) -> R:
    return await work(item)


@contextmanager
def _plainly() -> Iterator[None]:
    """Let one of our own errors out of the group it came in; a group with a bug in it stays a group."""
    try:
        yield
    except BaseExceptionGroup as group:
        ours, others = group.split(HarvesterError)
        refused = refusal(others) if others is not None else None
        if refused is not None:
            raise refused from group
        if ours is None or others is not None:
            raise
        first: BaseException = ours
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None

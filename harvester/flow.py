"""The only place that starts tasks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from contextlib import aclosing, contextmanager
from typing import TypeVar

from harvester.errors import HarvesterError

T = TypeVar("T")
R = TypeVar("R")


async def for_each(items: AsyncGenerator[T, None], work: Callable[[T], Awaitable[None]], *, at_once: int) -> None:
    """Run *work* on every item, at most *at_once* together.

    The next item is pulled only when there is room for it, so a slow *work* slows the reading of the source. If one
    *work* raises, the others are cancelled and the error comes out of here.
    """
    room = asyncio.Semaphore(at_once)

    async def run(item: T) -> None:
        try:
            await work(item)
        finally:
            room.release()

    with _plainly():
        async with aclosing(items), asyncio.TaskGroup() as tasks:
            await room.acquire()
            async for item in items:
                tasks.create_task(run(item))
                await room.acquire()


async def together(items: Iterable[T], work: Callable[[T], Awaitable[R]]) -> list[R]:
    """Run *work* on all items at once and give the results in the order of the items."""
    with _plainly():
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(_call(work, item)) for item in items]
    return [task.result() for task in running]


async def _call(work: Callable[[T], Awaitable[R]], item: T) -> R:
    return await work(item)


@contextmanager
def _plainly() -> Iterator[None]:
    """Let one of our own errors out of the group it came in; a group with a bug in it stays a group."""
    try:
        yield
    except BaseExceptionGroup as group:
        ours, others = group.split(HarvesterError)
        if ours is None or others is not None:
            raise
        first: BaseException = ours
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None

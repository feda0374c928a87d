"""Tasks have parents, places and lanes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterable

import pytest

from harvester import flow
from harvester.errors import Interrupted, StorageError


async def source(items: Iterable[str], pulled: list[str] | None = None) -> AsyncGenerator[str, None]:
    for item in items:
        if pulled is not None:
            pulled.append(item)
        yield item


async def test_every_item_is_worked_on_once() -> None:
    seen: Counter[str] = Counter()

    async def work(item: str) -> None:
        await asyncio.sleep(0)
        seen[item] += 1

    await flow.for_each(source(f"{n % 7}-{n}" for n in range(500)), work, at_once=5, lane=lambda i: i[0], per_lane=2)

    assert len(seen) == 500
    assert set(seen.values()) == {1}


async def test_no_lane_is_ever_fuller_than_allowed() -> None:
    running: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def work(item: str) -> None:
        running[item[0]] += 1
        most[item[0]] = max(most[item[0]], running[item[0]])
        most["all"] = max(most["all"], running.total())
        for _ in range(20):  # longer than it takes to pull five items
            await asyncio.sleep(0)
        running[item[0]] -= 1

    await flow.for_each(source(f"{n % 3}{n}" for n in range(90)), work, at_once=5, lane=lambda i: i[0], per_lane=2)

    assert most["all"] == 5
    assert {most[lane] for lane in "012"} == {2}


async def test_a_slow_source_keeps_nobody_waiting_whose_lane_is_free() -> None:
    more, left, begun = asyncio.Event(), asyncio.Event(), list[str]()

    async def items() -> AsyncGenerator[str, None]:
        yield "a1"
        yield "a2"
        left.set()  # a1 may end: the source is asked for its third item by now
        await more.wait()
        yield "b1"

    async def work(item: str) -> None:
        begun.append(item)
        if item == "a1":
            await left.wait()
        if item == "a2":
            more.set()  # only now the source goes on

    async with asyncio.timeout(60):  # or it would wait for ever
        await flow.for_each(items(), work, at_once=5, lane=lambda i: i[0], per_lane=1)

    assert begun == ["a1", "a2", "b1"]


async def test_a_slow_lane_does_not_hold_up_the_others() -> None:
    gate = asyncio.Event()
    done: list[str] = []

    async def work(item: str) -> None:
        if item.startswith("slow"):
            await gate.wait()
        done.append(item)
        if sum(name.startswith("fast") for name in done) == 20:
            gate.set()

    items = [f"slow{n}" for n in range(20)] + [f"fast{n}" for n in range(20)]
    await flow.for_each(source(items), work, at_once=4, lane=lambda item: item[:4], per_lane=2)

    assert all(item.startswith("fast") for item in done[:20])
    assert len(done) == 40


async def test_the_source_is_read_only_as_fast_as_the_work_goes() -> None:
    pulled: list[str] = []
    started: list[str] = []

    async def work(item: str) -> None:
        started.append(item)
        assert len(pulled) <= len(started) + 1
        await asyncio.sleep(0)

    await flow.for_each(source([str(n) for n in range(50)], pulled), work, at_once=2)

    assert len(started) == 50


async def test_one_error_of_ours_comes_out_as_itself_and_ends_the_others() -> None:
    ended: list[str] = []

    async def work(item: str) -> None:
        try:
            if item == "2":
                raise StorageError("full")
            await asyncio.Event().wait()
        finally:
            ended.append(item)

    with pytest.raises(StorageError, match="full"):
        await flow.for_each(source(["1", "2", "3"]), work, at_once=3)
    assert set(ended) >= {"1", "2"}


async def test_a_bug_stays_a_group() -> None:
    async def work(item: str) -> str:
        raise ZeroDivisionError(item)

    with pytest.raises(ExceptionGroup):
        await flow.together(["1", "2"], work)


async def test_results_stand_in_the_order_of_the_items() -> None:
    async def work(number: int) -> int:
        for _ in range(10 - number):
            await asyncio.sleep(0)
        return number

    assert await flow.together(range(10), work) == list(range(10))


async def test_nothing_more_is_pulled_when_told_however_long_the_next_would_be_waited_for() -> None:
    told, done = asyncio.Event(), []

    async def idle() -> AsyncGenerator[str, None]:
        yield "first"
        await asyncio.Event().wait()

    async def work(item: str) -> None:
        told.set()
        await asyncio.sleep(0.01)
        done.append(item)

    await asyncio.wait_for(flow.for_each(idle(), work, at_once=3, until=told), 30)

    assert done == ["first"]


async def test_what_is_left_unfinished_is_no_error() -> None:
    async def work(item: str) -> None:
        raise Interrupted("told to stop")

    await flow.for_each(source("abc"), work, at_once=2)


async def test_a_call_is_made_once_when_its_event_is_set_and_not_after_the_block() -> None:
    event, later, calls = asyncio.Event(), asyncio.Event(), []
    async with flow.once(event, lambda: calls.append("set")), flow.once(later, lambda: calls.append("late")):
        event.set()
        await asyncio.sleep(0.01)
    later.set()
    await asyncio.sleep(0.01)

    assert calls == ["set"]

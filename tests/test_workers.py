"""Bodies that wait for a thread are bounded in bytes; what threads do too long is left to itself."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester import events
from harvester.errors import Interrupted, StorageError
from harvester.workers import Doing, Gate, Threads, Workers, words_of


async def test_more_than_is_free_is_not_had_and_takes_nothing() -> None:
    async with Workers(budget=100) as workers:
        with workers.share() as one, workers.share() as other:
            assert one.take(60)
            assert not other.take(41)
            assert other.take(40)


async def test_what_a_share_does_not_keep_and_what_it_held_at_the_end_can_be_had_again() -> None:
    async with Workers(budget=100) as workers:
        with workers.share() as one:
            assert one.take(100)
            one.keep(30)
            with workers.share() as other:
                assert other.take(70)
        with workers.share() as whole:
            assert whole.take(100)


async def test_nobody_begins_while_more_than_half_of_the_budget_is_taken() -> None:
    async with Workers(budget=100) as workers:
        await workers.ease()
        with workers.share() as share:
            assert share.take(51)
            waiting = asyncio.ensure_future(workers.ease())
            await asyncio.sleep(0)
            assert not waiting.done()
            share.keep(50)
            await waiting


# ------------------------------------------------------------------ what takes too long


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What threads wait for; it opens when the test ends."""
    event = threading.Event()
    yield event
    event.set()


async def test_what_threads_do_too_long_is_left_and_told(gate: threading.Event) -> None:
    told: list[events.Event] = []
    async with Workers(1, emit=told.append, patience=0.05) as workers:
        working = asyncio.ensure_future(workers.run(Doing("drawing a cat", gate.wait)))
        await asyncio.sleep(0)
        working.cancel()

    message = "Threads were left at work; the run does not wait for drawing a cat."
    assert told == [events.Warned(code="left_at_work", message=message)]


async def test_what_no_thread_has_begun_when_the_block_ends_is_never_begun(gate: threading.Event) -> None:
    begun: list[str] = []
    async with Workers(1, patience=0.05) as workers:
        first = asyncio.ensure_future(workers.run(gate.wait))
        second = asyncio.ensure_future(workers.run(begun.append, "second"))
        await asyncio.sleep(0)
        first.cancel()
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await second

    assert begun == []


async def test_who_waits_for_a_thread_when_the_run_stops_waits_only_so_long(gate: threading.Event) -> None:
    async with Workers(2, patience=0.05) as workers:
        before = asyncio.ensure_future(workers.run(Doing("drawing a cat", gate.wait)))
        await asyncio.sleep(0)
        workers.hurry()
        with pytest.raises(Interrupted, match="drawing a cat"):
            await before
        with pytest.raises(Interrupted):
            await workers.run(gate.wait)


async def test_what_ends_in_time_is_given_although_the_run_stops() -> None:
    async with Workers(1, patience=30) as workers:
        workers.hurry()

        assert await workers.run(sum, (1, 2)) == 3


async def test_a_timeout_of_the_work_itself_is_its_own() -> None:
    def late() -> None:
        raise TimeoutError("theirs")

    async with Workers(1, patience=30) as workers:
        workers.hurry()
        with pytest.raises(TimeoutError, match="theirs"):
            await workers.run(late)


def test_a_pool_that_is_shut_down_waits_only_so_long(gate: threading.Event) -> None:
    pool = Threads(1, patience=0.05)
    pool.submit(Doing("drawing a cat", gate.wait))
    pool.shutdown()

    assert list(pool.doing.values()) == ["drawing a cat"]


async def test_work_is_named_however_it_is_called(gate: threading.Event) -> None:
    pool = Threads(2)
    asyncio.get_running_loop().set_default_executor(pool)
    works = (Doing("drawing a cat", gate.wait), gate.wait)
    working = [asyncio.ensure_future(asyncio.to_thread(work)) for work in works]
    await asyncio.sleep(0)

    assert list(pool.doing.values()) == ["drawing a cat", "wait"]
    assert words_of(functools.partial(Doing("drawing a cat", gate.wait), 30)) == "drawing a cat"
    gate.set()
    await asyncio.wait(working)


def test_nobody_passes_a_gate_that_was_closed(tmp_path: Path) -> None:
    gate = Gate(tmp_path)
    with gate.passed():
        pass
    gate.close()

    with pytest.raises(StorageError, match="has ended"), gate.passed():
        pytest.fail("passed")


def test_a_gate_is_closed_when_those_who_passed_are_through(tmp_path: Path) -> None:
    gate, inside, done = Gate(tmp_path), threading.Event(), []

    def write() -> None:
        with gate.passed():
            inside.set()
            done.append("written")

    writing = threading.Thread(target=write)
    writing.start()
    inside.wait()
    gate.close()

    assert done == ["written"]
    writing.join()

"""Bodies that wait for a thread are bounded in bytes."""

from __future__ import annotations

import asyncio

from harvester.workers import Workers


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

"""Intervals between requests, and pauses that grow."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable


class Pace:
    """Requests one after the other, each *interval* seconds after the previous one was answered.

    Counting from the answer, not from the request, keeps the gap where it matters: at the server. Nobody waits more
    than *most* seconds at the head of the line: *refusal* makes the error that says so.
    """

    def __init__(
        self, interval: float, *, most: float, refusal: Callable[[float], Exception], clock: Callable[[], float]
    ) -> None:
        self.interval = interval
        self._most = most
        self._refusal = refusal
        self._clock = clock
        self._turn = asyncio.Lock()
        self._next = 0.0

    async def enter(self) -> None:
        """Wait for the turn."""
        await self._turn.acquire()
        try:
            wait = max(0.0, self._next - self._clock())
            if wait > self._most:
                raise self._refusal(wait)
            await asyncio.sleep(wait)
        except BaseException:
            self._turn.release()
            raise

    def leave(self) -> None:
        """Let the next one in after the interval."""
        self._next = self._clock() + self.interval
        self._turn.release()


def jittered(base: float, times: int) -> float:
    """Return a pause in seconds that doubles each time, chosen at random between half of it and all of it."""
    longest: float = base * 2 ** min(times, 10)
    return random.uniform(longest / 2, longest)  # noqa: S311 - spreads requests, guards nothing

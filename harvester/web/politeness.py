"""Turns at hosts: so many at once, so far apart, and none while a host asked for patience or does not answer.

A host is counted under the name that is asked (with its port, unless it is the scheme's own). Places are taken in one
order: the host's, then one of all connections; nobody holds a connection while waiting for a host.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from typing import Literal

from harvester import config
from harvester.errors import FetchError
from harvester.events import Emit, HostHeld
from harvester.model import Memory

Kind = Literal["page", "asset"]

UNREACHABLE, UNANSWERED = 4, 1
"""What a try without a connection, and one without an answer, add to a host's strain."""
DOWN_AT = 20
"""The strain at which a host counts as down; an answer takes it back to 0."""
DOWN_FOR = 60.0
"""Seconds for which a host that is down is not asked; then it is tried again."""
LONGEST_HOLD = 7 * 86_400.0
"""Seconds for which a host is postponed at most, whatever it said; it may have said it by mistake."""
_NOBODY_THERE = frozenset({"dns", "refused", "connect_timeout", "silent", "timeout", "tls"})


class Hosts:
    """All hosts that are asked. *clock* counts seconds from anywhere; tests give their own."""

    def __init__(
        self, settings: config.Web, memory: Memory, emit: Emit, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._emit = emit
        self._clock = clock
        self._connections = asyncio.Semaphore(settings.concurrency)
        self._hosts: dict[str, Host] = {}

    def named(self, name: str) -> Host:
        """Give the host of this name."""
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = Host(name, self._settings, self._memory, self._emit, self._clock)
        return host

    @asynccontextmanager
    async def turn(self, host: Host, kind: Kind) -> AsyncIterator[Turn]:
        """Wait for a turn at *host* and hold its places; raises FetchError when the host is postponed or down."""
        async with host.places[kind]:
            with ExitStack() as pacing:
                for pace in host.paces(kind):
                    await pace.enter()
                    pacing.callback(pace.leave)
                await self._connect(host)
                turn = Turn(host, pacing)
                try:
                    yield turn
                except FetchError as error:
                    turn.failed(error)
                    raise
                finally:
                    self._connections.release()

    async def _connect(self, host: Host) -> None:
        while True:
            await host.patience()
            await self._connections.acquire()
            if not host.held_for():
                return
            self._connections.release()


class Turn:
    """One request's turn at its host."""

    def __init__(self, host: Host, pacing: ExitStack) -> None:
        self._host = host
        self._pacing = pacing
        self._began = host.clock()
        self._waiting = True

    def answered(self, status: int, wait: float | None) -> None:
        """Tell the host's answer; *wait* is its Retry-After in seconds. Raises FetchError when it is now postponed."""
        self._waiting = False
        self._pacing.close()
        if status in (429, 503):
            self._host.hold(wait, since=self._began, why=f"status {status}")
        else:
            self._host.strained(UNANSWERED if status >= 500 else 0)

    def failed(self, error: FetchError) -> None:
        """Tell what went wrong; only what went wrong before there was an answer speaks against the host."""
        if self._waiting:
            self._host.strained(UNREACHABLE if error.code in _NOBODY_THERE else UNANSWERED)


class Host:
    """One host: its places, its pace, and what it asked for."""

    def __init__(self, name: str, settings: config.Web, memory: Memory, emit: Emit, clock: Callable[[], float]) -> None:
        self.name = name
        self.clock = clock
        self.places: dict[Kind, asyncio.Semaphore] = {
            "page": asyncio.Semaphore(settings.page_per_host),
            "asset": asyncio.Semaphore(settings.per_host),
        }
        self._settings = settings
        self._memory = memory
        self._emit = emit
        self._all = Pace(settings.delay, clock)
        self._pages = Pace(settings.page_delay, clock)
        self._held_until = 0.0
        self._pauses = 0
        self._strain = 0
        remembered = memory.held_until(name)
        if remembered is not None:
            self._held_until = clock() + max(0.0, remembered - time.time())

    def slow_down(self, crawl_delay: float) -> None:
        """Keep at least *crawl_delay* seconds between any two requests, as robots.txt asks."""
        self._all.interval = max(self._settings.delay, crawl_delay)

    def paces(self, kind: Kind) -> list[Pace]:
        """Give the paces that a request of this kind keeps, in the order in which to enter them."""
        kept = [self._pages, self._all] if kind == "page" else [self._all]
        return [pace for pace in kept if pace.interval > 0]

    def held_for(self) -> float:
        """Give the seconds for which the host is not to be asked."""
        return max(0.0, self._held_until - self.clock())

    async def patience(self) -> None:
        """Wait as long as the host asked for; raises FetchError when that is longer than *max_wait*, or it is down."""
        while (wait := self.held_for()) > 0:
            if self._strain >= DOWN_AT:
                raise self._down(wait)
            if wait > self._settings.max_wait:
                raise self._postponed(wait)
            await asyncio.sleep(wait)

    def hold(self, wait: float | None, *, since: float, why: str) -> None:
        """Let nobody ask for *wait* seconds, or longer each time when the host did not say how long.

        A request that was under way *since* before the last pause tells nothing new. Raises FetchError when the host's
        wish is beyond *max_wait*.
        """
        if not wait:
            if since < self._held_until:
                return
            wait = jittered(self._settings.backoff, self._pauses)
            self._pauses += 1
        wait = min(wait, LONGEST_HOLD)
        self._held_until = max(self._held_until, self.clock() + wait)
        self._emit(HostHeld(host=self.name, seconds=wait, why=why))
        if wait > self._settings.max_wait:
            self._memory.hold(self.name, time.time() + wait, why)
            raise self._postponed(wait)

    def strained(self, by: int) -> None:
        """Count what speaks for the host being down; *by* 0 means that it answered."""
        if not by:
            self._strain = self._pauses = 0
            return
        self._strain += by
        if self._strain >= DOWN_AT and not self.held_for():
            self._held_until = self.clock() + DOWN_FOR
            self._emit(HostHeld(host=self.name, seconds=DOWN_FOR, why="it does not answer"))

    def _postponed(self, wait: float) -> FetchError:
        return FetchError(
            f"{self.name} asked not to be asked for {wait:.0f} s, longer than [web] max_wait; later runs ask again",
            code="postponed",
            retryable=True,
            retry_after=wait,
        )

    def _down(self, wait: float) -> FetchError:
        return FetchError(
            f"{self.name} did not answer several times in a row and is left alone for {wait:.0f} s",
            code="host_down",
            retryable=True,
            retry_after=wait,
        )


class Pace:
    """Requests one after the other, each *interval* seconds after the one before was answered.

    Counting from the answer, not from the sending, is what makes the gap hold where it matters: at the server.
    """

    def __init__(self, interval: float, clock: Callable[[], float]) -> None:
        self.interval = interval
        self._clock = clock
        self._turn = asyncio.Lock()
        self._next = 0.0

    async def enter(self) -> None:
        """Wait for the turn."""
        await self._turn.acquire()
        try:
            await asyncio.sleep(max(0.0, self._next - self._clock()))
        except BaseException:
            self._turn.release()
            raise

    def leave(self) -> None:
        """Let the next one in after the interval."""
        self._next = self._clock() + self.interval
        self._turn.release()


def jittered(base: float, times: int) -> float:
    """Give a pause that doubles each time, at random between half of it and the whole (seconds)."""
    longest: float = base * 2 ** min(times, 10)
    return random.uniform(longest / 2, longest)  # noqa: S311 - spreads requests, guards nothing

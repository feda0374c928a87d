"""Turns at hosts: so many at once, so far apart, and none while a host asked for patience or does not answer.

A host is counted under the name that is asked (with its port, unless it is the scheme's own). Places are taken in one
order: the host's, then one of all connections; nobody holds a connection while waiting for a host.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from typing import Literal

from harvester import config
from harvester.clock import LONGEST_HOLD
from harvester.errors import FetchError
from harvester.events import Emit, HostHeld
from harvester.model import Memory
from harvester.web.politeness.pace import Pace, jittered

Kind = Literal["page", "asset"]

DOWN_AT = 21
"""The strain at which a host counts as down; an answer takes it back to 0."""
LATE, UNREACHABLE, UNANSWERED = 7, 5, 1
"""What a failed request adds to the strain: one that got nothing in time, one that got no connection, one that got no
answer or a server's error.

Three that waited in vain take a host down. The four tries of one URL do not, as long as each fails at once.
"""
DOWN_FOR = 60.0
"""Seconds for which a host that is down is not asked; then it is tried again."""
_NO_CONNECTION = frozenset({"dns", "refused", "tls"})
_LATE = frozenset({"connect_timeout", "silent", "timeout", "too_slow"})


class Hosts:
    """All hosts that are asked. *clock* counts seconds from anywhere; tests give their own."""

    def __init__(
        self, settings: config.Web, memory: Memory, emit: Emit, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.settings = settings
        self.memory = memory
        self.emit = emit
        self.clock = clock
        self._connections = asyncio.Semaphore(settings.concurrency)
        self._doubtful = asyncio.Semaphore(max(1, settings.concurrency // 4))
        self._hosts: dict[str, Host] = {}

    def named(self, name: str) -> Host:
        """Return the host of this name."""
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = Host(name, self)
        return host

    @asynccontextmanager
    async def turn(self, host: Host, kind: Kind) -> AsyncIterator[Turn]:
        """Wait for a turn at *host* and hold its places; raises FetchError when the host is postponed or down."""
        async with host.places[kind]:
            with ExitStack() as until_answered:
                for pace in host.paces(kind):
                    await pace.enter()
                    until_answered.callback(pace.leave)
                await self._probe(host, until_answered)
                await self._connect(host)
                turn = Turn(host, until_answered)
                try:
                    yield turn
                    host.is_well()
                except FetchError as error:
                    turn.failed(error)
                    raise
                finally:
                    self._connections.release()

    async def _probe(self, host: Host, until_answered: ExitStack) -> None:
        """Let one at a time ask a host that has not answered yet, and few ask hosts that did not when asked.

        So a host that is slow or dead takes one connection, and all of them together a quarter.
        """
        if host.is_proven():
            return
        await host.alone.acquire()
        if host.is_proven():  # by the one before
            host.alone.release()
            return
        until_answered.callback(host.alone.release)
        if host.is_strained():
            await self._doubtful.acquire()
            until_answered.callback(self._doubtful.release)

    async def _connect(self, host: Host) -> None:
        while True:
            await host.patience()
            await self._connections.acquire()
            if not host.held_for():
                return
            self._connections.release()


class Turn:
    """One request's turn at its host."""

    def __init__(self, host: Host, until_answered: ExitStack) -> None:
        self._host = host
        self._until_answered = until_answered
        self._began = host.clock()
        self._waiting = True

    def answered(self, status: int, wait: float | None) -> None:
        """Tell that there is an answer; *wait* is its Retry-After in seconds. Raises FetchError when it postpones."""
        self._waiting = False
        self._host.answered()
        self._until_answered.close()
        if status in (429, 503):
            self._host.hold(wait, since=self._began, why=f"status {status}")

    def failed(self, error: FetchError) -> None:
        """Tell what went wrong, which may speak against the host or only against a URL."""
        if error.code in _LATE:
            self._host.strained(LATE, since=self._began)
        elif self._waiting and error.code in _NO_CONNECTION:
            self._host.strained(UNREACHABLE, since=self._began)
        elif (self._waiting and error.retryable) or (error.status or 0) >= 500:
            self._host.strained(UNANSWERED, since=self._began)
        elif error.status != 429:
            self._host.is_well()


class Host:
    """One host: its places, its paces, what it asked for, and whether it is there."""

    def __init__(self, name: str, among: Hosts) -> None:
        self.name = name
        self.clock = among.clock
        self.alone = asyncio.Lock()
        self.places: dict[Kind, asyncio.Semaphore] = {
            "page": asyncio.Semaphore(among.settings.page_per_host),
            "asset": asyncio.Semaphore(among.settings.per_host),
        }
        self._settings = among.settings
        self._memory = among.memory
        self._emit = among.emit
        self._all = self._paced(among.settings.delay)
        self._pages = self._paced(among.settings.page_delay)
        self._proven = False
        self._strain = 0
        self._strained_at = 0.0
        self._pauses = 0
        left = (among.memory.held_until(name) or 0.0) - time.time()
        self._held_until = self.clock() + (left if 0 < left <= LONGEST_HOLD else 0.0)

    def slow_down(self, crawl_delay: float) -> None:
        """Keep at least *crawl_delay* seconds between any two requests, as robots.txt asks."""
        self._all.interval = max(self._settings.delay, crawl_delay)

    def paces(self, kind: Kind) -> list[Pace]:
        """Return the paces that a request of this kind keeps, in the order in which to enter them."""
        kept = [self._pages, self._all] if kind == "page" else [self._all]
        return [pace for pace in kept if pace.interval > 0]

    # ------------------------------------------------------------------ what it asked for

    def held_for(self) -> float:
        """Return the seconds for which the host is not to be asked."""
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

    # ------------------------------------------------------------------ whether it is there

    def is_proven(self) -> bool:
        """Return whether the host answered when it was last asked."""
        return self._proven

    def is_strained(self) -> bool:
        """Return whether it did not answer since it was last well."""
        return self._strain > 0

    def answered(self) -> None:
        """Note that it answers."""
        self._proven = True

    def is_well(self) -> None:
        """Note that an answer came whole, or that what was wrong with it was not the host's fault."""
        self._strain = self._pauses = 0

    def strained(self, by: int, *, since: float) -> None:
        """Count what speaks for the host being down.

        Of requests that were under way together, begun *since* before the last count, only one counts.
        """
        self._proven = False
        if since >= self._strained_at:
            self._strain += by
            self._strained_at = self.clock()
        if self._strain >= DOWN_AT and not self.held_for():
            self._held_until = self.clock() + DOWN_FOR
            self._emit(HostHeld(host=self.name, seconds=DOWN_FOR, why="it does not answer"))

    def _paced(self, interval: float) -> Pace:
        # An interval that the user set is kept however long it is; one from robots.txt only up to max_wait.
        most = max(self._settings.max_wait, self._settings.delay, self._settings.page_delay)
        return Pace(interval, most=most, refusal=self._postponed, clock=self.clock)

    # ------------------------------------------------------------------ errors

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

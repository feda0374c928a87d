"""Turns at hosts: limited in number and rate, and none while a host asked us to wait or does not answer.

A host is counted under the name in the URL (with its port, unless that is the scheme's default). Slots are taken in a
fixed order: one of the host, then one of all connections; nobody holds a connection while waiting for a host.
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
"""The strain at which a host counts as down; a good answer resets it to 0."""
LATE, UNREACHABLE, UNANSWERED = 7, 5, 1
"""What a failed request adds to the strain: it got nothing in time, no connection, or no answer or a server error.

Three that waited in vain take a host down. The four tries for one URL do not, as long as each fails at once.
"""
DOWN_FOR = 60.0
"""Seconds for which a host that is down gets no requests; then it is tried again."""
_NO_CONNECTION = frozenset({"dns", "refused", "tls"})
_LATE = frozenset({"connect_timeout", "silent", "timeout", "too_slow"})


class Hosts:
    """All hosts that get requests. *clock* counts seconds from any start; tests pass their own."""

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
        """Return the host with this name."""
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = Host(name, self)
        return host

    @asynccontextmanager
    async def turn(self, host: Host, kind: Kind) -> AsyncIterator[Turn]:
        """Wait for a turn at *host* and hold its slots; raises FetchError if the host is postponed or down."""
        async with host.slots[kind]:
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
        """Allow one request at a time to a host that has not answered yet, and few in total to hosts that failed to.

        So a slow or dead host takes one connection, and all such hosts together a quarter.
        """
        if host.is_proven():
            return
        await host.alone.acquire()
        if host.is_proven():  # by the previous request
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
        """Note that there is an answer; *wait* is its Retry-After in seconds. Raises FetchError if it postpones us."""
        self._waiting = False
        self._host.answered()
        self._until_answered.close()
        if status in (429, 503):
            self._host.hold(wait, since=self._began, why=f"status {status}")

    def failed(self, error: FetchError) -> None:
        """Note a failure, which may be the host's fault or only the URL's."""
        if error.code in _LATE:
            self._host.strained(LATE, since=self._began)
        elif self._waiting and error.code in _NO_CONNECTION:
            self._host.strained(UNREACHABLE, since=self._began)
        elif (self._waiting and error.retryable) or (error.status or 0) >= 500:
            self._host.strained(UNANSWERED, since=self._began)
        elif error.status != 429:
            self._host.is_well()


class Host:
    """One host: its slots, its paces, what it asked for, and whether it answers."""

    def __init__(self, name: str, among: Hosts) -> None:
        self.name = name
        self.clock = among.clock
        self.alone = asyncio.Lock()
        self.slots: dict[Kind, asyncio.Semaphore] = {
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
        """Return the seconds for which the host must get no requests."""
        return max(0.0, self._held_until - self.clock())

    async def patience(self) -> None:
        """Wait as long as the host asked for; raises FetchError if that is longer than *max_wait*, or it is down."""
        while (wait := self.held_for()) > 0:
            if self._strain >= DOWN_AT:
                raise self._down(wait)
            if wait > self._settings.max_wait:
                raise self._postponed(wait)
            await asyncio.sleep(wait)

    def hold(self, wait: float | None, *, since: float, why: str) -> None:
        """Send no requests for *wait* seconds, or for longer each time if the host did not say how long.

        An answer to a request that began, at *since*, before the end of the last pause changes nothing. Raises
        FetchError if the host wants more than *max_wait*.
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

    # ------------------------------------------------------------------ whether it answers

    def is_proven(self) -> bool:
        """Return whether the host answered the last request."""
        return self._proven

    def is_strained(self) -> bool:
        """Return whether a request has failed since the host was last well."""
        return self._strain > 0

    def answered(self) -> None:
        """Note that it answers."""
        self._proven = True

    def is_well(self) -> None:
        """Note that an answer arrived whole, or that its failure was not the host's fault."""
        self._strain = self._pauses = 0

    def strained(self, by: int, *, since: float) -> None:
        """Count a failure as a sign that the host is down.

        Of requests that ran at the same time only one counts: not those that began, at *since*, before the last count.
        """
        self._proven = False
        if since >= self._strained_at:
            self._strain += by
            self._strained_at = self.clock()
        if self._strain >= DOWN_AT and not self.held_for():
            self._held_until = self.clock() + DOWN_FOR
            self._emit(HostHeld(host=self.name, seconds=DOWN_FOR, why="it does not answer"))

    def _paced(self, interval: float) -> Pace:
        # The user's own interval is kept however long it is; one from robots.txt only up to max_wait.
        most = max(self._settings.max_wait, self._settings.delay, self._settings.page_delay)
        return Pace(interval, most=most, refusal=self._postponed, clock=self.clock)

    # ------------------------------------------------------------------ errors

    def _postponed(self, wait: float) -> FetchError:
        return FetchError(
            f"{self.name} wants no requests for {wait:.0f} s, longer than [web] max_wait; later runs try again",
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

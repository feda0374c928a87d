"""robots.txt by RFC 9309: what it allows, how fast, kept for a day."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable

from protego import Protego

from harvester.clock import is_ahead
from harvester.errors import FetchError
from harvester.model import Memory

KEPT = 86_400.0
"""Seconds for which a robots.txt is used without asking again (RFC 9309, 2.4)."""
MOST = 512_000
"""Bytes that are read; the rest does not count (RFC 9309, 2.5)."""
_LONG = 32_768
_UNUSED = re.compile(r"#[^\r\n]*|(?<![^\r\n])[^\S\r\n]*sitemap[^\S\r\n]*:[^\r\n]*", re.IGNORECASE)
"""Comments and sitemaps, which may contain addresses with a password: they are not kept."""


class Robots:
    """The robots.txt of every origin, read under the product name *agent*."""

    def __init__(self, agent: str, memory: Memory, clock: Callable[[], float] = time.time) -> None:
        self._agent = agent
        self._memory = memory
        self._clock = clock
        self._origins: dict[str, _Origin] = {}

    async def rules(self, origin: str, fetch: Callable[[], Awaitable[str]]) -> Rules:
        """Return the rules of *origin*, fetched once however many callers want them.

        *fetch* returns the text of its robots.txt, empty if there is none (4xx); it raises FetchError if that is
        unknown (5xx, no answer), which means that nothing may be requested.
        """
        known = self._origins.setdefault(origin, _Origin())
        began = self._clock()
        if known.rules is not None and _is_fresh(known.fetched_at, began):
            return known.rules
        async with known.lock:
            if known.rules is None or not _is_fresh(known.fetched_at, began):
                await self._learn(known, origin, fetch, began)
            assert known.rules is not None, "learned"
            return known.rules

    async def _learn(self, known: _Origin, origin: str, fetch: Callable[[], Awaitable[str]], began: float) -> None:
        remembered = self._memory.robots(origin)
        if remembered is not None and _is_fresh(remembered[1], began):
            text, known.fetched_at = remembered
        elif known.failure is not None and known.failed_at >= began:
            raise FetchError.of(known.failure)
        else:
            try:
                text = _UNUSED.sub("", await fetch())
            except FetchError as error:
                known.failure, known.failed_at = error, self._clock()
                raise
            known.fetched_at = self._clock()
            self._memory.remember_robots(origin, text, known.fetched_at)
        known.rules = await self._read(text)

    async def _read(self, text: str) -> Rules:
        if len(text) > _LONG:
            return Rules(await asyncio.to_thread(Protego.parse, text), self._agent)
        return Rules(Protego.parse(text), self._agent)


def _is_fresh(fetched_at: float, now: float) -> bool:
    return fetched_at + KEPT > now and not is_ahead(fetched_at, now)


class Rules:
    """What one robots.txt says for us."""

    def __init__(self, parsed: Protego, agent: str) -> None:
        self._parsed = parsed
        self._agent = agent
        self.crawl_delay = float(parsed.crawl_delay(agent) or 0.0)

    def allow(self, url: str) -> bool:
        """Return whether *url* may be requested."""
        return bool(self._parsed.can_fetch(url, self._agent))


class _Origin:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.rules: Rules | None = None
        self.fetched_at = 0.0
        self.failure: FetchError | None = None
        self.failed_at = 0.0

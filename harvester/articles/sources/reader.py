"""What every reader of sources takes and returns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct, field

from harvester.articles.sources.recognise import Recognised
from harvester.errors import SourceError
from harvester.model import SourceKind
from harvester.steps import FeedMemory, Lead
from harvester.web import Web

TURN = 0.01
"""Seconds for which reading a source may hold the event loop."""


class Reach(Struct, frozen=True, kw_only=True):
    """How far sources are followed.

    *fetch* says whether a feed's entries are the articles or lead to their pages; null leaves it to the kind. *depth*
    is how many links a crawl follows from its section page. *allow* and *deny* are regular expressions on the addresses
    that feeds, sitemaps, archives and crawls lead to. *max_age* is in seconds; older articles are left out.
    """

    fetch: Literal["page", "item"] | None = None
    depth: int = 1
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    max_age: float | None = None


class Feeds(Protocol):
    """The memory of feeds and sitemaps."""

    def feed(self, url: str) -> FeedMemory | None:
        """Return what is remembered of the feed or sitemap at *url*, or None."""

    def remember_feed(self, asked: FeedMemory) -> None:
        """Replace what was remembered of this feed or sitemap."""


class Reading(Struct, frozen=True, kw_only=True):
    """What readers get besides the source: the user's flags, the descriptor of standard input, and the path so far.

    *within* are the lists and folders being read. *oldest* is the time before which leads are not wanted, null for no
    limit; *read* are the addresses of nested feeds and sitemaps read so far, each of which is read once.
    """

    kind: SourceKind | None = None
    base_url: str | None = None
    web: Web | None = None
    stdin: int = 0
    within: tuple[Path, ...] = ()
    reach: Reach = Reach()
    oldest: datetime | None = None
    feeds: Feeds | None = None
    read: set[str] = field(default_factory=set)


class Breath:
    """Gives other tasks a turn during a long reading that neither waits nor yields."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    async def drawn(self) -> None:
        """Yield to the loop if the last time was too long ago."""
        if time.monotonic() - self._since >= TURN:
            await asyncio.sleep(0)
            self._since = time.monotonic()


Leads = AsyncGenerator[Lead | SourceError, None]
Reader = Callable[[Recognised, Reading], Leads]

"""What every reader of sources is given, and what it gives."""

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
"""Seconds for which the reading of a source may keep the loop."""


class Reach(Struct, frozen=True, kw_only=True):
    """How far sources are followed.

    *fetch* says whether a feed's entries are the articles or lead to their pages; null leaves it to the kind. *depth*
    is how many links a crawl follows from its section page. *allow* and *deny* are regular expressions on the addresses
    that feeds, sitemaps, archives and crawls lead to. *max_age* is in seconds; what is dated earlier is left out.
    """

    fetch: Literal["page", "item"] | None = None
    depth: int = 1
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    max_age: float | None = None


class Feeds(Protocol):
    """Who remembers what feeds and sitemaps said."""

    def feed(self, url: str) -> FeedMemory | None:
        """What is remembered of the feed or sitemap at *url*, or None."""

    def remember_feed(self, asked: FeedMemory) -> None:
        """Keep this in place of what was remembered."""


class Reading(Struct, frozen=True, kw_only=True):
    """What readers are given besides the source: the user's flags, standard input's number, and how they came here.

    *oldest* is the date before which nothing is wanted, as far as it is known; *read* are the addresses of the feeds
    and sitemaps that others named so far, each of which is read once.
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
    """Lets everybody else have a turn while much is read that nobody is given, and that came without a wait."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    async def drawn(self) -> None:
        """Wait for a turn of the loop if the last was too long ago."""
        if time.monotonic() - self._since >= TURN:
            await asyncio.sleep(0)
            self._since = time.monotonic()


Leads = AsyncGenerator[Lead | SourceError, None]
Reader = Callable[[Recognised, Reading], Leads]

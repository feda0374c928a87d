"""The memory of one output folder as a clock may trust it that was once wrong."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from harvester import events
from harvester.clock import LONGEST_HOLD, LONGEST_REST, is_ahead, past, warned
from harvester.events import Emit
from harvester.state.database import Tables
from harvester.state.rows import Known, Missed
from harvester.steps import FeedMemory

_AGAIN = "it is asked again"


class State(Tables):
    """The memory of one output folder; open it once a run, close it at the end.

    What was noted at a time that lies ahead of the clock is not waited for.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._emit: Emit = events.nobody
        self._told: set[str] = set()

    def tell(self, emit: Emit) -> None:
        """Tell *emit* of times that lie ahead of the clock, once for each kind of thing that bears one."""
        self._emit = emit

    def article(self, key: str) -> Known | None:
        """The article of this key, or None; when its page was fetched is unknown where that is yet to come."""
        known = super().article(key)
        if known is None or known.fetched_at is None:
            return known
        try:
            fetched = datetime.fromisoformat(known.fetched_at)
            moment = fetched.replace(tzinfo=fetched.tzinfo or UTC).timestamp()
        except (ValueError, OverflowError):
            return known
        return replace(known, fetched_at=None) if self._is_ahead(moment, f"the page {known.url}") else known

    def holds(self) -> dict[str, tuple[float, str]]:
        """Every postponed host with until when (Unix seconds) and why."""
        return {host: held for host, held in super().holds().items() if self._is_held(host, held[0])}

    def robots(self, origin: str) -> tuple[str, float] | None:
        """The robots.txt of *origin* and when it was fetched (Unix seconds)."""
        found = super().robots(origin)
        return None if found is not None and self._is_ahead(found[1], f"the robots.txt of {origin}") else found

    def held_until(self, host: str) -> float | None:
        """Until when (Unix seconds) *host* is postponed."""
        until = super().held_until(host)
        return until if until is not None and self._is_held(host, until) else None

    def hold(self, host: str, until: float, why: str) -> None:
        """Postpone *host*."""
        super().hold(host, until, why)
        self._writer.put([("INSERT OR REPLACE INTO held_at VALUES (?, ?)", (host, time.time()))])

    def missed(self, url: str, access: str) -> Missed | None:
        """What is remembered of a page that could not be had with the settings that *access* names, or None."""
        found = super().missed(url, access)
        return None if found is not None and self._is_ahead(found.asked_at, f"the page {url}") else found

    def feed(self, url: str) -> FeedMemory | None:
        """What the feed or sitemap at *url* said when it was asked last, or None; due where that is yet to come."""
        found, now = super().feed(url), time.time()
        if found is None:
            return None
        late = max(found.asked_at, found.changed_at, found.due_at - LONGEST_REST)
        if not self._is_ahead(late, f"the feed {url}"):
            return found
        return replace(found, asked_at=past(found.asked_at, now), changed_at=past(found.changed_at, now), due_at=now)

    def _is_held(self, host: str, until: float) -> bool:
        rows = self._rows("SELECT at FROM held_at WHERE host = ?", host)
        at = [float(row["at"]) for row in rows if isinstance(row["at"], int | float)]
        return not self._is_ahead(max([*at, until - LONGEST_HOLD]), f"the host {host}")

    def _is_ahead(self, moment: float, what: str) -> bool:
        if not is_ahead(moment, time.time()):
            return False
        kind = what.rpartition(" ")[0]
        if kind not in self._told:
            self._told.add(kind)
            self._emit(warned(what, moment, _AGAIN))
        return True

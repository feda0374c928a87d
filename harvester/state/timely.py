"""The memory of one output folder, safe to use after the clock was wrong."""

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

_AGAIN = "it is requested again"


class State(Tables):
    """The memory of one output folder; open it once a run, close it at the end.

    Nothing waits for a time recorded while the clock was ahead.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._emit: Emit = events.nobody
        self._reported: set[str] = set()

    def tell(self, emit: Emit) -> None:
        """Report times ahead of the clock to *emit* from now on, once for each kind of thing that has one."""
        self._emit = emit

    def article(self, key: str) -> Known | None:
        """Return the article with this key, or None; a fetch time ahead of the clock is left out."""
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
        """Return every postponed host, with until when (Unix seconds) and why."""
        return {host: held for host, held in super().holds().items() if self._is_held(host, held[0])}

    def robots(self, origin: str) -> tuple[str, float] | None:
        """Return the robots.txt of *origin* and when it was fetched (Unix seconds), or None."""
        found = super().robots(origin)
        return None if found is not None and self._is_ahead(found[1], f"the robots.txt of {origin}") else found

    def held_until(self, host: str) -> float | None:
        """Return until when (Unix seconds) *host* is postponed, or None."""
        until = super().held_until(host)
        return until if until is not None and self._is_held(host, until) else None

    def hold(self, host: str, until: float, why: str) -> None:
        """Postpone *host*."""
        super().hold(host, until, why)
        self._writer.put([("INSERT OR REPLACE INTO held_at VALUES (?, ?)", (host, time.time()))])

    def missed(self, url: str, access: str) -> Missed | None:
        """Return what is remembered of a page that could not be fetched with the settings *access*, or None."""
        found = super().missed(url, access)
        return None if found is not None and self._is_ahead(found.asked_at, f"the page {url}") else found

    def feed(self, url: str) -> FeedMemory | None:
        """Return what is remembered of the feed or sitemap at *url*, or None; due now if its times are ahead."""
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
        if kind not in self._reported:
            self._reported.add(kind)
            self._emit(warned(what, moment, _AGAIN))
        return True

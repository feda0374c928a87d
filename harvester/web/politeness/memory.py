"""What `web` remembers when nobody gave it a memory that lasts."""

from __future__ import annotations


class Forgetful:
    """A memory for one run: what `web` learned goes with it. The state database is the one that lasts."""

    def __init__(self) -> None:
        self._robots: dict[str, tuple[str, float]] = {}
        self._held: dict[str, float] = {}

    def robots(self, origin: str) -> tuple[str, float] | None:
        """The robots.txt of *origin* learned in this run."""
        return self._robots.get(origin)

    def remember_robots(self, origin: str, text: str, fetched_at: float) -> None:
        """Keep a robots.txt for this run."""
        self._robots[origin] = (text, fetched_at)

    def held_until(self, host: str) -> float | None:
        """Until when *host* is postponed in this run."""
        return self._held.get(host)

    def hold(self, host: str, until: float, why: str) -> None:
        """Postpone *host* for this run."""
        self._held[host] = until

"""What `web` remembers without a lasting memory."""

from __future__ import annotations


class Forgetful:
    """A memory for one run, lost at its end; the lasting one is the state database."""

    def __init__(self) -> None:
        self._robots: dict[str, tuple[str, float]] = {}
        self._held: dict[str, float] = {}

    def robots(self, origin: str) -> tuple[str, float] | None:
        """Return the robots.txt of *origin* from this run, and when it was fetched, or None."""
        return self._robots.get(origin)

    def remember_robots(self, origin: str, text: str, fetched_at: float) -> None:
        """Keep a robots.txt for this run."""
        self._robots[origin] = (text, fetched_at)

    def held_until(self, host: str) -> float | None:
        """Return until when *host* is postponed in this run, or None."""
        return self._held.get(host)

    def hold(self, host: str, until: float, why: str) -> None:
        """Postpone *host* for this run."""
        self._held[host] = until

"""How much of a page is read. Each finding is counted where it is made; whatever exceeds a limit is reported.

The time to read a page grows with its length, but most of it is spent on the pictures found, and a page of 20 MB may
name a million of them. Each limit is many times what the largest real page seen needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeVar

Kind = Literal["inside", "addresses", "captions"]

LIMITS: dict[Kind, int] = {
    "inside": 8_000_000,  # characters of JSON and markup parsed in scripts and attributes; seen: 1,500,000
    "addresses": 60_000,  # of renditions and of links around pictures; seen: 3,000
    "captions": 1_000_000,  # elements around pictures that are looked at in search of captions; seen: 47,000
}
FEE = 4_000  # characters charged for each text on top of its length: parsing has a fixed cost
MOST_PLACES = 5_000  # occurrences of pictures of one origin (elements, styles, scripts, ...); seen: 300

_REASONS: dict[Kind, str] = {
    "inside": "{what}: a page has room for {limit:,}",
    "addresses": "what comes after {limit:,} addresses of pictures",
    "captions": "captions, after {limit:,} elements in search of them",
}
Named = TypeVar("Named")


class Budget:
    """How much of a page may still be read; *unread* notes what was refused, the first of each kind."""

    def __init__(self) -> None:
        self._left = dict(LIMITS)
        self._unread: dict[str, str] = {}

    @property
    def unread(self) -> list[str]:
        """The parts of the page that were not read because there is too much of them."""
        return list(self._unread.values())

    def has(self, kind: Kind) -> bool:
        """Return whether any more of *kind* may be read; if not, note that there was more."""
        return self._left[kind] > 0 or self.takes(kind)

    def takes(self, kind: Kind, cost: int = 1, what: str = "") -> bool:
        """Count *cost* against the limit of *kind*; return whether it fits, else note *what* was refused."""
        if cost > self._left[kind]:
            self.note(kind, _REASONS[kind].format(what=what, limit=LIMITS[kind]))
            return False
        self._left[kind] -= cost
        return True

    def first(self, named: Iterable[Named], how: str, most: int = MOST_PLACES) -> Iterator[Named]:
        """Yield at most *most* of what is *named*; if there are more, the note says *how* they are named."""
        for count, one in enumerate(named):
            if count == most:
                self.note(how, f"what comes after {most:,} {how}")
                return
            yield one

    def note(self, kind: str, unread: str) -> None:
        """Note a part that is not read; the first note of a kind stands for all."""
        self._unread.setdefault(kind, unread)

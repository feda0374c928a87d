"""How much of a page is read. What is found is counted where it is found, and what is beyond the count is told.

Reading takes time that grows with the length of a page, but most of it is spent on each picture that is found, and a
page of 20 MB may name a million. Each limit is many times what the largest real page seen has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeVar

Kind = Literal["inside", "addresses", "captions"]

LIMITS: dict[Kind, int] = {
    "inside": 8_000_000,  # characters of JSON and markup in scripts and attributes that are parsed; seen: 1,500,000
    "addresses": 60_000,  # of renditions and of links around pictures; seen: 3,000
    "captions": 1_000_000,  # elements around pictures that are looked at in search of captions; seen: 47,000
}
FEE = 4_000  # characters that each text counts beside its length: parsing has a fixed cost
MOST_PLACES = 5_000  # at which pictures are named in one way (elements, styles, scripts, ...); seen: 300

_TOLD: dict[Kind, str] = {
    "inside": "{what}: a page has room for {limit:,}",
    "addresses": "what comes after {limit:,} addresses of pictures",
    "captions": "captions, after {limit:,} elements in search of them",
}
Named = TypeVar("Named")


class Budget:
    """What of a page may still be read; what is refused is noted in *unread*, the first of each kind."""

    def __init__(self) -> None:
        self._left = dict(LIMITS)
        self._unread: dict[str, str] = {}

    @property
    def unread(self) -> list[str]:
        """What of the page was not read because it is too much."""
        return list(self._unread.values())

    def has(self, kind: Kind) -> bool:
        """Return whether more of *kind*, which is there, may still be read."""
        return self._left[kind] > 0 or self.takes(kind)

    def takes(self, kind: Kind, cost: int = 1, what: str = "") -> bool:
        """Return whether *cost* more of *kind* may be read, and count it; *what* it is stands in the note."""
        if cost > self._left[kind]:
            self.note(kind, _TOLD[kind].format(what=what, limit=LIMITS[kind]))
            return False
        self._left[kind] -= cost
        return True

    def first(self, named: Iterable[Named], how: str, most: int = MOST_PLACES) -> Iterator[Named]:
        """Yield the first of what is *named*, as many as a page may have; *how* they are named stands in the note."""
        for count, one in enumerate(named):
            if count == most:
                self.note(how, f"what comes after {most:,} {how}")
                return
            yield one

    def note(self, kind: str, unread: str) -> None:
        """Note what is not read; the first of a kind stands for all."""
        self._unread.setdefault(kind, unread)

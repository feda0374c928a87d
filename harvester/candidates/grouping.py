"""Places that show the same picture become one group; two pictures never join on a weak sign."""

from __future__ import annotations

from collections.abc import Iterable

from harvester.candidates.places import Group, Place


def grouped(places: Iterable[Place]) -> tuple[Group, ...]:
    """Join *places* by the picture they show; groups come in document order."""
    return tuple(Group(places=(place,), variants=place.variants, joined=place.joined) for place in places)

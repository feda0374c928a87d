"""Occurrences of the same picture become one group; two shown pictures are never joined by a weak key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from harvester.candidates.grouping.placeholders import PLACEHOLDER
from harvester.candidates.grouping.weak_keys import WeakKey, weak_keys
from harvester.candidates.page.image_urls import holds_a_place
from harvester.candidates.page.occurrence import SEEN, SHOWN, Group, Occurrence
from harvester.model import Variant
from harvester.renditions import asset_key, claimed_size

PLACES_ASKED = 4  # occurrences of one picture whose weak keys are read
MOST_MARKS = 50  # looked for in a URL one by one; beyond that it is as quick to derive the weak keys of every URL
MOST_KEYS = 200  # renditions of one occurrence whose key is read; more would only repeat what these say


def grouped(occurrences: Iterable[Occurrence]) -> tuple[Group, ...]:
    """Join *occurrences* by picture; groups come in document order, pictures that are only mentioned at the end."""
    ordered = sorted(occurrences, key=lambda occurrence: (occurrence.kind not in SHOWN, occurrence.number))
    joins = Joins(len(ordered))
    _join_by_asset_key(ordered, joins)
    _join_by_element(ordered, joins)
    _join_by_weak_key(ordered, joins)
    return tuple(_group([ordered[i] for i in members], joins.reasons(members)) for members in joins.sets())


class Joins:
    """Which of the numbered occurrences belong together, and why."""

    def __init__(self, count: int) -> None:
        self._root = list(range(count))
        self._why: list[list[str]] = [[] for _ in range(count)]

    def join(self, one: int, other: int, why: str) -> None:
        """Join two occurrences, and those already joined to them."""
        first, second = sorted((self._find(one), self._find(other)))
        if first != second:
            self._root[second] = first
            self._why[other].append(why)

    def sets(self) -> list[list[int]]:
        """Return the members of each set, ordered by their first member."""
        found: dict[int, list[int]] = {}
        for i in range(len(self._root)):
            found.setdefault(self._find(i), []).append(i)
        return list(found.values())

    def reasons(self, members: Sequence[int]) -> list[str]:
        """Return why *members* were joined."""
        return [why for i in members for why in self._why[i]]

    def _find(self, i: int) -> int:
        while self._root[i] != i:
            self._root[i] = self._root[self._root[i]]
            i = self._root[i]
        return i


def _join_by_asset_key(occurrences: Sequence[Occurrence], joins: Joins) -> None:
    seen: dict[str, int] = {}
    for i, occurrence in enumerate(occurrences):
        for key in _keys(occurrence):
            first = seen.setdefault(key, i)
            if first != i:
                joins.join(first, i, f"{occurrence.origin} names the same asset as {occurrences[first].origin} ({key})")


def _keys(occurrence: Occurrence) -> list[str]:
    """Return the asset keys of an occurrence: of its first and last two renditions where they agree, else of all.

    The last two, since the very last is often the element's plain `src`, which repeats the first. A placeholder occurs
    among the renditions of many pictures and identifies none.
    """
    about = f"{PLACEHOLDER} " if occurrence.about == PLACEHOLDER else ""
    variants = occurrence.variants
    found = dict.fromkeys(asset_key(variant.url) for variant in (*variants[:1], *variants[-2:]))
    if len(found) > 1:
        real = [variant.url for variant in variants[:MOST_KEYS] if not holds_a_place(variant.url)]
        found = dict.fromkeys(map(asset_key, real or [variants[0].url]))
    return [about + key for key in found if key]


def _join_by_element(occurrences: Sequence[Occurrence], joins: Joins) -> None:
    """Join an image with the picture named in its attributes or those of its link or figure, if there is only one."""
    shown = {
        occurrence.number: i
        for i, occurrence in enumerate(occurrences)
        if occurrence.kind == "img" and occurrence.about is None
    }
    attributes: dict[int, list[int]] = {}
    for i, occurrence in enumerate(occurrences):
        if occurrence.kind == "attribute" and occurrence.number in shown:
            attributes.setdefault(occurrence.number, []).append(i)
    for number, found in attributes.items():
        if len(found) == 1:
            joins.join(shown[number], found[0], f"{occurrences[found[0]].origin} is an attribute of it or of its frame")


def _join_by_weak_key(occurrences: Sequence[Occurrence], joins: Joins) -> None:
    """Join a picture that is only named or mentioned with a seen one, if just one has the same weak key."""
    named = [members for members in joins.sets() if occurrences[members[0]].about is None]
    unseen = [members for members in named if not _is_seen(occurrences, members)]
    if not unseen:
        return
    wanted = {members[0]: list(_weak_keys_of(occurrences, members)) for members in unseen}
    bearers = _with_weak_keys(
        occurrences, (members for members in named if _is_seen(occurrences, members)), wanted.values()
    )
    for i, found in wanted.items():
        alike: set[int] = next((bearers[weak_key] for weak_key in found if weak_key in bearers), set())
        if len(alike) == 1:
            joins.join(min(alike), i, f"{occurrences[i].origin} has the same name as one picture of the page only")


def _with_weak_keys(
    occurrences: Sequence[Occurrence], sets: Iterable[Sequence[int]], wanted: Iterable[Sequence[WeakKey]]
) -> dict[WeakKey, set[int]]:
    """Return which of the pictures in *sets* have each of the *wanted* weak keys."""
    marks = {weak_key.mark for found in wanted for weak_key in found}
    few = marks if len(marks) <= MOST_MARKS else {""}  # the empty mark is in every URL
    bearers: dict[WeakKey, set[int]] = {}
    for members in sets:
        urls = [occurrences[i].variants[0].url for i in members[:PLACES_ASKED]]
        for weak_key in (weak_key for url in urls if _has_mark(url, few) for weak_key in weak_keys(url)):
            bearers.setdefault(weak_key, set()).add(members[0])
    return bearers


def _has_mark(url: str, marks: Iterable[str]) -> bool:
    key = (asset_key(url) or "").lower()
    return any(mark in key for mark in marks)


def _is_seen(occurrences: Sequence[Occurrence], members: Sequence[int]) -> bool:
    return any(occurrences[i].kind in SEEN for i in members)


def _weak_keys_of(occurrences: Sequence[Occurrence], members: Sequence[int]) -> Iterator[WeakKey]:
    return (weak_key for i in members[:PLACES_ASKED] for weak_key in weak_keys(occurrences[i].variants[0].url))


def _group(occurrences: Sequence[Occurrence], reasons: Sequence[str]) -> Group:
    said = [why for occurrence in occurrences for why in occurrence.joined]
    return Group(
        occurrences=tuple(occurrences), variants=_merged(occurrences), joined=tuple(dict.fromkeys([*said, *reasons]))
    )


def _merged(occurrences: Sequence[Occurrence]) -> tuple[Variant, ...]:
    """Return each rendition once; of those with the same URL, the ones that state a size replace the others."""
    known: dict[tuple[str, int | None, float | None], Variant] = {}
    for variant in (variant for occurrence in occurrences for variant in occurrence.variants):
        known.setdefault((variant.url, variant.width, variant.density), variant)
    sized = {url for url, width, density in known if width or density}
    return tuple(
        _with_claimed_size(variant)
        for (url, width, density), variant in known.items()
        if width or density or url not in sized
    )


def _with_claimed_size(variant: Variant) -> Variant:
    if variant.width or variant.height or variant.density:
        return variant
    width, height = claimed_size(variant.url)
    return replace(variant, width=width, height=height) if width or height else variant

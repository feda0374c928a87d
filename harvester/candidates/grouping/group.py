"""Places that show the same picture become one group; two pictures never join on a weak sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from harvester.candidates.grouping.placeholders import PLACEHOLDER
from harvester.candidates.grouping.weak_keys import WeakKey, weak_keys
from harvester.candidates.page.image_urls import holds_a_place
from harvester.candidates.page.occurrence import SEEN, SHOWN, Group, Occurrence
from harvester.model import Variant
from harvester.renditions import asset_key, claimed_size

PLACES_ASKED = 4  # places of one picture whose signs are looked at
MOST_MARKS = 50  # looked for in an address one by one; where there are more, it is as quick to read its own signs
MOST_KEYS = 200  # renditions of one place whose key is looked at; more only repeat what these say


def grouped(occurrences: Iterable[Occurrence]) -> tuple[Group, ...]:
    """Join *places* by the picture they show; groups come in document order, those only spoken of at the end."""
    ordered = sorted(occurrences, key=lambda occurrence: (occurrence.kind not in SHOWN, occurrence.number))
    joins = Joins(len(ordered))
    _by_key(ordered, joins)
    _by_element(ordered, joins)
    _by_sign(ordered, joins)
    return tuple(_group([ordered[i] for i in members], joins.reasons(members)) for members in joins.sets())


class Joins:
    """Which of the numbered places belong together, and why."""

    def __init__(self, count: int) -> None:
        self._root = list(range(count))
        self._why: list[list[str]] = [[] for _ in range(count)]

    def join(self, one: int, other: int, why: str) -> None:
        """Put two places together."""
        first, second = sorted((self._find(one), self._find(other)))
        if first != second:
            self._root[second] = first
            self._why[other].append(why)

    def sets(self) -> list[list[int]]:
        """Return the members of each set, in the order of their first."""
        found: dict[int, list[int]] = {}
        for i in range(len(self._root)):
            found.setdefault(self._find(i), []).append(i)
        return list(found.values())

    def reasons(self, members: Sequence[int]) -> list[str]:
        """Return why *members* are one."""
        return [why for i in members for why in self._why[i]]

    def _find(self, i: int) -> int:
        while self._root[i] != i:
            self._root[i] = self._root[self._root[i]]
            i = self._root[i]
        return i


def _by_key(occurrences: Sequence[Occurrence], joins: Joins) -> None:
    seen: dict[str, int] = {}
    for i, occurrence in enumerate(occurrences):
        for key in _keys(occurrence):
            first = seen.setdefault(key, i)
            if first != i:
                joins.join(first, i, f"{occurrence.origin} names the same asset as {occurrences[first].origin} ({key})")


def _keys(occurrence: Occurrence) -> list[str]:
    """Name the pictures that *place* shows: by its first and its last two renditions where these agree, else by all.

    Two of the last, since the very last is often the plain source of the element, which repeats the first. A rendition
    that only holds the place of others stands in the lists of many pictures, and names none.
    """
    about = f"{PLACEHOLDER} " if occurrence.about == PLACEHOLDER else ""
    variants = occurrence.variants
    found = dict.fromkeys(asset_key(variant.url) for variant in (*variants[:1], *variants[-2:]))
    if len(found) > 1:
        real = [variant.url for variant in variants[:MOST_KEYS] if not holds_a_place(variant.url)]
        found = dict.fromkeys(map(asset_key, real or [variants[0].url]))
    return [about + key for key in found if key]


def _by_element(occurrences: Sequence[Occurrence], joins: Joins) -> None:
    """Join what attributes of an image, or of the link or figure around it alone, name: where it is one picture."""
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


def _by_sign(occurrences: Sequence[Occurrence], joins: Joins) -> None:
    """Join what is not seen (named in an attribute, only spoken of) with the one picture of the same sign that is."""
    named = [members for members in joins.sets() if occurrences[members[0]].about is None]
    unseen = [members for members in named if not _is_seen(occurrences, members)]
    if not unseen:
        return
    wanted = {members[0]: list(_signs(occurrences, members)) for members in unseen}
    bearers = _bearers(occurrences, (members for members in named if _is_seen(occurrences, members)), wanted.values())
    for i, found in wanted.items():
        alike: set[int] = next((bearers[sign] for sign in found if sign in bearers), set())
        if len(alike) == 1:
            joins.join(min(alike), i, f"{occurrences[i].origin} has the same name as one picture of the page only")


def _bearers(
    occurrences: Sequence[Occurrence], sets: Iterable[Sequence[int]], wanted: Iterable[Sequence[WeakKey]]
) -> dict[WeakKey, set[int]]:
    """Return which of the pictures that are seen bear the signs that are *wanted*."""
    marks = {sign.mark for found in wanted for sign in found}
    few = marks if len(marks) <= MOST_MARKS else {""}  # which every address bears
    bearers: dict[WeakKey, set[int]] = {}
    for members in sets:
        urls = [occurrences[i].variants[0].url for i in members[:PLACES_ASKED]]
        for sign in (sign for url in urls if _bears(url, few) for sign in weak_keys(url)):
            bearers.setdefault(sign, set()).add(members[0])
    return bearers


def _bears(url: str, marks: Iterable[str]) -> bool:
    key = (asset_key(url) or "").lower()
    return any(mark in key for mark in marks)


def _is_seen(occurrences: Sequence[Occurrence], members: Sequence[int]) -> bool:
    return any(occurrences[i].kind in SEEN for i in members)


def _signs(occurrences: Sequence[Occurrence], members: Sequence[int]) -> Iterator[WeakKey]:
    return (sign for i in members[:PLACES_ASKED] for sign in weak_keys(occurrences[i].variants[0].url))


def _group(occurrences: Sequence[Occurrence], reasons: Sequence[str]) -> Group:
    said = [why for occurrence in occurrences for why in occurrence.joined]
    return Group(
        occurrences=tuple(occurrences), variants=_merged(occurrences), joined=tuple(dict.fromkeys([*said, *reasons]))
    )


def _merged(occurrences: Sequence[Occurrence]) -> tuple[Variant, ...]:
    """Return each rendition once: of those with one URL the ones that state a size stand for all."""
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

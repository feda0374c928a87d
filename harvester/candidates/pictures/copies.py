"""A lazy picture and its copy in `noscript` are one occurrence of one picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from harvester.candidates.page.image_urls import holds_a_place
from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.renditions import asset_key

REACH = 3  # levels around a noscript element in which its picture may stand
DEPTH = 12  # levels between the element beside a noscript element and the picture in it
TINY = 2  # px; anything this small counts readers
REASON = "a copy for readers without scripts stands beside it"


def with_copies(index: PageIndex, occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Join each copy in a `noscript` with the picture beside it; what is not a copy stays an occurrence of its own."""
    by_number = {occurrence.number: occurrence for occurrence in occurrences}
    numbers = sorted(by_number)
    shown = [number for number in numbers if not by_number[number].in_noscript]
    for noscript in index.tagged("noscript"):
        copies = [number for number in index.between(numbers, noscript) if number in by_number]  # none taken already
        partner = _beside(index, noscript, shown) if len(copies) == 1 else None
        if partner is not None and _is_copy(index, by_number[partner], by_number[copies[0]]):
            by_number[partner] = _joined(by_number[partner], by_number.pop(copies[0]))
    return [by_number[number] for number in sorted(by_number)]


def _beside(index: PageIndex, noscript: int, shown: Sequence[int]) -> int | None:
    """Return the only picture around a `noscript`; of several, the one in the element right before or after it."""
    level = noscript
    for _ in range(REACH):
        level = index.dom.parent[level]
        if level < 0:
            return None
        around = [*index.before(shown, noscript, level), *index.after(shown, noscript, level)]
        if len(around) == 1:
            return around[0]
        if around:
            return next((number for number in around if _is_sibling(index, number, noscript)), None)
    return None


def _is_sibling(index: PageIndex, number: int, noscript: int) -> bool:
    """Return whether *number* is, or is inside, the element directly before or after *noscript*."""
    dom = index.dom
    parent, near = dom.parent[noscript], number
    for _ in range(DEPTH):
        if dom.parent[near] in (parent, -1):
            break
        near = dom.parent[near]
    return dom.end[near] == noscript or near == dom.end[noscript]


def _is_copy(index: PageIndex, shown: Occurrence, copy: Occurrence) -> bool:
    if not copy.variants or min(copy.width or TINY + 1, copy.height or TINY + 1) <= TINY:
        return False
    keys = {asset_key(variant.url) for variant in shown.variants}
    if any(asset_key(variant.url) in keys for variant in copy.variants):
        return True
    src = index.attributes(shown.number).get("src") or ""
    waits = not src or src.startswith("data:") or len(shown.variants) > 1 or holds_a_place(src, beside_another=True)
    return waits or (shown.alt is not None and shown.alt == copy.alt)


def _joined(shown: Occurrence, copy: Occurrence) -> Occurrence:
    copied = tuple(replace(variant, origin=f"noscript {variant.origin}") for variant in copy.variants)
    return replace(
        shown,
        variants=(*shown.variants, *copied),
        alt=shown.alt or copy.alt,
        link=shown.link or copy.link,
        width=shown.width or copy.width,
        height=shown.height or copy.height,
        joined=(*shown.joined, REASON),
    )

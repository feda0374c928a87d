"""A lazy picture and its copy in `noscript` are one picture at one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from harvester.candidates.image_urls import holds_a_place
from harvester.candidates.places import Place
from harvester.candidates.survey import Survey
from harvester.renditions import asset_key

REACH = 3  # levels around a noscript element in which its picture may stand
REASON = "a copy for readers without scripts stands beside it"


def with_copies(survey: Survey, places: Iterable[Place]) -> list[Place]:
    """Join each copy in a `noscript` with the picture beside it; what is no copy stays a place of its own."""
    by_number = {place.number: place for place in places}
    numbers = sorted(by_number)
    for noscript in survey.tagged("noscript"):
        copies = survey.between(numbers, noscript)
        partner = _beside(survey, noscript, numbers, by_number) if len(copies) == 1 else None
        if partner is not None and _is_copy(survey, by_number[partner], by_number[copies[0]]):
            copy = by_number.pop(copies[0])
            by_number[partner] = _joined(by_number[partner], copy)
    return [by_number[number] for number in sorted(by_number)]


def _beside(survey: Survey, noscript: int, numbers: Sequence[int], places: dict[int, Place]) -> int | None:
    """Give the only picture around a `noscript`; among several the one in the element before or after it."""
    outline = survey.outline
    for container, _ in zip(outline.up(noscript), range(REACH), strict=False):
        others = [n for n in survey.between(numbers, container) if n in places and not places[n].in_noscript]
        if len(others) == 1:
            return others[0]
        if others:
            return next(_in_siblings(survey, noscript, others), None)
    return None


def _in_siblings(survey: Survey, noscript: int, others: list[int]) -> Iterator[int]:
    outline = survey.outline
    before = [n for n in others if n < noscript]
    after = [n for n in others if n >= outline.end[noscript]]
    for number in (*before[-1:], *after[:1]):
        near = number
        while outline.parent[near] not in (outline.parent[noscript], -1):
            near = outline.parent[near]
        if outline.end[near] == noscript or near == outline.end[noscript]:
            yield number


def _is_copy(survey: Survey, shown: Place, copy: Place) -> bool:
    if not copy.variants or min(copy.width or 9, copy.height or 9) <= 2:
        return False
    keys = {asset_key(variant.url) for variant in shown.variants}
    if any(asset_key(variant.url) in keys for variant in copy.variants):
        return True
    src = survey.attributes(shown.number).get("src") or ""
    waits = not src or src.startswith("data:") or len(shown.variants) > 1 or holds_a_place(src, beside_another=True)
    return waits or (shown.alt is not None and shown.alt == copy.alt)


def _joined(shown: Place, copy: Place) -> Place:
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

"""A drawing that comes in several cuts, one for each range of screen widths, is one picture.

ai2html, with which newsrooms publish charts and maps, writes one element for each cut and states the screen widths
that it is for. Source: http://ai2html.org/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, pairwise
from math import inf

from msgspec import Struct
from msgspec.structs import replace

from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.candidates.pictures.declared import pixels

REASON = "cuts of one drawing for different screens stand side by side"

_FROM, _TO = "data-min-width", "data-max-width"
_REACH = 2  # levels from a picture to the element of its cut


class Cut(Struct, frozen=True, kw_only=True):
    """An occurrence for screens from *least* to *most* pixels wide; the cuts of one drawing share a *holder*."""

    occurrence: Occurrence
    holder: int
    least: int
    most: float


def with_cuts(index: PageIndex, occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Join the cuts of each drawing into its first occurrence; each rendition says which screens it is for."""
    found: list[Occurrence] = []
    drawings: dict[int, list[Cut]] = {}
    for occurrence in occurrences:
        cut = _cut(index, occurrence)
        if cut is None:
            found.append(occurrence)
        else:
            drawings.setdefault(cut.holder, []).append(cut)
    for cuts in drawings.values():
        found += [_joined(cuts)] if len(cuts) > 1 and _are_apart(cuts) else [cut.occurrence for cut in cuts]
    return sorted(found, key=lambda occurrence: occurrence.number)


def _cut(index: PageIndex, occurrence: Occurrence) -> Cut | None:
    for i in islice(index.dom.up(occurrence.number), _REACH):
        attributes = index.attributes(i)
        least, most = pixels(attributes.get(_FROM)), pixels(attributes.get(_TO))
        if least or most:
            return Cut(occurrence=occurrence, holder=index.dom.parent[i], least=least or 0, most=most or inf)
    return None


def _are_apart(cuts: Sequence[Cut]) -> bool:
    """Return whether no screen width falls into two of *cuts*."""
    return all(one.most < other.least for one, other in pairwise(sorted(cuts, key=lambda cut: cut.least)))


def _joined(cuts: Sequence[Cut]) -> Occurrence:
    first = cuts[0].occurrence
    variants = (replace(variant, media=_media(cut)) for cut in cuts for variant in cut.occurrence.variants)
    return replace(first, variants=tuple(variants), joined=(*first.joined, REASON))


def _media(cut: Cut) -> str:
    least = f"(min-width: {cut.least}px)" if cut.least else ""
    most = f"(max-width: {cut.most}px)" if cut.most < inf else ""
    return " and ".join(filter(None, (least, most)))

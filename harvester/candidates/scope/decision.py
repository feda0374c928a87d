"""Article or page furniture: which pictures of a page are the article's, in which role, and why the others are not.

Every occurrence of a picture is weighed by `signals`; the first with enough weight decides, else the heaviest. What the
page only mentions, in its head or elsewhere, counts where nothing is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from harvester.candidates.grouping.placeholders import PLACEHOLDER
from harvester.candidates.page.occurrence import Group, Kind
from harvester.candidates.scope import url_patterns as addresses
from harvester.candidates.scope.context import PageContext
from harvester.candidates.scope.features import Features
from harvester.candidates.scope.signals import NEEDED, Signal, weighed
from harvester.config import Candidates
from harvester.model import LeftOut, Role

WEIGHED: frozenset[Kind] = frozenset({"img", "svg", "style", "attribute", "state", "escaped"})
"""The kinds that have a position on the page, so that it can be weighed."""

SUBSTITUTES: tuple[tuple[Kind, ...], ...] = (("escaped",), ("head", "json-ld"), ("offer",), ("preload",))
"""What replaces the article's pictures where a page shows none, the surest first."""

_NO_STAND_INS: tuple[addresses.Says, ...] = ("theme", "default", "person")
_UNSEEN = 2  # px
_UNSHOWN = "is named but shown nowhere"


class Kept(Struct, frozen=True, kw_only=True):
    """A picture that is taken, and its role."""

    group: Group
    role: Role


class Scope(Struct, frozen=True, kw_only=True):
    """The pictures that are taken, the lead first and then in document order, and those that are not."""

    kept: tuple[Kept, ...]
    left_out: tuple[LeftOut, ...]


class Verdict(Struct, frozen=True, kw_only=True):
    """What becomes of a group: *against* says why it is left out; *features* are those of the occurrence that decides.

    *belongs* tells whether the group is the article's, whatever the configured scope.
    """

    group: Group
    features: Features | None = None
    against: str | None = None
    belongs: bool = False

    @property
    def number(self) -> int:
        """The number of the element at which the page has the picture."""
        return self.features.number if self.features else self.group.first.number


def scoped(context: PageContext, settings: Candidates) -> Scope:
    """Divide the pictures of a page into those that are taken and those that are left out, each with its reason."""
    verdicts = [_verdict(context, group, settings) for group in context.groups]
    kept = sorted((v for v in _with_substitutes(verdicts) if v.against is None), key=lambda v: v.number)
    taken = {id(v.group) for v in kept}
    return Scope(
        kept=tuple(_in_roles(context, kept)),
        left_out=tuple(_left_out(v) for v in verdicts if id(v.group) not in taken),
    )


def _verdict(context: PageContext, group: Group, settings: Candidates) -> Verdict:
    """Judge one group on its own."""
    nothing = _not_a_picture(group)
    unseen = nothing if settings.scope == "article" else None
    refused = unseen or _too_small(group, settings) or _excluded(group, settings)
    if refused:
        return Verdict(group=group, against=refused)
    all_features = [
        Features(context, group, occurrence) for occurrence in group.occurrences if occurrence.kind in WEIGHED
    ]
    if not all_features:
        return Verdict(group=group, against=None if settings.scope == "page" else _UNSHOWN)
    found = [(*weighed(features), features) for features in all_features]
    total, holding, features = _best(found)
    belongs = total >= NEEDED and nothing is None
    taken = belongs or settings.scope == "page"
    return Verdict(group=group, features=features, against=None if taken else _reason(holding), belongs=belongs)


def _best(found: Sequence[tuple[float, list[Signal], Features]]) -> tuple[float, list[Signal], Features]:
    """Return the occurrence that decides: the first that makes the picture the article's, else the heaviest."""
    enough = (occurrence for occurrence in found if occurrence[0] >= NEEDED)
    return next(enough, None) or max(found, key=lambda occurrence: occurrence[0])


def _not_a_picture(group: Group) -> str | None:
    """Return why a group is not a picture to look at, or None if it may be one."""
    if all(occurrence.about == PLACEHOLDER for occurrence in group.occurrences):
        return "only holds the place of a picture"
    first = group.variants[0].url
    if addresses.says(first, "tracker") or _is_thin(group):
        return "counts readers"
    return "is a film" if addresses.says(first, "film") else None


def _is_thin(group: Group) -> bool:
    """Return whether a group is shown too thin to be seen, like a tracking pixel."""
    sides = [side for occurrence in group.occurrences for side in (occurrence.width, occurrence.height) if side]
    return bool(sides) and max(sides) <= _UNSEEN


def _too_small(group: Group, settings: Candidates) -> str | None:
    """Return why a group is too small by its declared size, or None; undeclared sizes are not judged."""
    width = max((v.width for v in group.variants if v.width), default=None)
    height = max((v.height for v in group.variants if v.height), default=None)
    if width is not None and width < settings.min_width:
        return f"is {width} px wide, less than min_width = {settings.min_width}"
    if height is not None and height < settings.min_height:
        return f"is {height} px high, less than min_height = {settings.min_height}"
    return None


def _excluded(group: Group, settings: Candidates) -> str | None:
    renditions = [variant.url for variant in group.variants]
    for pattern in settings.exclude:
        if any(re.search(pattern, url) for url in renditions):
            return f"matches exclude = {pattern!r}"
    if settings.include and not any(re.search(p, url) for p in settings.include for url in renditions):
        return "matches nothing of include"
    return None


def _reason(signals: Sequence[Signal]) -> str:
    """Return what counted against a picture, the weightiest signals first."""
    against = sorted((s for s in signals if s.weight < 0), key=lambda s: s.weight)
    return " and ".join(s.reason for s in against[:2]) or "nothing says that it belongs to the article"


def _with_substitutes(verdicts: Sequence[Verdict]) -> Sequence[Verdict]:
    """Take substitutes for the article's pictures where none of those is shown."""
    if any(v.against is None for v in verdicts):
        return verdicts
    for kinds in SUBSTITUTES:
        found = [v for v in verdicts if _is_substitute(v, kinds)]
        if found:
            return [replace(v, against=None) for v in (found if kinds == ("escaped",) else found[:1])]
    return verdicts


def _is_substitute(verdict: Verdict, kinds: Sequence[Kind]) -> bool:
    first = verdict.group.variants[0].url
    refused = verdict.features is None and verdict.against != _UNSHOWN
    if refused or any(addresses.says(first, what) for what in _NO_STAND_INS):
        return False
    return any(occurrence.kind in kinds and occurrence.about is None for occurrence in verdict.group.occurrences)


def _in_roles(context: PageContext, kept: Sequence[Verdict]) -> Iterator[Kept]:
    """Yield the kept pictures with their roles, the lead first."""
    lead = _lead(context, kept)
    if lead is not None:
        yield Kept(group=lead.group, role="lead")
    for verdict in kept:
        if verdict is not lead:
            yield Kept(group=verdict.group, role=_role(context, verdict))


def _lead(context: PageContext, kept: Sequence[Verdict]) -> Verdict | None:
    """Return the publisher's lead: the first picture above the text that the metadata name too, else the first one."""
    ours = [verdict for verdict in kept if verdict.belongs]
    start = context.regions.paragraphs[0] if context.regions else len(context.dom.tags)
    declared = (v for v in ours if v.features and v.features.is_declared and v.number < start)
    return next(declared, ours[0] if ours else None)


def _role(context: PageContext, verdict: Verdict) -> Role:
    if verdict.features is None:
        return "social"
    return "gallery" if "gallery" in context.hints_around(verdict.features.number) else "inline"


def _left_out(verdict: Verdict) -> LeftOut:
    return LeftOut(url=verdict.group.variants[0].url, reason=verdict.against or _UNSHOWN)

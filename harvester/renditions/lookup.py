"""Which rules may apply to a URL: found by host, path segment or substring, before any pattern runs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from harvester.renditions.rules import Rule
from harvester.renditions.tables import CLOSED_LISTS, RULES

_Ranked = list[tuple[int, Rule]]  # rules with their positions in the table

_SEGMENT = re.compile(r"/([^/?]+)(?=/)")


def host_of(url: str) -> str:
    """Return the host of a resolved *url*, without its port: cheaper than parsing it again."""
    return url.partition("://")[2].partition("/")[0].partition(":")[0]


@lru_cache(maxsize=1024)
def rules_for(url: str) -> tuple[Rule, ...]:
    """Return the rules that may apply to *url*, in the table's order."""
    found = [ranked for ranked in _of_host(host_of(url)) if ranked[1].hint in url]
    for segment in _SEGMENTS.keys() & url.split("/"):
        found += [ranked for ranked in _SEGMENTS[segment] if ranked[1].hint in url]
    found += [ranked for hint, ranked in _LOOSE if hint in url]
    return tuple([rule for _, rule in sorted(found, key=_position)]) if found else ()


def lists_for(url: str) -> tuple[Rule, ...]:
    """Return the closed lists of parameters that may apply to *url*; keys do not depend on them."""
    return tuple([rule for rule in CLOSED_LISTS if rule.hint in url])


def _position(ranked: tuple[int, Rule]) -> int:
    return ranked[0]


@lru_cache(maxsize=512)
def _of_host(host: str) -> _Ranked:
    domains, rest = set(), host
    while rest:
        if rest in _DOMAINS:
            domains.add(rest)
        rest = rest.partition(".")[2]
    return [(place, rule) for place, rule in enumerate(RULES) if domains.intersection(rule.hosts)] if domains else []


def _segment_of(hint: str) -> str | None:
    """Return the longest whole path segment in a hint, if any: every URL with the hint has that segment."""
    return max(_SEGMENT.findall(hint), key=len, default=None)


def _by_segment(rules: Iterable[tuple[int, Rule]]) -> dict[str, _Ranked]:
    index: defaultdict[str, _Ranked] = defaultdict(list)
    for place, rule in rules:
        if segment := _segment_of(rule.hint):
            index[segment].append((place, rule))
    return dict(index)


_ANYWHERE = [(place, rule) for place, rule in enumerate(RULES) if not rule.hosts]
_SEGMENTS = _by_segment(_ANYWHERE)
_LOOSE = [(ranked[1].hint, ranked) for ranked in _ANYWHERE if _segment_of(ranked[1].hint) is None]
_DOMAINS = {domain for rule in RULES for domain in rule.hosts}

"""Larger renditions that the rules propose for a URL; each must prove itself before it is taken."""

from __future__ import annotations

from functools import lru_cache

from harvester.model import Derived
from harvester.renditions.lookup import rules_for
from harvester.renditions.parameters import is_signed
from harvester.renditions.rewriting import rewritten
from harvester.renditions.rules import Kind, Rule
from harvester.renditions.sizes import claimed_width

STEPS = 5
TRUST: dict[Kind, int] = {"unwrap_url": 0, "strip_query": 1, "drop_suffix": 2, "set_param": 3, "replace_segment": 3}


@lru_cache(maxsize=2048)
def derive(url: str) -> tuple[Derived, ...]:
    """Give the renditions that rules propose instead of *url*, in order of trust; a signed URL is never broken."""
    found: dict[str, tuple[Derived, int, int]] = {}
    front = [(url, 0)]
    for depth in range(STEPS):
        front = [step for current, trust in front for step in _steps(current, trust, depth, found) if step[0] != url]
    found.pop(url, None)
    ordered = sorted(found.values(), key=lambda entry: _order(*entry))
    return tuple(derived for derived, _, _ in ordered)


def _steps(url: str, trust: int, depth: int, found: dict[str, tuple[Derived, int, int]]) -> list[tuple[str, int]]:
    new: list[tuple[str, int]] = []
    for rule in rules_for(url):
        for made in rewritten(rule, url) if _may_edit(rule, url) else ():
            weakest = max(trust, TRUST[rule.kind])
            if made not in found:
                signed = is_signed(made.partition("?")[2])
                found[made] = (Derived(url=made, rule=rule.id, expects=rule.expects, signed=signed), weakest, depth)
                new.append((made, weakest))
    return new


def _may_edit(rule: Rule, url: str) -> bool:
    if rule.kind == "unwrap_url":
        return True
    if rule.signed == "whole":
        return False
    return rule.signed == "asset" or rule.query == "drop" or not is_signed(url.partition("?")[2])


def _order(derived: Derived, trust: int, depth: int) -> tuple[int, int, int]:
    """Those that state no size first: they may be the original; then by trust; of one trust the most reduced."""
    return (claimed_width(derived.url) or 0, trust, -depth)

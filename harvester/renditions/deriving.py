"""Larger renditions that the rules propose for a URL; each must be proved before it is taken."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from harvester.model import Derived
from harvester.renditions.lookup import lists_for, rules_for
from harvester.renditions.parameters import is_signed
from harvester.renditions.rewriting import may_ask, rewritten
from harvester.renditions.rules import LONGEST, Expects, Kind, Rule
from harvester.renditions.sizes import claimed_width

STEPS = 5  # rules applied one after the other; real URLs need three at most
TRUST: dict[Kind, int] = {"unwrap_url": 0, "strip_query": 1, "drop_suffix": 2, "replace_segment": 3, "set_param": 3}
HOST_TABLE = 4  # rules for single hosts are trusted least
EXPECTS: tuple[Expects, ...] = ("original", "larger", "uncropped")


class _Proposal(NamedTuple):
    derived: Derived
    trust: int  # that of the least trusted rule on the way; a higher number is less trusted
    steps: int


@lru_cache(maxsize=256)
def derive(url: str) -> tuple[Derived, ...]:
    """Return the renditions that rules propose instead of *url*, best first; signatures are never broken.

    Rules are applied to the results of rules until nothing new appears. Order: URLs that state no size first, then the
    declared frame before any other, then by trust, then those reduced the most.
    """
    if len(url) > LONGEST or not _rules(url):
        return ()
    start = _Proposal(Derived(url=url, rule="", expects="original"), 0, 0)
    found, front = {url: start}, [start]
    for _ in range(STEPS):
        front = [new for reached in front for new in _next(reached) if new.derived.url not in found]
        for new in front:
            found.setdefault(new.derived.url, new)
    del found[url]
    return tuple(proposal.derived for proposal in sorted(found.values(), key=_order))


def _rules(url: str) -> tuple[Rule, ...]:
    return rules_for(url) + lists_for(url)


def _next(reached: _Proposal) -> list[_Proposal]:
    url = reached.derived.url
    return [
        _after(reached, rule, made) for rule in _rules(url) for made in rewritten(rule, url) if may_ask(rule, url, made)
    ]


def _after(reached: _Proposal, rule: Rule, url: str) -> _Proposal:
    trust = HOST_TABLE if rule.hosts and TRUST[rule.kind] > 1 else TRUST[rule.kind]
    expects = max(reached.derived.expects, rule.expects, key=EXPECTS.index)
    signed = is_signed(url.partition("?")[2])
    derived = Derived(url=url, rule=rule.id, expects=expects, signed=signed)
    return _Proposal(derived, max(trust, reached.trust), reached.steps + 1)


def _order(proposal: _Proposal) -> tuple[bool, int, int, int, int]:
    stated = claimed_width(proposal.derived.url)
    return (
        stated is not None,
        EXPECTS.index(proposal.derived.expects),
        proposal.trust,
        -proposal.steps,
        -(stated or 0),
    )

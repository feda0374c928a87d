"""Which rules may concern a URL: found by its host's domains and by a substring, before any pattern is tried."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.renditions.rules import Rule
from harvester.renditions.tables import RULES

_EVERYWHERE: tuple[Rule, ...] = tuple(rule for rule in RULES if not rule.hosts)
_BY_DOMAIN: dict[str, tuple[Rule, ...]] = {
    domain: tuple(rule for rule in RULES if domain in rule.hosts) for rule in RULES for domain in rule.hosts
}


def host_of(url: str) -> str:
    """Give the host of an already resolved *url* without its port: cheaper than parsing, and right for such URLs."""
    return url.partition("://")[2].partition("/")[0].partition("?")[0].partition(":")[0]


def rules_for(url: str) -> Iterator[Rule]:
    """Give the rules that may concern *url*, those of its own host first."""
    domain = host_of(url)
    while domain:
        for rule in _BY_DOMAIN.get(domain, ()):
            if rule.hint in url:
                yield rule
        domain = domain.partition(".")[2]
    for rule in _EVERYWHERE:
        if rule.hint in url:
            yield rule

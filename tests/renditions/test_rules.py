"""Every row of the table does what its examples say, breaks no signature and keeps the picture's key."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial

import pytest

from harvester.renditions import asset_key, derive
from harvester.renditions.parameters import SIGNATURES, pairs
from harvester.renditions.rewriting import rewritten
from harvester.renditions.rules import LONGEST, Rule, matched
from harvester.renditions.tables import CLOSED_LISTS, RULES
from tests.support.patience import cheapest

TABLE = (*RULES, *CLOSED_LISTS)
EXAMPLES = [
    pytest.param(rule, url, out, id=f"{rule.id}-{n}") for rule in TABLE for n, (url, out) in enumerate(rule.examples)
]
LEAVES = [pytest.param(rule, url, id=f"{rule.id}-{n}") for rule in TABLE for n, url in enumerate(rule.leaves)]
JOINS = [pytest.param(url, other, id=f"{rule.id}-{n}") for rule in TABLE for n, (url, other) in enumerate(rule.joins)]
SIGNED = ("auth", "s", "sig", "signature", "token", "expires", "hash", "itok", "v")


@pytest.mark.parametrize(("rule", "url", "out"), EXAMPLES)
def test_a_rule_makes_what_its_example_says(rule: Rule, url: str, out: str) -> None:
    assert out in rewritten(rule, url)


@pytest.mark.parametrize(("rule", "url", "out"), EXAMPLES)
def test_what_a_rule_makes_is_proposed_under_some_rule_name(rule: Rule, url: str, out: str) -> None:
    proposed = {derived.url: derived for derived in derive(url)}

    assert out in proposed
    assert all(re.fullmatch(r"[a-z0-9-]+", derived.rule) for derived in proposed.values())


@pytest.mark.parametrize(("rule", "url", "out"), EXAMPLES)
def test_what_a_rule_makes_is_the_same_picture(rule: Rule, url: str, out: str) -> None:
    assert asset_key(url) is not None
    assert asset_key(url) == asset_key(out)


@pytest.mark.parametrize(("rule", "url"), LEAVES)
def test_where_nothing_can_be_asked_for_nothing_is_proposed(rule: Rule, url: str) -> None:
    assert derive(url) == ()


@pytest.mark.parametrize(("url", "other"), JOINS)
def test_renditions_of_one_picture_have_one_key(url: str, other: str) -> None:
    assert asset_key(url) is not None
    assert asset_key(url) == asset_key(other)


@pytest.mark.parametrize(("rule", "url", "out"), EXAMPLES)
def test_a_signature_stays_where_the_path_stays(rule: Rule, url: str, out: str) -> None:
    path, _, query = url.partition("?")
    signatures = {(name, value) for name, value in pairs(query) if name.lower() in SIGNED}
    for derived in derive(url):
        if derived.url.partition("?")[0] == path:
            assert signatures <= set(pairs(derived.url.partition("?")[2]))


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: rule.id)
def test_no_pattern_runs_long_on_a_hostile_url(rule: Rule) -> None:
    url = next(iter([*(url for url, _ in rule.examples), *rule.leaves, *(url for url, _ in rule.joins)]))
    host, _, path = url.partition("://")[2].partition("/")
    for repeated in (path, rule.hint, path[: len(path) // 2], "a/", "1/", "w_1/", "smart/", "a.a.", "x_1,", "-1x1"):
        hostile = f"https://{host}/{rule.hint}{(repeated or 'a') * LONGEST}"[:LONGEST]
        assert cheapest(partial(matched, rule, hostile), enough=0.5) < 0.5


def test_every_rule_has_a_name_of_its_own_and_something_that_tests_it() -> None:
    assert [name for name, count in Counter(rule.id for rule in TABLE).items() if count > 1] == []
    assert [rule.id for rule in TABLE if not (rule.examples or rule.leaves or rule.joins)] == []
    assert len(EXAMPLES) + len(LEAVES) + len(JOINS) >= 100


def test_every_hint_stands_in_the_examples() -> None:
    shown = {rule.id: [*(a for a, _ in rule.examples), *rule.leaves, *(a for a, _ in rule.joins)] for rule in TABLE}

    assert [rule.id for rule in TABLE if not all(rule.hint in url for url in shown[rule.id])] == []


def test_signatures_are_known_in_lower_case() -> None:
    assert {name.lower() for name in SIGNATURES} == SIGNATURES

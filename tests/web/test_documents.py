"""The documents on reliability name tests that exist, and every code there is."""

from __future__ import annotations

import re

from harvester.web.network.network import FAILURES
from tests.support.project import ROOT

RELIABILITY = (ROOT / "docs" / "reliability.md").read_text("utf-8")


def test_every_promise_names_a_test_that_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", RELIABILITY))
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^\s*(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }

    assert named - written == set()


def test_every_code_of_the_web_is_documented() -> None:
    sources = [*(ROOT / "harvester" / "web").glob("*.py"), *(ROOT / "harvester" / "download").glob("[ir]*.py")]
    codes = {row[1] for row in FAILURES}
    for path in sources:
        codes |= set(re.findall(r"code=\"(\w+)\"", path.read_text("utf-8")))
        codes |= set(re.findall(r"_error\(.*, \"(\w+)\"", path.read_text("utf-8")))
    table = RELIABILITY.partition("### Codes")[2]

    assert codes
    assert {code for code in codes if f"`{code}`" not in table} == set()

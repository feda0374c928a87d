"""The grammar of srcset, as the standard writes it. Source: https://html.spec.whatwg.org/#parse-a-srcset-attribute"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.candidates.pictures.srcset import SrcsetEntry, parse_srcset
from tests.support.patience import cheapest

GRAMMAR: list[tuple[str, list[SrcsetEntry]]] = [
    ("", []),
    (" \t\n\f\r , ,", []),
    ("a.jpg", [SrcsetEntry("a.jpg")]),
    (" a.jpg ", [SrcsetEntry("a.jpg")]),
    # descriptors
    ("a.jpg 300w", [SrcsetEntry("a.jpg", width=300)]),
    ("a.jpg 2x", [SrcsetEntry("a.jpg", density=2)]),
    ("a.jpg 1.5x", [SrcsetEntry("a.jpg", density=1.5)]),
    ("a.jpg .5x", [SrcsetEntry("a.jpg", density=0.5)]),
    ("a.jpg 1e1x", [SrcsetEntry("a.jpg", density=10)]),
    ("a.jpg 0x", [SrcsetEntry("a.jpg", density=0)]),
    ("a.jpg -0x", [SrcsetEntry("a.jpg", density=0)]),
    ("a.jpg 300w 200h", [SrcsetEntry("a.jpg", width=300, height=200)]),
    ("a.jpg 200h 300w", [SrcsetEntry("a.jpg", width=300, height=200)]),
    # where candidates end
    ("a.jpg 1x, b.jpg 2x", [SrcsetEntry("a.jpg", density=1), SrcsetEntry("b.jpg", density=2)]),
    ("a.jpg 1x,b.jpg 2x", [SrcsetEntry("a.jpg", density=1), SrcsetEntry("b.jpg", density=2)]),
    ("a.jpg, b.jpg 2x", [SrcsetEntry("a.jpg"), SrcsetEntry("b.jpg", density=2)]),
    ("a.jpg,, b.jpg 2x", [SrcsetEntry("a.jpg"), SrcsetEntry("b.jpg", density=2)]),
    (",,a.jpg 1x ,", [SrcsetEntry("a.jpg", density=1)]),
    ("a.jpg\t1x\n,\fb.jpg\r2x", [SrcsetEntry("a.jpg", density=1), SrcsetEntry("b.jpg", density=2)]),
    # commas in URLs
    ("a.jpg,b.jpg 2x", [SrcsetEntry("a.jpg,b.jpg", density=2)]),
    ("/w_100,h_50/a.jpg 100w", [SrcsetEntry("/w_100,h_50/a.jpg", width=100)]),
    (
        "/r=100,50/a.jpg 100w,/r=9,5/a.jpg 9w",
        [SrcsetEntry("/r=100,50/a.jpg", width=100), SrcsetEntry("/r=9,5/a.jpg", width=9)],
    ),
    # what browsers refuse
    ("a.jpg 0w", []),
    ("a.jpg -1w", []),
    ("a.jpg +1w", []),
    ("a.jpg 1.5w", []),
    ("a.jpg w", []),
    ("a.jpg x", []),
    ("a.jpg 1", []),
    ("a.jpg 1 x", []),
    ("a.jpg -1x", []),
    ("a.jpg +1x", []),
    ("a.jpg 1.x", []),
    ("a.jpg 1e400x", []),
    ("a.jpg NaNx", []),
    ("a.jpg Infinityx", []),
    ("a.jpg 1W", []),
    ("a.jpg 1X", []),
    ("a.jpg 200h", []),
    ("a.jpg 1w 1w", []),
    ("a.jpg 1x 2x", []),
    ("a.jpg 1w 1x", []),
    ("a.jpg 1x 1w", []),
    ("a.jpg 1x 200h", []),
    ("a.jpg 1w 0h", []),
    ("a.jpg 1w foo", []),
    ("a.jpg ٣w", []),
    ("a.jpg 1w, b.jpg foo, c.jpg 3w", [SrcsetEntry("a.jpg", width=1), SrcsetEntry("c.jpg", width=3)]),
    # parentheses hold a descriptor together
    ("a.jpg (1x, b.jpg 2x), c.jpg 3x", [SrcsetEntry("c.jpg", density=3)]),
    ("a.jpg foo(1x, 2x), b.jpg", [SrcsetEntry("b.jpg")]),
    ("a.jpg ( , b.jpg 1x", []),
    ("a.jpg ), b.jpg 1x", [SrcsetEntry("b.jpg", density=1)]),
    # only ASCII white space parts
    ("a.jpg\u00a01x", [SrcsetEntry("a.jpg\u00a01x")]),
    ("a.jpg\u000b1x", [SrcsetEntry("a.jpg\u000b1x")]),
    ("a.jpg \u00011x", []),
    ("a.jpg 1x\u2003, b.jpg 1x", [SrcsetEntry("b.jpg", density=1)]),
]


@pytest.mark.parametrize(("text", "expected"), GRAMMAR, ids=[repr(text) for text, _ in GRAMMAR])
def test_a_srcset_is_read_as_browsers_read_it(text: str, expected: list[SrcsetEntry]) -> None:
    assert list(parse_srcset(text)) == expected


@given(st.lists(st.tuples(st.from_regex(r"[a-z/][a-z0-9,_/.-]{0,20}[a-z]", fullmatch=True), st.integers(1, 9999))))
def test_what_is_written_as_a_list_is_read_as_that_list(entries: list[tuple[str, int]]) -> None:
    written = ", ".join(f"{url} {width}w" for url, width in entries)

    assert list(parse_srcset(written)) == [SrcsetEntry(url, width=width) for url, width in entries]


@given(st.text(alphabet="a,( )\t\x0c\x01.0123456789wxhe-+\u00a0", max_size=200))
def test_any_text_gives_candidates_whose_urls_stand_in_it(text: str) -> None:
    for candidate in parse_srcset(text):
        assert candidate.url in text
        assert not candidate.url.startswith(",")
        assert not candidate.url.endswith(",")


@pytest.mark.parametrize(
    "text",
    [
        "a.jpg 1w, " * 100_000,
        "(" * 1_000_000,
        "a (" * 300_000,
        "a (,)" * 200_000,
        "," * 1_000_000,
        "a " * 500_000,
        "a " + "1" * 1_000_000 + "w",
        "a " + "1e" * 500_000 + "x",
    ],
    ids=["candidates", "open", "many open", "closed", "commas", "descriptors", "digits", "exponents"],
)
def test_a_million_characters_take_seconds_at_most(text: str) -> None:
    assert cheapest(lambda: list(parse_srcset(text)), enough=3) < 3

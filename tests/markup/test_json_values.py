"""JSON with halves of letters in it, as texts that were cut leave them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.markup import joined_halves, value_at, with_whole_letters

CUT = [
    (r'{"a":"x \ud83d"}', "x \ufffd"),
    (r'{"a":"\uDE00 x"}', "\ufffd x"),
    (r'{"a":"\ud83d\ud83d\ude00"}', "\ufffd\U0001f600"),
    (r'{"a":"\ud83d\ude00"}', "\U0001f600"),
    (r'{"a":"\\ud83d"}', r"\ud83d"),
    (r'{"a":"\\\ud83d"}', "\\\ufffd"),
    (r'{"a":"plain"}', "plain"),
]


@pytest.mark.parametrize(("text", "meant"), CUT)
def test_half_a_letter_becomes_the_sign_for_an_unknown_one(text: str, meant: str) -> None:
    whole = with_whole_letters(text)

    assert len(whole) == len(text)
    assert value_at(whole, 0) == ({"a": meant}, len(text))


@given(st.text(alphabet='\\ud83eDE0" ab', max_size=40))
def test_what_json_reads_of_any_text_can_be_encoded(text: str) -> None:
    try:
        value, _ = value_at(with_whole_letters(f'["{text}"]'), 0)
    except json.JSONDecodeError:
        return

    json.dumps(value, ensure_ascii=False).encode()


def test_halves_side_by_side_are_a_letter() -> None:
    assert joined_halves("a\ud83d\ude00b\ud83d") == "a\U0001f600b\ufffd"

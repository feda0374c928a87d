"""Compressed bodies, however they are cut, and what comes behind their end."""

from __future__ import annotations

import gzip

import pytest

from harvester.web.body import Inflater

TWO = gzip.compress(b"one, ") + gzip.compress(b"two")


@pytest.mark.parametrize("cut", range(1, len(TWO)))
def test_two_members_are_one_body_wherever_they_are_cut(cut: int) -> None:
    inflater = Inflater("https://www.port.example/", 31)

    pieces = [piece for chunk in (TWO[:cut], TWO[cut:]) for piece in inflater.decoded(chunk)]

    inflater.end()
    assert b"".join(pieces) == b"one, two"


@pytest.mark.parametrize("rest", [b"\0", b"\x1fx", b"<!-- cached -->"])
def test_what_comes_behind_the_end_is_passed_over(rest: bytes) -> None:
    inflater = Inflater("https://www.port.example/", 31)

    assert b"".join(inflater.decoded(TWO + rest)) == b"one, two"
    assert not list(inflater.decoded(rest))
    inflater.end()

"""Dates come out in ISO 8601, as exact as they are stated, or not at all."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.articles.metadata.dates import iso, most_exact

STATED = [
    ("2024-03-02T10:30:05+01:00", "2024-03-02T10:30:05+01:00"),
    ("2024-03-02T10:30:05.000Z", "2024-03-02T10:30:05Z"),
    ("2024-03-02T10:30:05.250Z", "2024-03-02T10:30:05.25Z"),
    ("2024-03-02T10:30:05+0100", "2024-03-02T10:30:05+01:00"),
    ("2024-03-02T10:30+01", "2024-03-02T10:30+01:00"),
    ("2024-03-02 10:30:05 -05:00", "2024-03-02T10:30:05-05:00"),
    ("2024-03-02T10:30:05", "2024-03-02T10:30:05"),
    ("2024-03-02T10:30:05+01:00[Europe/Oslo]", "2024-03-02T10:30:05+01:00"),
    ("2024-03-02", "2024-03-02"),
    ("2024/3/2", "2024-03-02"),
    ("20240302", "2024-03-02"),
    ("20240302103005", "2024-03-02T10:30:05"),
    ("1709371805000", "2024-03-02T09:30:05Z"),
    (1709371805, "2024-03-02T09:30:05Z"),
    ("Sat, 02 Mar 2024 09:30:05 GMT", "2024-03-02T09:30:05Z"),
    ("Sat Mar 02 09:30:05 UTC 2024", "2024-03-02T09:30:05Z"),
    ("March 2, 2024 at 9:30 p.m.", "2024-03-02T21:30"),
    ("Mar. 2nd, 2024", "2024-03-02"),
    ("2 March 2024 - 09:30", "2024-03-02T09:30"),
    ("02.03.2024, 09:30", "2024-03-02T09:30"),
    ("2024年3月2日 09:30", "2024-03-02T09:30"),
    ("2. März 2024 um 09:30 Uhr", "2024-03-02T09:30"),
    ("Samstag, 2. März 2024, 9.30 Uhr", "2024-03-02T09:30"),
    ("1er juillet 2024 à 9h30", "2024-07-01T09:30"),
    ("2 de marzo de 2024", "2024-03-02"),
    ("2 марта 2024 г. в 09:30", "2024-03-02T09:30"),
    ("2 березня 2024", "2024-03-02"),
    ("2 października 2024", "2024-10-02"),
    ("2 kittens 2024", None),
    ("2024년 3월 2일", "2024-03-02"),
    ("2024-03-02T25:00:00", "2024-03-02"),
    ("02/03/2024", None),
    ("2024-02-30", None),
    ("0001-01-01T00:00:00Z", None),
    ("1970-01-01", None),
    ("P3D", None),
    ("yesterday", None),
    ("", None),
    (None, None),
    (["2024-03-02"], None),
    (True, None),
]


@pytest.mark.parametrize(("stated", "expected"), STATED)
def test_a_date_is_given_as_exact_as_it_is_stated(stated: object, expected: str | None) -> None:
    assert iso(stated) == expected


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.datetimes().map(str)))
def test_whatever_is_given_back_is_a_date(stated: object) -> None:
    found = iso(stated)

    assert found is None or datetime.fromisoformat(found)


def test_of_two_statements_about_one_day_the_one_with_a_time_is_taken() -> None:
    assert most_exact(["2024-03-02", "2024-03-03T09:30Z", "2024-03-02T10:30Z"]) == "2024-03-02T10:30Z"
    assert most_exact(["2024-03-02", "2024-03-03T09:30Z"]) == "2024-03-02"
    assert most_exact(["no date", "2024-03-02T10:30Z", "2024-03-02T10:30:05Z"]) == "2024-03-02T10:30Z"
    assert most_exact([]) is None

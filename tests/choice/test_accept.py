"""What came is accepted only if it is a picture, as large as claimed, and the picture that was asked for."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from harvester.choice.accept import Doubted, Refused, distance, judge, prove
from harvester.config import Choice
from harvester.steps import Candidate, Measured

PICTURE = "0f" * 16


def came(width: int, height: int, kind: str = "image/jpeg", fingerprint: str | None = PICTURE) -> Measured:
    return Measured(type=kind, extension="x", width=width, height=height, fingerprint=fingerprint)


def code(verdict: object) -> str:
    return verdict.code if isinstance(verdict, Refused) else type(verdict).__name__.lower()


@pytest.mark.parametrize(
    ("claimed", "width", "expected"),
    [
        (1280, 1280, "accepted"),
        (1280, 1279, "accepted"),  # a server's rounding
        (1280, 1255, "accepted"),  # within two parts of a hundred
        (1280, 1254, "smaller"),
        (100, 98, "accepted"),
        (100, 97, "smaller"),
        (1280, 2400, "accepted"),  # more than claimed is no fault
        (None, 17, "accepted"),  # what nobody claimed cannot be wrong
    ],
)
def test_a_rendition_is_as_large_as_claimed_within_rounding(claimed: int | None, width: int, expected: str) -> None:
    verdict = judge(Candidate(url="https://a.example/a.jpg", width=claimed), came(width, width), size=10**6)

    assert code(verdict) == expected


@pytest.mark.parametrize(
    ("url", "measured", "size", "expected"),
    [
        ("https://a.example/a.gif", came(1, 1, "image/gif"), 43, "placeholder"),
        ("https://a.example/a.gif", came(2, 2, "image/gif"), 43, "placeholder"),
        ("https://i.ytimg.com/vi/6lTJUeCKJXE/maxresdefault.jpg", came(120, 90), 1097, "placeholder"),
        ("https://i.ytimg.com/vi/6lTJUeCKJXE/default.jpg", came(120, 90), 3000, "accepted"),
        ("https://a.example/small.jpg", came(120, 90), 3000, "accepted"),
        ("https://a.example/a.jpg", came(1200, 800), 5000, "accepted"),  # a gradient takes few bytes
        ("https://a.example/a.jpg", came(1200, 800), 50_000, "accepted"),
        ("https://a.example/a.webp", came(1200, 800, "image/webp"), 5000, "accepted"),
        ("https://a.example/qr.png", came(1000, 1000, "image/png"), 900, "accepted"),  # drawings pack well
        ("https://a.example/a.png", came(800, 600, "image/png", "0" * 32), 2000, "accepted"),
        ("https://a.example/a.png", replace(came(800, 600, "image/png"), uniform=True), 2000, "placeholder"),
        (
            "https://a.example/a.svg",
            Measured(type="image/svg+xml", extension="svg", width=None, height=None),
            90,
            "accepted",
        ),
    ],
)
def test_what_only_holds_a_place_is_refused(url: str, measured: Measured, size: int, expected: str) -> None:
    assert code(judge(Candidate(url=url), measured, size=size)) == expected


def test_more_bytes_than_the_policy_allows_are_refused() -> None:
    settings = Choice(policy="at-most-bytes:1000")
    candidate = Candidate(url="https://a.example/a.jpg")

    assert code(judge(candidate, came(100, 100), size=1001, settings=settings)) == "too_many_bytes"
    assert code(judge(candidate, came(100, 100), size=1000, settings=settings)) == "accepted"


@pytest.mark.parametrize(
    ("derived", "sibling", "expected"),
    [
        (came(2400, 1600), came(300, 200), "accepted"),
        (came(2400, 1600), came(300, 199), "accepted"),  # a thumbnail's height is rounded
        (came(1024, 683), came(300, 200), "not_larger"),
        (came(1040, 693), came(300, 200), "not_larger"),  # no more than rounding
        (came(2400, 2400), came(300, 200), "uncropped"),
        (came(2400, 1600, fingerprint="f0" * 16), came(300, 200), "other_picture"),
        (came(2400, 1600, fingerprint="f0" * 2 + "0f" * 14), came(300, 200), "doubted"),
        (came(2400, 1600, fingerprint=None), came(300, 200), "unproved"),
        (came(2400, 1600), came(300, 200, fingerprint="0f" * 8), "unproved"),  # of another length
        (came(2400, 1600), None, "unproved"),
    ],
)
def test_a_derived_rendition_must_be_larger_and_the_same_picture(
    derived: Measured, sibling: Measured | None, expected: str
) -> None:
    assert code(prove(derived, sibling, 1024)) == expected


def test_another_frame_is_welcome_only_when_asked_for_and_of_the_same_picture() -> None:
    sibling = came(300, 200)

    assert code(prove(came(2400, 2400), sibling, 1024, uncropped=True)) == "accepted"
    assert code(prove(came(2400, 2400, fingerprint="f0" * 16), sibling, 1024, uncropped=True)) == "uncropped"


def test_doubt_without_a_better_sibling_is_a_refusal_that_tells_the_distance() -> None:
    refused = Doubted(distance=14).as_refused()

    assert refused.code == "other_picture"
    assert refused.distance == 14
    assert "14 bits" in refused.message


def test_the_distance_counts_differing_bits() -> None:
    assert distance("00ff", "00f0") == 4
    assert distance("00ff", None) is None

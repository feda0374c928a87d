"""What is proposed for a URL: everything that rules make of it, in order of trust, with every signature whole."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.model import Derived
from harvester.renditions import asset_key, derive
from harvester.renditions.parameters import SIGNATURES, pairs
from harvester.renditions.tables import CLOSED_LISTS, RULES
from tests.support.patience import cheapest

KNOWN = [url for rule in (*RULES, *CLOSED_LISTS) for url, _ in rule.examples]


def proposed(url: str) -> list[str]:
    return [derived.url for derived in derive(url)]


def test_rules_are_applied_to_what_rules_made() -> None:
    url = (
        "https://i0.wp.com/a.example/wp-content/uploads/2024/05/harbour-scaled-1024x683.jpg.webp?resize=640%2C427&ssl=1"
    )

    assert "https://a.example/wp-content/uploads/2024/05/harbour.jpg" in proposed(url)


def test_what_states_no_size_comes_first_and_the_most_reduced_of_it() -> None:
    url = "https://news.example/_next/image?url=https%3A%2F%2Fa.example%2Fuploads%2Fharbour-300x200.jpg&w=640&q=75"

    assert proposed(url) == ["https://a.example/uploads/harbour.jpg", "https://a.example/uploads/harbour-300x200.jpg"]


def test_the_frame_that_was_declared_comes_before_the_whole_picture() -> None:
    found = derive("https://a.example/x/harbour.jpg?width=640&crop=3:2,smart")

    assert [(d.url.rpartition("/")[2], d.expects) for d in found] == [
        ("harbour.jpg?crop=3:2,smart", "original"),
        ("harbour.jpg", "uncropped"),
    ]


def test_a_host_table_comes_after_what_holds_for_every_host() -> None:
    found = derive("https://ichef.bbci.co.uk/news/800/cpsprodpb/20AB/production/a.jpg.webp")

    assert [d.rule for d in found][-1].startswith("bbc-ichef-step")
    assert found[0].url == "https://c.files.bbci.co.uk/20AB/production/a.jpg"


def test_a_signature_over_the_picture_alone_stays_and_is_told() -> None:
    [derived] = derive("https://a.example/resizer/v2/5N7A.jpg?auth=0a1b&width=640")

    assert derived == Derived(
        url="https://a.example/resizer/v2/5N7A.jpg?auth=0a1b", rule="arc-resizer-v2", expects="original", signed=True
    )


@pytest.mark.parametrize("name", ["s", "sig", "Signature", "token", "Expires", "hash", "X-Amz-Signature"])
def test_a_query_that_is_signed_is_never_edited(name: str) -> None:
    assert derive(f"https://a.example/x/harbour.jpg?width=640&{name}=0a1b2c3d") == ()


def test_the_address_inside_a_signed_wrapper_is_free() -> None:
    url = "https://ix.example/https%3A%2F%2Fa.example%2Fharbour.jpg?w=1200&s=34e941c9f456"

    assert proposed(url) == ["https://a.example/harbour.jpg"]


def test_a_version_is_kept() -> None:
    assert proposed("https://a.example/x/harbour.jpg?width=640&v=3") == ["https://a.example/x/harbour.jpg?v=3"]


@pytest.mark.parametrize(
    "url", ["https://a.example/x/harbour.jpg", "https://a.example/", "https://a.example/x/?page=2", "x"]
)
def test_where_no_rule_holds_nothing_is_proposed(url: str) -> None:
    assert derive(url) == ()


@given(st.sampled_from(KNOWN), st.sampled_from(sorted(SIGNATURES)))
def test_signing_a_known_url_leaves_its_signature_on_every_edited_one(url: str, name: str) -> None:
    signed = f"{url}{'&' if '?' in url else '?'}{name}=0a1b2c3d4e"
    path = signed.partition("?")[0]
    for derived in derive(signed):
        if derived.url.partition("?")[0] == path:
            assert (name, "0a1b2c3d4e") in pairs(derived.url.partition("?")[2])


@given(st.sampled_from(KNOWN))
def test_what_is_proposed_is_the_same_picture(url: str) -> None:
    assert {asset_key(derived.url) for derived in derive(url)} <= {asset_key(url)}


@given(st.text(alphabet="/?&=.,:%-_~@aw0x19uploads{}", max_size=200))
def test_any_text_can_be_asked_about(text: str) -> None:
    for derived in derive("https://a.example/uploads/" + text):
        assert derived.url.startswith(("http://", "https://"))


def test_a_url_made_to_take_long_does_not() -> None:
    url = "https://a.example" + "/_next/image?url=https%3A%2F%2Fa.example" * 190

    assert cheapest(lambda: derive(url), enough=1) < 1


def test_edits_that_are_nested_without_end_are_left_alone() -> None:
    edits = base64.urlsafe_b64encode(b'{"bucket":' + b"[" * 5_500).decode()

    assert derive(f"https://d111.cloudfront.net/{edits}") == ()

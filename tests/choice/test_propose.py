"""What is proposed for an image: by rules, of its best variants, and only where something larger is wanted."""

from __future__ import annotations

import pytest

from harvester.choice.propose import proposals
from harvester.choice.rank import ranked_variants
from harvester.config import Choice
from harvester.model import Derived, Image, Variant

UPLOADS = "https://site.example/wp-content/uploads/harbour"


def image(*urls: str, derived: tuple[Derived, ...] = ()) -> Image:
    return Image(number=1, variants=tuple(Variant(url=url) for url in urls), derived=derived)


def proposed(image: Image, settings: Choice) -> tuple[Derived, ...]:
    return proposals(image, ranked_variants(image, settings), settings)


def test_rules_propose_what_they_make_of_the_best_variant() -> None:
    found = proposed(image(f"{UPLOADS}-300x200.jpg", f"{UPLOADS}-1024x683.jpg"), Choice())

    assert found == (Derived(url=f"{UPLOADS}.jpg", rule="wordpress-size", expects="original"),)


def test_what_the_page_declares_is_not_proposed() -> None:
    assert proposed(image(f"{UPLOADS}-300x200.jpg", f"{UPLOADS}.jpg"), Choice()) == ()


def test_what_states_no_more_width_than_the_best_is_not_proposed() -> None:
    wrapped = "https://news.example/_next/image?url=https%3A%2F%2Fa.example%2Fa-300x200.jpg&w=640&q=75"

    assert [d.url for d in proposed(image(wrapped), Choice())] == []


def test_the_next_variant_is_looked_at_when_the_best_gives_nothing() -> None:
    signed = "https://cdn.example/harbour.jpg?w=1200&sig=0a1b"

    assert [d.url for d in proposed(image(signed, f"{UPLOADS}-300x200.jpg"), Choice())] == [f"{UPLOADS}.jpg"]


def test_one_address_in_two_types_is_proposed_once() -> None:
    uuid = "https://s.rfi.fr/media/display/3fdc84c0-53dd-11ee-ad9a-005056a90321"

    found = proposed(image(f"{uuid}/w:980/p:16x9/a.webp", f"{uuid}/w:980/p:16x9/a.png"), Choice())

    assert [d.url for d in found] == [f"{uuid}/p:16x9/a.png", f"{uuid}/a.png"]


@pytest.mark.parametrize("settings", [Choice(upgrade=False), Choice(policy="at-least:300")])
def test_nothing_is_proposed_where_what_is_declared_is_enough(settings: Choice) -> None:
    assert proposed(image(f"{UPLOADS}-300x200.jpg"), settings) == ()


def test_what_was_proposed_for_a_poster_by_its_id_stays() -> None:
    poster = Derived(
        url="https://i.ytimg.com/vi/6lTJUeCKJXE/maxresdefault.jpg", rule="youtube-thumbnail", expects="larger"
    )

    assert proposed(image(derived=(poster,)), Choice()) == (poster,)

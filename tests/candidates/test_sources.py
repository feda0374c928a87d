"""Pictures that come with the source: offers of a feed, and bodies that are escaped once more."""

from __future__ import annotations

import pytest

from harvester.model import Variant
from harvester.steps import Offer
from tests.support.pages import addresses, found


def test_an_offer_joins_the_picture_it_repeats() -> None:
    offer = Offer(url="https://news.example/a.jpg?w=1200", type="image/jpeg", width=1200, credit="A. Maker")

    (image,) = found('<img src="/a.jpg?w=300">', scope="page", offers=(offer,)).images

    assert image.variants[1] == Variant(
        url="https://news.example/a.jpg?w=1200", width=1200, type="image/jpeg", origin="offer"
    )


@pytest.mark.parametrize(
    ("offer", "taken"),
    [
        (Offer(url="https://news.example/a.jpg"), True),
        (Offer(url="https://news.example/picture/17", type="image/webp"), True),
        (Offer(url="https://news.example/a.jpg", type="video/mp4"), False),
        (Offer(url="https://news.example/a.mp3"), False),
        (Offer(url="file:///etc/a.jpg"), False),
        (Offer(url="data:image/png;base64,AA=="), False),
    ],
)
def test_an_offer_is_taken_where_it_is_a_picture_for_the_network(offer: Offer, taken: bool) -> None:
    assert bool(found("<p>text", offers=(offer,)).images) is taken


ESCAPED = "&lt;p&gt;text&lt;/p&gt;&lt;img src=&quot;/a.jpg&quot; alt=&quot;A lake&quot;&gt;"


@pytest.mark.parametrize("text", [ESCAPED, f"<div>{ESCAPED}</div>", ESCAPED.replace("&", "&amp;")])
def test_the_escaped_body_of_an_item_is_read_as_markup(text: str) -> None:
    (image,) = found(text, kind="item").images

    assert addresses(image) == ["/a.jpg"]
    assert image.alt == "A lake"


def test_escaped_markup_on_a_page_is_an_example_of_code() -> None:
    assert found(f"<pre>{ESCAPED}</pre>", kind="html").images == ()

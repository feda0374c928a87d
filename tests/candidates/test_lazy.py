"""Lazy pictures: what is shown first, what is loaded later, and the copy for readers without scripts."""

from __future__ import annotations

import pytest

from harvester.candidates.page.image_urls import holds_a_place
from harvester.candidates.page.lazy import later
from tests.support.pages import addresses, images, only

COPY = "a copy for readers without scripts stands beside it"


@pytest.mark.parametrize(
    "markup",
    [
        '<img data-src="/a.jpg"><noscript><img src="/a.jpg"></noscript>',
        '<img src="/a-20x20.jpg" data-src="/a.jpg"><noscript><img src="/a.jpg"></noscript>',
        '<p><noscript><img src="/a.jpg"></noscript><img src="data:image/gif;base64,R0lGODlhAQABAA=" data-src="/a.jpg">',
        '<figure><div><img data-src="/a.jpg"></div><noscript><img src="/a.jpg"></noscript></figure>',
        '<picture><img data-src="/a.jpg"><noscript><img src="/a.jpg"></noscript></picture>',
    ],
)
def test_a_picture_and_its_copy_are_one_image(markup: str) -> None:
    image = only(markup)

    assert "/a.jpg" in addresses(image)
    assert COPY in image.joined


def test_a_copy_gives_the_address_where_a_script_would() -> None:
    image = only('<figure><img class="lazy" alt="A lake"><noscript><img src="/a.jpg"></noscript></figure>')

    assert image.alt == "A lake"
    assert [(v.url[20:], v.origin) for v in image.variants] == [("/a.jpg", "noscript img@src")]


def test_a_copy_stays_with_the_picture_beside_it_among_many() -> None:
    lazy = "".join(
        f'<img src="data:," data-src="/{n}.jpg"><noscript><img src="/{n}-full.jpg"></noscript>' for n in "abc"
    )

    assert [addresses(image) for image in images(f"<div>{lazy}</div>")] == [
        ["/a.jpg", "/a-full.jpg"],
        ["/b.jpg", "/b-full.jpg"],
        ["/c.jpg", "/c-full.jpg"],
    ]


def test_a_copy_in_two_noscripts_is_one_copy() -> None:
    image = only('<img class="lazy"><noscript><noscript><img src="/a.jpg"></noscript></noscript>')

    assert [variant.url for variant in image.variants] == ["https://news.example/a.jpg"]


def test_a_counter_in_noscript_is_nobodys_copy() -> None:
    shown = images(
        '<img data-src="/a.jpg"><noscript><img src="https://count.example/p" width="1" height="1"></noscript>'
    )[0]

    assert addresses(shown) == ["/a.jpg"]


def test_another_picture_in_noscript_is_no_copy_of_a_finished_one() -> None:
    found = images('<img src="/a.jpg" alt="a"><noscript><img src="/b.jpg" alt="b"></noscript>')

    assert [addresses(image) for image in found] == [["/a.jpg"], ["/b.jpg"]]


@pytest.mark.parametrize(
    "name", ["blank.gif", "spacer.png", "1x1.gif", "lazy-placeholder.png", "loading.svg", "grey.gif"]
)
def test_a_placeholder_never_becomes_a_rendition_of_the_real_picture(name: str) -> None:
    real = images(f'<img src="/theme/{name}" data-src="/a.jpg">')[0]

    assert addresses(real) == ["/a.jpg"]


def test_a_placeholder_beside_a_list_is_not_told_at_all() -> None:
    assert addresses(only('<img src="/theme/blank.gif" data-srcset="/a.jpg 800w">')) == ["/a.jpg"]


def test_a_blurred_rendition_gives_way_to_the_sharp_one() -> None:
    sharp = images('<img src="/a.jpg?w=20&amp;blur=5" data-src="/a.jpg?w=1200">')[0]

    assert addresses(sharp) == ["/a.jpg?w=1200"]


def test_small_renditions_of_a_list_stay() -> None:
    assert addresses(only('<img srcset="/a.jpg?w=20 20w, /a.jpg?w=800 800w">')) == ["/a.jpg?w=20", "/a.jpg?w=800"]


def test_what_many_pictures_show_first_is_a_rendition_of_none() -> None:
    found = [
        addresses(i)
        for i in images('<img src="/teaser.png" data-src="/a.jpg"><img src="/teaser.png" data-src="/b.jpg">')
    ]

    assert ["/a.jpg"] in found
    assert ["/b.jpg"] in found


@pytest.mark.parametrize(
    "name", ["gray-whale.jpg", "white-house.jpg", "black-forest-lake.jpg", "default.jpg", "clearing.jpg", "11x100.jpg"]
)
def test_pictures_of_grey_whales_and_white_houses_are_pictures(name: str) -> None:
    assert not holds_a_place(f"https://news.example/{name}")


def test_an_attribute_is_certain_by_its_name_or_counts_by_its_shape() -> None:
    attributes = {"data-src": "/one", "data-x": "/2.jpg", "src": "/3.jpg", "data-y": None, "data-avatar": "/4.jpg"}

    assert list(later(attributes)) == [("data-src", "/one", True), ("data-x", "/2.jpg", False)]

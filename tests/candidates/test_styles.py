"""Pictures in style attributes."""

from __future__ import annotations

import pytest

from tests.support.pages import BASE, addresses, images, only


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("background-image: url(/a.jpg)", ["/a.jpg"]),
        ("background-image:url('/a.jpg');color:red", ["/a.jpg"]),
        ("color:red;background:#fff url( &quot;/a.jpg&quot; ) center/cover no-repeat", ["/a.jpg"]),
        ("BACKGROUND-IMAGE:URL(/a.jpg)", ["/a.jpg"]),
        ("--hero: url(/a.jpg)", ["/a.jpg"]),
        ("background:url(/bg%20one.jpg)", ["/bg%20one.jpg"]),
        (r"background:url(/a\28 1\29.jpg)", ["/a(1).jpg"]),
        (r"background:url('/it\'s.jpg')", ["/it's.jpg"]),
        ("background:url('/a;b:c.jpg')", ["/a;b:c.jpg"]),
        ("background-image:image-set(url(/a.avif) 1x, url(/b.avif) 2x)", ["/a.avif", "/b.avif"]),
        ("background-image:-webkit-image-set('/a.jpg' 1x, '/b.jpg' 2x)", ["/a.jpg", "/b.jpg"]),
        ("background:url(data:image/png;base64,AA==), url(/a.jpg)", ["/a.jpg"]),
    ],
)
def test_pictures_of_backgrounds_are_read(style: str, expected: list[str]) -> None:
    assert addresses(only(f'<div style="{style}"></div>')) == expected


def test_an_image_set_tells_densities_and_types() -> None:
    image = only(
        """<i style="background: image-set(url('/a.avif') 2x type('image/avif'), url('/a.jpg') 1.5dppx)"></i>"""
    )

    assert [(v.density, v.type) for v in image.variants] == [(2, "image/avif"), (1.5, None)]


@pytest.mark.parametrize(
    "first", ["url(/a.jpg)", "image-set(url(/a.jpg) 1x)", "linear-gradient(red, blue), url(/a.jpg)"]
)
def test_layers_of_a_background_are_different_pictures(first: str) -> None:
    found = images(f'<div style="background:{first}, url(/b.jpg)"></div>')

    assert [addresses(image) for image in found] == [["/a.jpg"], ["/b.jpg"]]


@pytest.mark.parametrize(
    "style",
    [
        "mask-image:url(/a.svg)",
        "fill:url(#gradient)",
        "cursor:url(/hand.png)",
        "--hover-image:url(/a.jpg)",
        "background:url(data:image/png;base64,AA==)",
        "background:url({{image}})",
        "background:url(/theme/blank.gif)",
        "background:url()",
        "background:url(",
        "background:url('/a.jpg",
        "background-color:red",
    ],
)
def test_signs_gradients_and_placeholders_are_no_pictures(style: str) -> None:
    assert images(f'<div style="{style}"></div>') == ()


def test_a_background_in_a_link_to_the_page_it_announces_knows_the_link() -> None:
    assert addresses(only('<a class="thumb" href="/x" style="background:url(/a.jpg)"></a>', base=BASE)) == ["/a.jpg"]

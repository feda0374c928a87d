"""Where elements show pictures: a small page for each rule."""

from __future__ import annotations

import pytest

from harvester.candidates.page.lazy import CERTAIN
from harvester.model import Variant
from tests.support.pages import addresses, images, only


def test_a_plain_image_has_its_source_and_its_words() -> None:
    image = only('<img src="/a.jpg" alt=" A lake ">')

    assert image.alt == "A lake"
    assert image.variants == (Variant(url="https://news.example/a.jpg", origin="img@src"),)


def test_relative_addresses_are_meant_from_the_base_of_the_page() -> None:
    image = only('<base href="//static.example/dir/sub/"><img src="../a.jpg">')

    assert addresses(image) == ["https://static.example/dir/a.jpg"]


def test_an_address_is_kept_as_the_page_wrote_it() -> None:
    image = only('<img src="https://c.example/i?u=a%2Cb%3A1&amp;sig=A%2fb&amp;w=400&copy=2">')

    assert addresses(image) == ["https://c.example/i?u=a%2Cb%3A1&sig=A%2fb&w=400&copy=2"]


def test_a_picture_has_the_renditions_of_its_sources_first() -> None:
    image = only(
        """<picture>
        <source srcset="/a-800.avif 800w, /a-400.avif 400w" type="image/avif">
        <source srcset="/a-crop.jpg 320w" media="(max-width: 600px)">
        <img src="/a.jpg" srcset="/a-800.jpg 800w" alt="a">
        </picture>"""
    )

    assert [(v.url[20:], v.width, v.type, v.media, v.origin) for v in image.variants] == [
        ("/a-800.avif", 800, "image/avif", None, "source@srcset"),
        ("/a-400.avif", 400, "image/avif", None, "source@srcset"),
        ("/a-crop.jpg", 320, None, "(max-width: 600px)", "source@srcset"),
        ("/a-800.jpg", 800, None, None, "img@srcset"),
        ("/a.jpg", None, None, None, "img@src"),
    ]


def test_sources_belong_to_the_image_behind_them_where_a_picture_is_never_closed() -> None:
    first, second = images(
        '<picture><source srcset="/a.webp"><img src="/a.jpg"><picture><source srcset="/b.webp"><img src="/b.jpg">'
    )

    assert addresses(first) == ["/a.webp", "/a.jpg"]
    assert addresses(second) == ["/b.webp", "/b.jpg"]


def test_a_picture_without_image_keeps_its_sources() -> None:
    assert addresses(only('<picture><source srcset="/a.webp 1x"></picture>')) == ["/a.webp"]


def test_sources_of_films_are_no_pictures() -> None:
    assert images('<video><source src="/a.mp4" srcset="/a.jpg"></video>') == ()


def test_densities_are_kept_and_the_width_is_that_of_the_plain_rendition() -> None:
    image = only('<img src="/a.jpg" srcset="/a.jpg 1x, /a-2x.jpg 2x" width="300" height="200">')

    assert [(v.width, v.height, v.density) for v in image.variants] == [(300, 200, 1.0), (None, None, 2.0)]


def test_an_address_that_stands_twice_is_one_rendition_with_the_stated_width() -> None:
    assert [(v.url[20:], v.width) for v in only('<img src="/a.jpg" srcset="/a.jpg 640w">').variants] == [
        ("/a.jpg", 640)
    ]


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="640" height="480"', (640, 480)),
        ('width="640px"', (640, None)),
        ('width=" 640.5 "', (640, None)),
        ('width="100%"', (None, None)),
        ('width="auto"', (None, None)),
        ('width="0"', (None, None)),
    ],
)
def test_a_width_is_claimed_only_where_one_is_stated(attributes: str, size: tuple[int | None, int | None]) -> None:
    (variant,) = only(f'<img src="/a.jpg" {attributes}>').variants

    assert (variant.width, variant.height) == size


def test_attributes_do_not_overrule_descriptors_or_the_address() -> None:
    listed = only('<img src="/a.jpg" srcset="/b.jpg 800w" width="300">')
    named = only('<img src="/a-640x480.jpg" width="300">')

    assert [v.width for v in listed.variants] == [800, None]
    assert [v.width for v in named.variants] == [640]


@pytest.mark.parametrize("name", sorted(CERTAIN))
def test_every_known_attribute_of_lazy_loading_is_read(name: str) -> None:
    value = "/pictures/17 640w" if "srcset" in name or name.endswith("set") else "/pictures/17"

    assert addresses(only(f'<img {name}="{value}">')) == ["/pictures/17"]


def test_any_data_attribute_counts_whose_value_looks_like_a_picture() -> None:
    image = only('<img data-anything="/a-900.jpg" data-also="/a-400.jpg 400w, /a-800.jpg 800w" data-page="/story">')

    assert addresses(image) == ["/a-900.jpg", "/a-400.jpg", "/a-800.jpg"]


@pytest.mark.parametrize("name", ["data-author-image", "data-logo", "data-hover-src", "data-fallback", "data-lqip"])
def test_attributes_that_name_another_picture_are_no_rendition(name: str) -> None:
    assert addresses(only(f'<img src="/a.jpg" {name}="/b.jpg">')) == ["/a.jpg"]


@pytest.mark.parametrize(
    "template", ["/a-{width}.jpg", "/a_{{size}}.jpg", "/a-${w}.jpg", "/a-%7Bwidth%7D.jpg", "/**w**.jpg"]
)
def test_an_address_that_a_script_has_yet_to_fill_in_is_none(template: str) -> None:
    assert addresses(only(f'<img src="/a.jpg" data-src="{template}">')) == ["/a.jpg"]


@pytest.mark.parametrize(
    "markup",
    [
        '<template><img src="/b.jpg"></template>',
        '<!-- <img src="/b.jpg"> -->',
        '<script type="text/x-template"><img src="/b.jpg"></script>',
        '<textarea><img src="/b.jpg"></textarea>',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
        '<img src="blob:https://news.example/1">',
        '<img src="about:blank">',
        '<img src="">',
        "<img>",
    ],
)
def test_what_is_not_shown_or_not_for_the_network_is_no_picture(markup: str) -> None:
    assert addresses(only(f'<img src="/a.jpg">{markup}')) == ["/a.jpg"]


@pytest.mark.parametrize(
    "markup",
    [
        '<amp-img src="/a.jpg" srcset="/b.jpg 800w"></amp-img>',
        '<amp-carousel><amp-img src="/a.jpg" srcset="/b.jpg 800w"></amp-img></amp-carousel>',
        '<lazy-picture src="/a.jpg" srcset="/b.jpg 800w"></lazy-picture>',
    ],
)
def test_elements_of_other_vocabularies_are_read_like_images(markup: str) -> None:
    assert addresses(only(markup)) == ["/b.jpg", "/a.jpg"]


@pytest.mark.parametrize("name", ["href", "xlink:href"])
def test_images_in_drawings_are_read(name: str) -> None:
    assert addresses(only(f'<svg><image {name}="/a.jpg"/></svg>')) == ["/a.jpg"]


def test_a_link_to_the_file_adds_the_full_rendition() -> None:
    image = only('<a href="/full/a.jpg"><img src="/thumbs/a-1.jpg"></a>')

    assert addresses(image) == ["/thumbs/a-1.jpg", "/full/a.jpg"]
    assert image.joined == ("the link around it leads to the file",)


@pytest.mark.parametrize(
    "target", ["/story.html", "/wiki/File:a.jpg", "/a.jpg.html", "/show?image=a.jpg", "mailto:a@b.jpg"]
)
def test_a_link_to_a_page_adds_nothing(target: str) -> None:
    assert addresses(only(f'<a href="{target}"><img src="/a-1.jpg"></a>')) == ["/a-1.jpg"]


def test_a_link_around_several_pictures_is_the_file_of_none_of_them() -> None:
    found = images('<a href="/full.jpg"><img src="/a.jpg"><img src="/b.jpg"></a>')

    assert [addresses(image) for image in found] == [["/a.jpg"], ["/b.jpg"]]


@pytest.mark.parametrize("frame", ["a", "figure", "li"])
def test_what_the_frame_of_one_picture_carries_is_a_rendition_of_it(frame: str) -> None:
    image = only(f'<{frame} data-src="/files/8817.jpg"><img src="/t/1.jpg"></{frame}>')

    assert addresses(image) == ["/t/1.jpg", "/files/8817.jpg"]


@pytest.mark.parametrize(
    "markup",
    [
        '<div data-bg="/back.jpg"><img src="/logo.jpg"></div>',
        '<figure data-src="/c.jpg"><img src="/a.jpg"><img src="/b.jpg"></figure>',
    ],
)
def test_what_an_element_around_carries_is_otherwise_a_picture_of_its_own(markup: str) -> None:
    assert ["/a.jpg", "/c.jpg"] not in [addresses(image) for image in images(markup)]
    assert len(images(markup)) > 1


def test_a_background_linked_to_its_file_has_the_full_rendition() -> None:
    assert addresses(only('<a href="/full/a.jpg" style="background:url(/t/1.jpg)"></a>')) == ["/t/1.jpg", "/full/a.jpg"]

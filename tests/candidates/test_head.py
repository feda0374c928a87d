"""Pictures that a page speaks of in its head: social tags, links, preloads, JSON-LD."""

from __future__ import annotations

import json

import pytest

from harvester.model import Variant
from tests.support.pages import addresses, images, only


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_the_social_image_has_the_size_type_and_words_that_follow_it() -> None:
    image = only(
        """<meta property="og:image" content="/a.jpg"><meta property="og:image:secure_url" content="https://cdn.example/a.jpg">
        <meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">
        <meta property="og:image:type" content="image/JPEG"><meta property="og:image:alt" content="A lake">"""
    )

    assert image.alt == "A lake"
    assert image.variants[0] == Variant(
        url="https://news.example/a.jpg", width=1200, height=630, type="image/jpeg", origin="og:image"
    )
    assert addresses(image)[1:] == ["https://cdn.example/a.jpg"]


def test_each_social_image_has_its_own_size() -> None:
    first, second = images(
        """<meta property="og:image" content="/a.jpg"><meta property="og:image:width" content="1200">
        <meta property="og:image" content="/b.jpg"><meta property="og:image:width" content="800">"""
    )

    assert [v.width for v in (*first.variants, *second.variants)] == [1200, 800]


@pytest.mark.parametrize(
    ("markup", "origin"),
    [
        ('<meta property="og:image" content="/a.jpg">', "og:image"),
        ('<meta property="og:image:url" content="/a.jpg">', "og:image"),
        ('<meta name="og:image" content=" /a.jpg ">', "og:image"),
        ('<meta name="twitter:image" content="/a.jpg">', "twitter:image"),
        ('<meta property="twitter:image:src" content="/a.jpg">', "twitter:image"),
        ('<meta itemprop="image" content="/a.jpg">', "meta image"),
        ('<meta name="thumbnail" content="/a.jpg">', "meta thumbnail"),
        ('<link rel="image_src" href="/a.jpg">', "link image_src"),
        ('<link itemprop="thumbnailUrl" href="/a.jpg">', "link image_src"),
        ('<link rel="preload" as="image" href="/a.jpg">', "preload"),
    ],
)
def test_every_tag_of_the_head_that_names_a_picture_is_read(markup: str, origin: str) -> None:
    (variant,) = only(markup).variants

    assert (variant.url, variant.origin) == ("https://news.example/a.jpg", origin)


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="icon" href="/a.png">',
        '<link rel="apple-touch-icon" href="/a.png">',
        '<link rel="preload" as="font" href="/a.woff2">',
        '<meta name="msapplication-TileImage" content="/a.png">',
        '<meta property="og:image" content="">',
    ],
)
def test_icons_and_fonts_are_no_pictures(markup: str) -> None:
    assert images(markup) == ()


def test_a_preload_joins_the_image_whose_srcset_it_repeats() -> None:
    image = only(
        """<link rel="preload" as="image" imagesrcset="/a-400.jpg 400w, /a-800.jpg 800w" imagesizes="100vw">
        <img srcset="/a-400.jpg 400w, /a-800.jpg 800w">"""
    )

    assert [v.width for v in image.variants] == [400, 800]
    assert image.joined[0].startswith("preload names the same asset as img")


@pytest.mark.parametrize(
    "value",
    [
        {"@type": "NewsArticle", "image": "/a.jpg"},
        {"@type": "NewsArticle", "image": ["/a.jpg"]},
        {"@type": "NewsArticle", "thumbnailUrl": "/a.jpg"},
        {"@type": "NewsArticle", "image": {"@type": "ImageObject", "url": "/a.jpg"}},
        {"@type": "NewsArticle", "image": {"@type": "ImageObject", "contentUrl": "/a.jpg"}},
        {"@type": "NewsArticle", "image": {"url": ["/a.jpg"]}},
        {
            "@graph": [
                {"@type": "WebPage", "primaryImageOfPage": {"@id": "#i"}},
                {"@type": "ImageObject", "url": "/a.jpg"},
            ]
        },
        [{"@type": ["ImageObject", "Thing"], "url": "/a.jpg"}],
        {"mainEntity": {"about": [{"image": {"@list": [{"@type": "ImageObject", "url": "/a.jpg"}]}}]}},
    ],
    ids=json.dumps,
)
def test_images_of_json_ld_are_found_at_any_depth(value: object) -> None:
    assert addresses(only(ld(value))) == ["/a.jpg"]


def test_an_image_object_tells_its_size_caption_and_credit() -> None:
    image = only(
        ld(
            {
                "@type": "ImageObject",
                "url": "/a.jpg",
                "width": {"@type": "QuantitativeValue", "value": 2000},
                "height": "1333px",
                "caption": " A lake\n at dawn ",
                "creditText": "A. Maker",
            }
        )
    )

    assert [(v.width, v.height) for v in image.variants] == [(2000, 1333)]
    assert (image.caption, image.credit) == ("A lake at dawn", "A. Maker")


def test_the_poster_of_a_film_is_the_films() -> None:
    assert images(ld({"@type": "VideoObject", "thumbnailUrl": "/a.jpg", "image": "/b.jpg"})) == ()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[1,",
        "null",
        "",
        '{"image": 3}',
        '{"image": null}',
        '{"image": {"url": {}}}',
        "<!-- {} -->",
        "\x00",
        "[" * 9999,
    ],
)
def test_damaged_json_ld_is_passed_over(text: str) -> None:
    page = f'<script type="application/ld+json">{text}</script><img src="/a.jpg">'

    assert addresses(only(page)) == ["/a.jpg"]


@pytest.mark.parametrize(
    "text",
    ['<!-- {"image": "/a.jpg"} -->', '//<![CDATA[\n{"image": "/a.jpg"}\n//]]>', '{"image": "/a.jpg", "text": "a\nb"};'],
)
def test_json_ld_is_read_through_its_wrapping(text: str) -> None:
    assert addresses(only(f'<script type="application/ld+json">{text}</script>')) == ["/a.jpg"]


def test_one_file_in_body_head_and_json_ld_is_one_image() -> None:
    image = only(
        '<meta property="og:image" content="/media/2026/lake-1200x630.jpg">'
        + ld({"@type": "NewsArticle", "image": "/media/2026/lake.jpg"})
        + '<img src="/media/2026/lake-300x200.jpg" alt="A lake">'
    )

    assert {v.origin for v in image.variants} == {"img@src", "og:image", "json-ld"}
    assert len(image.joined) == 2

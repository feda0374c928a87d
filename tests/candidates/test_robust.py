"""Pages that are broken, hostile or enormous: always an answer, in time that grows with the page alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.candidates.pictures.json.script_values import values
from harvester.steps import Found
from tests.support.pages import found
from tests.support.patience import cheapest

PIECES = st.sampled_from(
    [
        *"<>\"'&;=/ \n\0",
        *(
            "<img ",
            "<picture>",
            "</picture>",
            "<source ",
            "<noscript>",
            "</noscript>",
            "<a href=/f.jpg>",
            "</a>",
            "<svg>",
        ),
        *(
            "<image ",
            "<template>",
            "</template>",
            "<!--",
            "-->",
            "<p>text",
            "<article>",
            "<table><td>",
            "<select>",
            "<div ",
        ),
        *(
            "src=",
            "srcset=",
            "data-src=",
            "data-srcset=",
            "style=",
            "href=",
            "content=",
            "property=og:image ",
            "<meta ",
        ),
        *(
            '"/a.jpg"',
            "'/b.jpg 2x, /c.jpg 300w'",
            '"url(/d.jpg)"',
            '"data:image/gif;base64,AA"',
            "//[x",
            "http://a b/",
            "%zz",
        ),
        *(
            '<script type="application/ld+json">',
            "<script>x=",
            "</script>",
            '{"image":"/e.jpg"}',
            '{"url":["/f.jpg"]}',
            "[[{",
        ),
        *(
            'data-json=\'{"src":"/g.jpg"}\'',
            "width=9",
            "height=-1",
            "alt=x",
            "&lt;img src=/h.jpg&gt;",
            "\ud7ff",
            "\U0001f5bc",
        ),
    ]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.just("https://c.example/a.jpg"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["url", "src", "image", "width", "alt", "@type", "thumbnailUrl", "x"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


def check(page: Found) -> None:
    assert [image.number for image in page.images] == list(range(1, len(page.images) + 1))
    for image in page.images:
        assert image.variants
        for variant in image.variants:
            assert variant.url.startswith(("http://", "https://"))
            assert variant.origin


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_markup_gives_images_for_the_network_with_their_origins(text: str) -> None:
    check(found(text))


@settings(max_examples=80, deadline=None)
@given(JSON)
def test_any_json_gives_images_for_the_network_with_their_origins(value: Any) -> None:
    text = json.dumps(value).replace("</", "<\\/")

    check(found(f'<script type="application/ld+json">{text}</script>'))
    check(found(f"<script>window.a = {text};</script>"))
    check(found(f"<div data-a='{text.replace(chr(39), '&#39;')}'></div>"))


@given(JSON)
def test_a_value_is_found_whole_inside_code(value: Any) -> None:
    wrapped = {"a long enough key": value}

    found_values = [read for _, read in values(f"var a = function() {{}}; window.b = {json.dumps(wrapped)}; c()")]

    assert found_values == [wrapped]


HOSTILE = {
    "candidates": '<img srcset="' + ", ".join(f"/i/{n}.jpg {n + 1}w" for n in range(20_000)) + '">',
    "images": "".join(f'<img src="/i/{n}.jpg">' for n in range(2_000)),
    "copies": "".join(f'<img data-src="/{n}.jpg"><noscript><img src="/{n}.jpg"></noscript>' for n in range(1_000)),
    "pictures that never end": "".join(
        f'<picture><source srcset="/{n}.webp"><img src="/{n}.jpg">' for n in range(2_000)
    ),
    "state": "<script>s="
    + json.dumps([{"url": f"https://c.example/{n}.jpg", "width": 9} for n in range(4_000)])
    + "</script>",
    "one picture often": "<script>s="
    + json.dumps([{"url": f"https://c.example/a.jpg?w={n}"} for n in range(4_000)])
    + "</script>",
    "twenty megabytes of state": "<script>s="
    + json.dumps([{"u": "https://c.example/a.jpg", "x": "y" * 20_000_000}])
    + "</script>",
    "values that break": "<script>a='.jpg';" + 'x={"a":1,b;' * 200_000 + "</script>",
    "lists that never end": "<script>a='.jpg';" + "[[[[" * 500_000 + "</script>",
    "texts that never end": "<script>a='.jpg';" + 'x={"a":"bbbb,' * 200_000 + "</script>",
    "deep json": '<script type="application/json">{"i":"/x.jpg","a":' + "[" * 300_000 + "</script>",
    "deep json-ld": '<script type="application/ld+json">{"image":"/x.jpg","a":' + "[" * 300_000 + "</script>",
    "pieces of markup": '<script type="application/json">'
    + json.dumps([f'<img src="/{n}.jpg">' for n in range(4_000)])
    + "</script>",
    "style": '<i style="background:' + "url(" * 300_000 + '"></i>',
    "quotes in style": '<i style="background:' + "url('" * 300_000 + '"></i>',
    "spaces": '<i data-a="/' + " 1w" * 300_000 + '"></i>',
    "links in links": "<svg>" + '<a href="/x">' * 11_000 + '<image href="/a.jpg"/>',
    "labels of a host": f'<img src="https://{"stats." * 100_000}example/a.jpg">',
    "ends of a name": f'<img src="https://c.example/{"-_" * 4_000}.jpg">' * 20,
    "templates": '<img data-src="/' + "{width" * 300_000 + '.jpg">',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_costs_no_more_than_its_length(name: str) -> None:
    text = HOSTILE[name]
    seconds = 3 + len(text) / 500_000

    assert cheapest(lambda: check(found(text)), enough=seconds) < seconds

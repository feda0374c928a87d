"""Pictures in script state and in attributes: found as JSON, never by running anything."""

from __future__ import annotations

import json

import pytest

from harvester.candidates.pictures.json.script_values import flight_chunks, flight_values, values
from harvester.model import Variant
from tests.support.pages import addresses, found, images, only

PICTURE = {"url": "https://cdn.example/a.jpg", "width": 1600, "height": 900, "alt": "A lake"}
STATE = json.dumps({"page": {"lead": PICTURE}})
ESCAPED = json.dumps(STATE)  # a text that holds the JSON


@pytest.mark.parametrize(
    "script",
    [
        f'<script id="__NEXT_DATA__" type="application/json">{STATE}</script>',
        f"<script>window.__STATE__ = {STATE};</script>",
        f'<script>window["__STATE__"]={STATE}</script>',
        f"<script>var a=1;const state={STATE},b=2</script>",
        f"<script>window.__APOLLO_STATE__={STATE};window.other=function(){{return 1}}</script>",
        f"<script>start({STATE}, 'x')</script>",
        f"<script>window.__S__=JSON.parse({ESCAPED})</script>",
        f"<script>window.__S__ = JSON.parse('{STATE}');</script>",
        f"<script>window.__S__ = JSON.parse(decodeURIComponent('{STATE.replace(chr(34), '%22')}'));</script>",
        f"<script>x={{a:function(){{}},state:{STATE}}}</script>",
        f'<script>window.__S__={STATE[:-1]}, "gone":undefined,"on":!0}}</script>',
        f"<script>self.__next_f.push([1,{json.dumps('5:' + STATE)}])</script>",
        "<script>self.__next_f.push([1,{}])</script><script>self.__next_f.push([1,{}])</script>".format(
            json.dumps('a:I["x"]\n5:' + STATE[:30]), json.dumps(STATE[30:] + "\n")
        ),
        f'<script type="application/json">{json.dumps({"outer": STATE})}</script>',
    ],
)
def test_state_is_found_however_it_is_kept(script: str) -> None:
    image = only(script)

    assert image.alt == "A lake"
    assert [(v.url, v.width, v.height) for v in image.variants] == [("https://cdn.example/a.jpg", 1600, 900)]


@pytest.mark.parametrize(
    "attribute",
    [
        'data-gallery=\'[{"src":"/a.jpg","thumb":"/a_t.jpg","w":1600}]\'',
        'data-gallery=\'{"items":[{"src":"\\/a.jpg","thumb":"/a_t.jpg","w":"1600"}]}\'',
        'data-gallery="[{&quot;src&quot;:&quot;/a.jpg&quot;,&quot;thumb&quot;:&quot;/a_t.jpg&quot;,&quot;w&quot;:1600}]"',
        'data-gallery="%5B%7B%22src%22%3A%22/a.jpg%22%2C%22thumb%22%3A%22/a_t.jpg%22%2C%22w%22%3A1600%7D%5D"',
        ':images=\'[{"src":"/a.jpg","thumb":"/a_t.jpg","w":1600}]\'',
    ],
)
def test_a_gallery_in_an_attribute_gives_its_pictures(attribute: str) -> None:
    image = only(f"<div {attribute}></div>")

    assert [(v.url[20:], v.width) for v in image.variants] == [("/a.jpg", 1600), ("/a_t.jpg", None)]


def test_each_picture_of_a_gallery_is_one_image() -> None:
    found = images('<div data-gallery=\'[{"src":"/a.jpg"},{"src":"/b.jpg"},{"src":"/c.jpg"}]\'></div>')

    assert [addresses(image) for image in found] == [["/a.jpg"], ["/b.jpg"], ["/c.jpg"]]


def test_renditions_of_one_picture_in_the_state_are_one_image() -> None:
    state = {
        "crops": [{"url": f"https://cdn.example/p/lake.jpg?w={w}", "width": w} for w in (300, 900)],
        "caption": "A lake",
    }
    image = only(f'<script type="application/json">{json.dumps(state)}</script>')

    assert image.caption == "A lake"
    assert [v.width for v in image.variants] == [300, 900]


def test_a_srcset_in_the_state_is_read_as_one() -> None:
    image = only('<script type="application/json">{"srcSet": "/a.jpg?w=300 300w, /a.jpg?w=900 900w"}</script>')

    assert [v.width for v in image.variants] == [300, 900]


def test_markup_in_the_state_is_read_as_markup() -> None:
    image = only(
        '<script type="application/json">{"body": "<p>x<\\/p><img src=\\"/a.jpg\\" alt=\\"A lake\\">"}</script>'
    )

    assert image.alt == "A lake"
    assert image.variants == (Variant(url="https://news.example/a.jpg", origin="markup in script: img@src"),)


def test_json_in_an_attribute_of_an_image_is_of_that_image() -> None:
    image = only('<img src=\'/small/1.jpg\' data-sizes-json=\'{"large":{"src":"https://cdn.example/x/88.jpg"}}\'>')

    assert addresses(image) == ["/small/1.jpg", "https://cdn.example/x/88.jpg"]


@pytest.mark.parametrize(
    "value",
    [
        {"url": "https://news.example/story.html"},
        {"file": "2026/01/a.jpg"},
        {"name": "a.jpg"},
        {"authorImage": "https://cdn.example/author.jpg"},
        {"logo": "https://cdn.example/logo.png"},
        {"src": "https://cdn.example/{width}/a.jpg"},
        {"src": "data:image/gif;base64,R0lGODlhAQABAAAAACw=.jpg"},
        {"text": "see https://cdn.example/a.jpg there"},
    ],
    ids=json.dumps,
)
def test_what_is_no_address_of_a_picture_is_none(value: object) -> None:
    assert images(f'<script>var a = "b.jpg", state = {json.dumps(value)};</script>') == ()


@pytest.mark.parametrize("kind", ["text/template", "text/x-template", "text/html", "text/x-handlebars-template"])
def test_templates_hold_no_state(kind: str) -> None:
    assert images(f'<script type="{kind}">{STATE}</script>') == ()


def test_code_is_never_run_and_broken_values_are_passed_over() -> None:
    script = 'x={"a":"/b.jpg",};y={"url":/b.jpg/};throw {"url":"https://cdn.example/a.jpg"}'

    assert addresses(only(f"<script>{script}</script>")) == ["https://cdn.example/a.jpg"]


def test_values_are_found_with_their_names() -> None:
    text = 'window.__A__ = {"k": [1, 2, 3, 4, 5]}; b({"k": "in a call, long enough"}); c = {"k": undefined, "l": "mm"}'

    assert [name for name, _ in values(text)] == ["__A__", "b", "c"]


def test_rows_of_a_stream_of_components_are_values() -> None:
    (chunk,) = flight_chunks(
        'self.__next_f.push([1,"a:[\\"$\\",\\"img\\",null,{\\"src\\":\\"/a.jpg\\"}]\\nb:T5,hello"])'
    )

    assert list(flight_values(chunk)) == [["$", "img", None, {"src": "/a.jpg"}]]


def test_what_is_too_large_is_not_read_and_told() -> None:
    page = found('<img src="/a.jpg"><script>s={"u":"/b.jpg","x":"' + "y" * 9_000_000 + '"}</script>')

    assert [addresses(image) for image in page.images] == [["/a.jpg"]]
    assert page.left_out[-1].reason.startswith("not read: a script of 9,000,023 characters")


CUT = r'"https://cdn.example/a.jpg", "caption": "A lake \ud83d"'
HALVES = {
    "state": f'<script>x = {{"image": {CUT}}}</script>',
    "data": f'<script type="application/json">{{"image": {CUT}}}</script>',
    "json-ld": f'<script type="application/ld+json">{{"@type": "ImageObject", "url": {CUT}}}</script>',
}


@pytest.mark.parametrize("kind", HALVES)
def test_a_caption_that_was_cut_within_a_letter_can_be_written(kind: str) -> None:
    image = only(HALVES[kind])

    assert image.caption == "A lake \ufffd"


def test_a_letter_that_a_script_writes_in_two_halves_is_one() -> None:
    state = r'{"image": "https://cdn.example/a.jpg", "caption": "A lake \ud83c\udf0a"}'

    assert only(f"<script>x = JSON.parse('{state}')</script>").caption == "A lake \U0001f30a"


@pytest.mark.parametrize("width", ["1" * 5_000, f'"000000002{"1" * 5_000}"'])
@pytest.mark.parametrize("kind", ["text/javascript", "application/json", "application/ld+json"])
def test_numbers_of_thousands_of_digits_are_no_sizes(kind: str, width: str) -> None:
    state = f'{{"image": "https://cdn.example/a.jpg", "width": {width}}}'

    found(f'<script type="{kind}">{state if "json" in kind else f"x = {state}"}</script>')

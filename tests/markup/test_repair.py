"""Lost white space is put back into tags, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.markup import parse, repair
from harvester.markup.document import Document

TAG, ATTRIBUTE = "glued-tag", "glued-attribute"
PLAYER = "</video-player>"

DAMAGED = [
    ('<imgsrc="a.jpg">', '<img src="a.jpg">', {TAG: 1}),
    ("<imgsrc=a.jpg>", "<img src=a.jpg>", {TAG: 1}),
    ('<IMGSRC="a.jpg">', '<IMG SRC="a.jpg">', {TAG: 1}),
    ('<sourcetype="image/webp"srcset="a 1x">', '<source type="image/webp"srcset="a 1x">', {TAG: 1}),
    ('<imgfetchpriority="low" src=a>', '<img fetchpriority="low" src=a>', {TAG: 1}),
    ('<divdata-hidden-player="x">', '<div data-hidden-player="x">', {TAG: 1}),
    ("<divdata-hidden>", "<div data-hidden>", {TAG: 1}),
    ("<divhidden>", "<div hidden>", {TAG: 1}),
    ('<div@click="x">', '<div @click="x">', {TAG: 1}),
    ('<thclass="a">', '<th class="a">', {TAG: 1}),
    ('<theadclass="a">', '<thead class="a">', {TAG: 1}),
    ('<ahref="x">', '<a href="x">', {TAG: 1}),
    ('<imgacme-thing="x">', '<img acme-thing="x">', {TAG: 1}),
    (f'<video-playermedia-id="Wx">{PLAYER}', f'<video-player media-id="Wx">{PLAYER}', {TAG: 1}),
    (f"<video-playerautoplay >{PLAYER}", f"<video-player autoplay >{PLAYER}", {TAG: 1}),
    ('<scriptasyncsrc="x"></script>', '<script async src="x"></script>', {ATTRIBUTE: 1, TAG: 1}),
    (
        '<iframesrc="x"allowfullscreenloading="lazy">',
        '<iframe src="x"allowfullscreen loading="lazy">',
        {ATTRIBUTE: 1, TAG: 1},
    ),
    ('<imgalt="1 > 0 <imgsrc=x>"src="a">', '<img alt="1 > 0 <imgsrc=x>"src="a">', {TAG: 1}),
]


@pytest.mark.parametrize(("damaged", "mended", "told"), DAMAGED, ids=[row[0] for row in DAMAGED])
def test_a_glued_tag_is_cut_where_its_name_ends(damaged: str, mended: str, told: dict[str, int]) -> None:
    text, repairs = repair(damaged)

    assert text == mended
    assert {each.kind: each.count for each in repairs} == told


def test_damage_after_a_script_is_mended_too() -> None:
    text, _ = repair("<script>a<b</script><svg><title/></svg><imgsrc=a><script></script><imgsrc=b>")

    assert text == "<script>a<b</script><svg><title/></svg><img src=a><script></script><img src=b>"


def test_the_case_of_an_id_survives_a_glued_tag() -> None:
    document = parse(f'<video-playervideo-id="aB3_dEf-9Zk">{PLAYER}', "https://a.example/")

    assert document.css("video-player")[0].attributes == {"video-id": "aB3_dEf-9Zk"}


NEVER_TOUCHED = [
    "<script>var html = '<imgsrc=\"x\">'</script>",
    "<script src=x/>var html = '<imgsrc=x>'</script>",
    "<style>/* <imgsrc=x> */</style>",
    "<!-- <imgsrc=x> -->",
    "<textarea><imgsrc=x></textarea>",
    "<title><imgsrc=x></title>",
    "<p title='<imgsrc=x>'>",
    "<p title=<imgsrc=x>",
]


@pytest.mark.parametrize("healthy", NEVER_TOUCHED)
@pytest.mark.parametrize("before", ["", "<ahref=x>"], ids=["alone", "in a damaged page"])
def test_what_is_no_tag_is_never_touched(healthy: str, before: str) -> None:
    text, _ = repair(before + healthy)

    assert text.endswith(healthy)


HEALTHY = [
    '<video-player-controls media="x"></video-player-controls></video-player>',
    "<my-videocontrols></my-videocontrols></my-video>",
    "<divider>",
    "<imgur-embed>",
    '<a-b="x">',
    "<foo=bar>",
    '<img src="a"alt="b">',
    "1 <2 and a<b=c",
    "<svg viewBox='0 0 1 1'><path d=M0/></svg>",
]


@pytest.mark.parametrize("text", HEALTHY)
def test_healthy_markup_is_given_back_as_it_is(text: str) -> None:
    assert repair(text) == (text, ())


NAMES = ["img", "div", "a", "source", "video-player", "p", "script", "svg"]
PIECES = st.one_of(
    st.sampled_from(
        ["<", ">", "</", "/>", "<!--", "-->", '"', "'", "=", " ", "\n", "src", "async", "data-x", "hidden"]
    ),
    st.sampled_from(NAMES),
    st.sampled_from([f"<{name}" for name in NAMES]),
    st.sampled_from([f"</{name}>" for name in NAMES]),
    st.text(max_size=5),
)
SOUP = st.lists(PIECES, max_size=40).map("".join)


@given(SOUP)
def test_repair_only_adds_spaces_and_says_how_many(text: str) -> None:
    mended, repairs = repair(text)

    assert mended.replace(" ", "") == text.replace(" ", "")
    assert len(mended) - len(text) == sum(each.count for each in repairs)


@given(SOUP)
def test_what_was_mended_needs_no_mending(text: str) -> None:
    mended, _ = repair(text)

    assert repair(mended) == (mended, ())


ATTRIBUTES = st.lists(
    st.sampled_from([' src="a b"', " class='x>y'", " hidden", " data-id=7", ' alt=""', ' title="<imgsrc=x>"', " open"]),
    max_size=4,
    unique=True,
).map("".join)
ELEMENTS = st.builds(
    lambda name, given, inner: f"<{name}{given}>{inner}</{name}>",
    st.sampled_from(["div", "p", "span", "figure", "video-player", "x-async", "script", "textarea"]),
    ATTRIBUTES,
    st.text(alphabet="ab <&;=\"'", max_size=12).map(lambda text: text.replace("<", "&lt;")),
)


@given(st.lists(ELEMENTS, max_size=8).map("".join))
def test_a_well_formed_page_has_the_same_tree_before_and_after(page: str) -> None:
    mended, repairs = repair(page)

    assert repairs == ()
    assert Document(mended, "https://a.example/").root.html == Document(page, "https://a.example/").root.html

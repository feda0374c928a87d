"""What a parsed page answers: its base, its addresses, its meta elements, its JSON-LD."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.markup import ancestors, attributes, parse, text_of, types_of

HERE = "https://a.example/news/story.html"

BASES = [
    ("", HERE),
    ('<base href="/media/">', "https://a.example/media/"),
    ('<base target="_top"><base href="//cdn.example/x/">', "https://cdn.example/x/"),
    ('<base href="https://b.example/"><base href="https://c.example/">', "https://b.example/"),
    ('<base href="file:///etc/">', HERE),
    ('<base href="javascript:alert(1)">', HERE),
    ('<base href="data:,x">', HERE),
    ('<base href="http://[">', HERE),
]


@pytest.mark.parametrize(("markup", "base"), BASES)
def test_the_base_is_the_first_base_element_where_it_is_a_web_address(markup: str, base: str) -> None:
    assert parse(f"<head>{markup}</head>", HERE).base_url == base


def test_addresses_are_resolved_and_only_those_of_the_web() -> None:
    document = parse('<base href="/m/">', HERE)

    assert document.resolve(" a b.jpg#x") == "https://a.example/m/a%20b.jpg"
    assert [document.resolve(url) for url in ("file:///x", "data:,x", "javascript:x", "http://[")] == [None] * 4


def test_elements_come_in_document_order_without_comments_and_template_content() -> None:
    document = parse("<body><p>a<!-- x --><b>b</b></p><template><img></template><svg><image/></svg>", HERE)

    assert [node.tag for node in document.css("*")] == "html head body p b template svg image".split()


def test_small_questions_about_an_element() -> None:
    (node,) = parse('<div id=x><p hidden class="a b">one\n <b> two</b></p></div>', HERE).css("p")

    assert attributes(node) == {"hidden": "", "class": "a b"}
    assert text_of(node) == "one two"
    assert [parent.tag for parent in ancestors(node)] == ["div", "body", "html"]


def test_meta_elements_are_found_by_any_of_their_names() -> None:
    document = parse(
        '<meta property="og:title" content=" A  title "><meta name="Author" content="Ana"><meta name=author content=Bo>'
        '<meta itemprop="datePublished" content="2024-05-01"><meta name="empty" content=" "><meta charset=utf-8>',
        HERE,
    )

    assert document.meta == {"og:title": ["A title"], "author": ["Ana", "Bo"], "datepublished": ["2024-05-01"]}


WRITTEN = [
    ('{"@type": "NewsArticle"}', ["NewsArticle"]),
    ('[{"@type": "A"}, [{"@type": "B"}], 7, "x", null]', ["A", "B"]),
    ('{"@context": "x", "@graph": [{"@type": "A"}, {"@type": ["B", "C"]}]}', ["A", "B", "C"]),
    ('<!-- {"@type": "A"} -->', ["A"]),
    ('//<![CDATA[\n{"@type": "A"}\n//]]>', ["A"]),
    ('/* <![CDATA[ */ {"@type": "A"} /* ]]> */', ["A"]),
    ('{"@type": "A", "list": [1, 2,],}', ["A"]),
    ('{"@type": "A", "text": "one\ntwo, ]"}', ["A"]),
    ('{"@type": "A"};', ["A"]),
    ('{"@type": "A"}\n{"@type": "B"}', ["A", "B"]),
    ("{&quot;@type&quot;: &quot;A&quot;}", ["A"]),
    ('{"@type": "https://schema.org/A"}', ["A"]),
    ('{"name": "without a type"}', []),
    ('{"@type": "A"', []),
    ("[" * 100_000, []),
    ("", []),
]


@pytest.mark.parametrize(("script", "types"), WRITTEN, ids=[row[0][:40] for row in WRITTEN])
def test_json_ld_is_read_as_pages_write_it(script: str, types: list[str]) -> None:
    document = parse(f'<script type="application/ld+json; charset=utf-8">{script}</script>', HERE)

    assert [kind for thing in document.json_ld for kind in types_of(thing)] == types


def test_what_is_broken_in_one_script_does_not_hide_the_next() -> None:
    scripts = ["{broken", '{"@type": "A"}']
    page = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)

    assert [thing["@type"] for thing in parse(page, HERE).json_ld] == ["A"]


@given(st.text(alphabet='{}[]",:\\/*<!-ab1 \n@type', max_size=60))
def test_any_script_is_read_or_passed_over(script: str) -> None:
    document = parse(f'<script type="application/ld+json">{script}</script>', HERE)

    assert all("@type" in thing for thing in document.json_ld)


@given(st.text(max_size=200))
def test_any_text_gives_a_tree(text: str) -> None:
    assert parse(text, HERE).root.tag == "html"

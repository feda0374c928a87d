"""Hostile markup takes bounded time and memory, and what a page shows is kept."""

from __future__ import annotations

import pytest

from harvester.markup import Document, parse
from harvester.markup.nesting import DEEPEST
from harvester.markup.tags import MOST_ATTRIBUTES
from tests.support.patience import cheapest

MANY = 30_000
SECONDS = 20.0  # generous: unlimited, each of these takes minutes


def kinds(document: Document) -> set[str]:
    return {each.kind for each in document.repairs}


def depth(document: Document) -> int:
    depths: dict[int, int] = {}
    for node in document.css("*"):
        depths[node.mem_id] = 1 + (depths.get(node.parent.mem_id, 0) if node.parent is not None else 0)
    return max(depths.values())


def test_a_picture_in_thirty_thousand_nested_elements_is_found_and_so_is_the_one_after_them() -> None:
    page = "<div>" * MANY + '<img src="in.jpg">' + "</div>" * MANY + '<p><img src="after.jpg"></p>'

    document = parse(page, "https://a.example/")

    inner, after = document.css("img")
    assert (inner.attributes["src"], after.attributes["src"]) == ("in.jpg", "after.jpg")
    assert after.parent is not None
    assert after.parent.parent is not None
    assert after.parent.parent.tag == "body"
    assert kinds(document) == {"too-deep"}


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<template>",
        "<svg>",
        "<g>",
        "<span></div>",
        "<table><td>",
        "<b id=%d><p>",
        "<div></p></span>",
        "<li><x-y>",
        "<td><div>",
        "<table><table></table><td><div>",
        "<option><x-y>",
        "<i><svg>",
        "<frameset><xmp>",
    ],
)
def test_nesting_is_cut_where_browsers_cut_it(unit: str) -> None:
    page = "".join(unit.replace("%d", str(n)) for n in range(MANY // 2))

    assert cheapest(lambda: parse(page, "https://a.example/").root.html, enough=SECONDS) < SECONDS
    document = parse(page, "https://a.example/")
    assert depth(document) <= 2 * DEEPEST  # a table brings its body and its row


@pytest.mark.parametrize(
    "page",
    [
        "<svg><style>" + "<div>" * MANY,
        "<svg>" + "<style>" * MANY,
        "<svg><p>" + "<div/>" * MANY,
        "<svg></p>" + "<x-y/>" * MANY,
        "<svg/>" + "<x-y/>" * MANY,
        "<svg><math><mi><style>" + "<div>" * MANY,
        "<svg><font><style>" + "<div>" * MANY,
        "<math><title><style>" + "<div>" * MANY,
        "<math><mi><mglyph><style>" + "<div>" * MANY,
        "<math><annotation-xml><style>" + "<div>" * MANY,
        "<math><annotation-xml encoding=text/html>" + "<x-y/>" * MANY,
        "<div><svg><title></div>" * MANY,
        "<div><math><mi></div>" * MANY,
        "<div><title/></div></title>" * MANY,
    ],
    ids=lambda page: page[:40],
)
def test_drawings_and_formulas_hide_no_nesting(page: str) -> None:
    assert depth(parse(page, "https://a.example/")) <= 2 * DEEPEST


def test_what_comes_after_a_script_is_counted_as_well() -> None:
    document = parse("<script>a<b</script><script/></script><svg><title/></svg>" + "<div>" * MANY, "https://a.example/")

    assert depth(document) <= DEEPEST + 3


def test_formatting_that_is_never_closed_does_not_multiply() -> None:
    page = "".join(f"<p><b id={n}><i class=c{n}>x" for n in range(5_000))

    document = parse(page, "https://a.example/")

    assert len(document.css("*")) < 100_000


def test_a_tag_keeps_its_first_attributes_when_it_has_too_many() -> None:
    page = "<img src=a.jpg " + " ".join(f"a{n}=1" for n in range(50_000)) + "><img src=b.jpg>"

    document = parse(page, "https://a.example/")

    first, second = document.css("img")
    assert (first.attributes["src"], second.attributes["src"]) == ("a.jpg", "b.jpg")
    assert len(first.attributes) == MOST_ATTRIBUTES
    assert kinds(document) == {"too-many-attributes"}


def test_a_page_of_endless_tags_is_read_up_to_a_limit() -> None:
    document = parse("<img src=a.jpg>" + "<br>" * 250_000 + "<img src=b.jpg>", "https://a.example/")

    assert [node.attributes["src"] for node in document.css("img")] == ["a.jpg"]
    assert kinds(document) == {"too-many-tags"}


@pytest.mark.parametrize(
    "unit", ["<a ", '<a b="', "<a/x=", "<!--", "<script>", "<", "<title>", "<x", "</", "<a b='\"", "<!"]
)
def test_what_never_ends_is_read_once(unit: str) -> None:
    assert cheapest(lambda: parse(unit * 200_000, "https://a.example/"), enough=SECONDS) < SECONDS


@pytest.mark.parametrize(
    "page", ["<" + "a" * 500_000 + "src=x>", "<img" + "async" * 100_000 + "=x>", "<img " + "=" * 500_000]
)
def test_long_names_are_passed_over(page: str) -> None:
    assert cheapest(lambda: parse("<imgsrc=a>" + page, "https://a.example/"), enough=SECONDS) < SECONDS


def test_a_large_page_of_ordinary_nesting_is_left_alone() -> None:
    story = "<p>One <b>bold</b> word<p>another<ul><li>one<li>two <a href=x>three</a></ul>"
    table = "<table><tr><td>1<td>2<tr><td>3</table>"
    choice = "<select><option>1<option>2<optgroup label=a><option>3</select>"
    drawing = "<svg><title>A</title><style>g{}</style><g><path/><text>B</text></g></svg><svg/>"
    page = "<div><div>" + (story + table + choice + drawing) * 2_000 + "</div></div>"

    assert parse(page, "https://a.example/").repairs == ()

"""Article or furniture: what is taken, in which role, and what is asked for besides."""

from __future__ import annotations

import pytest

from harvester.candidates.find import find
from harvester.config import Candidates
from harvester.markup import parse
from harvester.steps import Offer
from tests.support.articles import SITE, TEXT, left_out, look, page, taken
from tests.support.pages import BASE, article

OG = '<meta property="og:image" content="{}">'
TEASER = '<li><a href="/{0}.html"><img src="/t{0}.jpg"><h3>A headline that leads to page {0}</h3></a><p>{1}</p></li>'


def test_the_pictures_of_an_article_are_taken_in_the_order_of_the_page() -> None:
    text = page('<img src="/b.jpg"><img src="/c.jpg">', opening='<figure><img src="/a.jpg"></figure>')

    assert taken(text) == [("/a.jpg", "lead"), ("/b.jpg", "inline"), ("/c.jpg", "inline")]


def test_the_lead_is_the_picture_that_the_metadata_name_too() -> None:
    text = page(
        '<img src="/b.jpg">',
        opening='<img src="/a.jpg"><img src="/hero.jpg?w=900">',
        head=OG.format("/hero.jpg?w=1200"),
    )

    assert taken(text) == [("/hero.jpg?w=900", "lead"), ("/a.jpg", "inline"), ("/b.jpg", "inline")]


def test_a_lead_is_one_picture_with_all_its_renditions_though_the_crops_differ() -> None:
    head = (
        OG.format("/2026/hero-1200x630.jpg")
        + '<meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">'
    )
    (image,) = look(page(opening='<img src="/2026/hero-600x900.jpg" width="600" height="900">', head=head)).images

    assert image.role == "lead"
    assert [(v.width, v.height) for v in image.variants] == [(600, 900), (1200, 630)]


def test_what_the_metadata_name_in_the_middle_of_the_text_does_not_lead() -> None:
    text = page('<img src="/named.jpg">', opening='<img src="/a.jpg">', head=OG.format("/named.jpg"))

    assert taken(text) == [("/a.jpg", "lead"), ("/named.jpg", "inline")]


def test_a_lead_that_stands_in_the_text_once_more_stays_the_lead() -> None:
    again = '<figure><img src="/hero.jpg?w=1200" width="1200"><figcaption>Boats at noon</figcaption></figure>'
    text = page(f'<img src="/b.jpg">{again}', opening='<img src="/hero.jpg?w=900">', head=OG.format("/hero.jpg"))

    assert [role for _, role in taken(text)] == ["lead", "inline"]
    assert taken(text)[0][0].startswith("/hero.jpg")


def test_a_gallery_of_the_article_belongs_to_it() -> None:
    gallery = "".join(f'<div class="gallery-item"><img src="/g{n}.jpg"></div>' for n in range(3))

    assert taken(page(f'<div class="gallery">{gallery}</div>', opening='<img src="/a.jpg">')) == [
        ("/a.jpg", "lead"),
        ("/g0.jpg", "gallery"),
        ("/g1.jpg", "gallery"),
        ("/g2.jpg", "gallery"),
    ]


def test_a_place_that_says_enough_decides() -> None:
    text = page('<img src="/a.jpg?w=900">', top='<nav><a href="/"><img src="/a.jpg?w=90"></a></nav>')

    assert [role for _, role in taken(text)] == ["lead"]


def test_what_is_only_named_stands_in_where_nothing_is_shown() -> None:
    assert taken(page(head=OG.format("/card.jpg"))) == [("/card.jpg", "social")]
    assert taken(page('<img src="/a.jpg">', head=OG.format("/card.jpg"))) == [("/a.jpg", "lead")]


@pytest.mark.parametrize("address", ["/img/logo-og.png", "/images/og/share.png", "/authors/jane.jpg", "/default.jpg"])
def test_the_card_of_the_whole_site_stands_in_for_nothing(address: str) -> None:
    assert taken(page(head=OG.format(address))) == []


def test_what_the_source_offers_stands_in_where_the_page_shows_nothing() -> None:
    offer = Offer(url=f"{SITE}/offered.jpg", type="image/jpeg")
    found = find(parse(page(), BASE), article(), (offer,), Candidates())

    assert [image.variants[0].url for image in found.images] == [f"{SITE}/offered.jpg"]


def test_an_article_that_only_scripts_hold_has_its_pictures() -> None:
    body = "".join(f"<p>{text}</p>" for text in TEXT).replace("</p><p>", '</p><img src=\\"/a.jpg\\"><p>', 1)

    assert taken(f'<h1>The shoal</h1><script>window.s = {{"body": "{body}"}}</script>') == [("/a.jpg", "lead")]


def test_a_front_page_gives_the_pictures_of_its_teasers() -> None:
    teasers = "".join(TEASER.format(n, text) for n, text in enumerate(TEXT))
    text = f'<nav><img src="/logo.png"></nav><main><ul>{teasers}</ul></main>'

    assert [url for url, _ in taken(text)] == [f"/t{n}.jpg" for n in range(len(TEXT))]


def test_a_page_that_says_it_is_an_article_does_not_give_its_teasers() -> None:
    teasers = "".join(TEASER.format(n, text) for n, text in enumerate(TEXT))

    assert taken(f"<main><ul>{teasers}</ul></main>", published="2026-03-01") == []


def test_a_page_that_is_one_picture_gives_it() -> None:
    assert taken('<img src="/a.jpg">') == [("/a.jpg", "lead")]


def test_all_that_is_left_out_says_why() -> None:
    text = page(
        '<img src="/a.jpg"><img src="/hit.php?id=7" width="1" height="1">',
        top='<nav><img src="/logo.svg"></nav>',
        after='<ul><li><a href="/b.html"><img src="/b.jpg">The boats of last year</a></li></ul>',
        head=OG.format("/card.jpg"),
    )

    assert left_out(text) == {
        "/logo.svg": "stands above the headline",
        "/hit.php?id=7": "counts readers",
        "/b.jpg": "stands after the article",
        "/card.jpg": "is named but shown nowhere",
    }


def test_the_scope_of_a_page_leaves_nothing_out_and_still_knows_the_lead() -> None:
    text = page('<img src="/a.jpg">', top='<nav><img src="/logo.svg"></nav>', head=OG.format("/card.jpg"))

    assert dict(taken(text, scope="page")) == {"/a.jpg": "lead", "/logo.svg": "inline", "/card.jpg": "social"}
    assert left_out(text, scope="page") == {}


def test_pictures_that_are_declared_smaller_than_wanted_are_left_out() -> None:
    text = page(
        '<img src="/small.jpg" width="300" height="200"><img src="/wide.jpg" width="900" height="200">'
        '<img src="/x.jpg">'
    )

    assert [url for url, _ in taken(text, min_width=600, min_height=100)] == ["/wide.jpg", "/x.jpg"]
    assert left_out(text, min_width=600) == {"/small.jpg": "is 300 px wide, less than min_width = 600"}
    assert left_out(text, min_height=201, scope="page") == {
        "/small.jpg": "is 200 px high, less than min_height = 201",
        "/wide.jpg": "is 200 px high, less than min_height = 201",
    }


def test_patterns_say_which_pictures_are_wanted() -> None:
    text = page('<img src="/a.jpg"><img src="/b.png">')

    assert [url for url, _ in taken(text, include=(r"\.png$",))] == ["/b.png"]
    assert left_out(text, exclude=(r"\.png$",)) == {"/b.png": r"matches exclude = '\\.png$'"}


def test_what_is_excluded_does_not_come_back_as_a_substitute() -> None:
    assert taken(page(head=OG.format("/card.jpg")), exclude=("card",)) == []


def test_cuts_of_one_drawing_for_different_screens_are_one_picture() -> None:
    drawing = (
        '<div class="chart"><div data-min-width="600"><img src="/chart-wide.png"></div>'
        '<div data-min-width="300" data-max-width="599"><img src="/chart-small.png"></div></div>'
    )
    (image,) = look(page(drawing)).images

    assert [(v.url.removeprefix(SITE), v.media) for v in image.variants] == [
        ("/chart-wide.png", "(min-width: 600px)"),
        ("/chart-small.png", "(min-width: 300px) and (max-width: 599px)"),
    ]
    assert "cuts of one drawing for different screens stand side by side" in image.joined


def test_pictures_that_one_screen_shows_together_are_no_cuts_of_a_drawing() -> None:
    both = '<div><i data-min-width="300"><img src="/a.png"></i><i data-min-width="600"><img src="/b.png"></i></div>'

    assert len(taken(page(both))) == 2


@pytest.mark.parametrize(
    "src", ["/images/green-1x1.png", "/icons/brunch-icon.jpg", "https://secure.gravatar.com/avatar/1"]
)
def test_the_one_picture_of_a_page_without_an_article_is_taken_whatever_it_is_called(src: str) -> None:
    assert len(taken(f'<article><h1>t</h1><p>Lorem ipsum.</p><figure><img src="{src}"></figure></article>')) == 1

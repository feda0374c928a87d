"""What speaks for a picture and against it: a small page for each signal, and the words and shapes that are data."""

from __future__ import annotations

import re

import pytest

from harvester.candidates.scope import url_patterns as addresses
from harvester.candidates.scope.class_names import WORDS, class_hints
from harvester.candidates.scope.signals import NEEDED, SIGNALS
from tests.support.articles import left_out, page, taken
from tests.support.project import ROOT

IMG = '<img src="/p.jpg">'
LARGE = '<img src="/p.jpg" width="900">'
OG = '<meta property="og:image" content="/p.jpg">'

FOR = {
    "stands in the text": page(IMG),
    "stands between headline and text": page(opening=IMG),
    "stands behind the text, in its element": page(tail=IMG),
    "stands on a page without an article": IMG,
    "is all that a page without an article shows": '<a href="/another.html"><img src="/p.jpg" width="90"></a>',
    "stands directly over the headline": page(top=LARGE),
    "is named in the page's metadata": page(top=f"{IMG}<p>{'Weather and traffic, ' * 30}</p>", head=OG),
    "is large": page(f'<a href="https://shop.example/">{LARGE}</a>'),
    "is a figure": page('<figure><a href="https://shop.example/"><img src="/p.jpg"></a></figure>'),
    "has a caption": page(
        '<figure><a href="https://shop.example/"><img src="/p.jpg"></a><figcaption>Boats at noon</figcaption></figure>'
    ),
}
AGAINST = {
    "stands above the headline": page(top=f"{IMG}<p>{'Weather and traffic, ' * 30}</p>"),
    "stands after the article": page(after=IMG),
    "is a drawing": page('<img src="/p.svg">'),
    "is the still of a player": page('<div class="video-player" style="background-image: url(/p.jpg)"></div>'),
    "stands beside a picture that is shown": page(
        '<figure data-zoom=\'{"url":"/p.jpg"}\'><img src="/shown.jpg"></figure>'
    ),
    "stands in a script only": page('<script>window.x = {"image": {"url": "/p.jpg"}}</script>'),
    "has an address that is no picture's": page('<i data-src="/widgets/likes/"></i>'),
    "invites to another page": page(f'<a href="/another.html">{IMG}<span>The boats of last year</span></a>'),
    "is tiny": page('<img src="/p.jpg" width="48" height="48">'),
    "is small": page('<a href="https://shop.example/"><img src="/p.jpg" width="150" height="150"></a>'),
    "is a link to another page": page(f'<a href="/another.html">{IMG}</a>'),
    "is a link to another site": page(f'<a href="https://shop.example/">{IMG}</a>'),
    "has a heading of its own": page(f"<div>{IMG}<h3>Our weekly recordings</h3></div>"),
    "shows an author": page(f'<div class="author-box">{IMG}</div>'),
    "has the address of an icon": page('<img src="/themes/courier/p.jpg">'),
    "stands in an aside": page(f'<aside>{IMG}<img src="/q.jpg"></aside>'),
    "stands in the navigation": page(f"<nav>{IMG}</nav>"),
    "stands among invitations": page('<div class="related"><img src="/p.jpg" width="150" height="150"></div>'),
    "stands in advertising": page(f'<div class="ad-slot">{IMG}</div>'),
}


@pytest.mark.parametrize("reason", FOR)
def test_a_signal_that_speaks_for_a_picture_is_heard(reason: str) -> None:
    assert [url for url, _ in taken(FOR[reason])] == ["/p.jpg"]


@pytest.mark.parametrize("reason", AGAINST)
def test_a_picture_that_is_left_out_says_why(reason: str) -> None:
    said = left_out(AGAINST[reason])

    assert any(reason in why for why in said.values())


def test_every_signal_has_its_page() -> None:
    assert {signal.reason for signal in SIGNALS} == {*FOR, *AGAINST}


def test_no_signal_keeps_a_picture_against_all_others() -> None:
    strongest = max(signal.weight for signal in SIGNALS)

    assert strongest + sum(signal.weight for signal in SIGNALS if signal.weight < 0) < NEEDED


@pytest.mark.parametrize("page_name", ["gallery", "photos", "harbour-fire-0815"])
def test_a_link_to_the_page_of_the_picture_is_no_invitation(page_name: str) -> None:
    linked = f'<a href="/{page_name}.html"><img src="/i/harbour-fire-0815_w600.jpg"></a>'

    assert [url for url, _ in taken(page(linked))] == ["/i/harbour-fire-0815_w600.jpg"]


def test_a_link_in_a_caption_makes_no_teaser() -> None:
    figure = (
        '<figure><img src="/p.jpg"><figcaption>Boats at noon. '
        '<a href="/last-year.html">Read how they fared in the year before this one</a></figcaption></figure>'
    )

    assert [url for url, _ in taken(page(figure))] == ["/p.jpg"]


def test_an_aside_that_is_only_the_pictures_own_frame_says_nothing_against_it() -> None:
    assert [url for url, _ in taken(page(f"<aside>{IMG}Boats at noon</aside>"))] == ["/p.jpg"]


def test_what_lies_under_the_articles_address_is_a_part_of_it() -> None:
    thumb = '<a href="/2026/story.html/boats/"><img src="/p.jpg" width="150" height="150"></a>'

    assert [url for url, _ in taken(page(thumb))] == ["/p.jpg"]


def test_the_thumbnail_of_a_linked_file_is_not_tiny() -> None:
    thumb = '<a href="/p.jpg?w=2000"><img src="/p.jpg?w=90" width="90" height="60"></a>'

    assert [url for url, _ in taken(page(thumb))] == ["/p.jpg?w=90"]


def test_a_box_about_an_author_may_say_a_sentence() -> None:
    portrait = '<img src="/p.jpg" width="150"><p>Jane Doe writes of boats and fish and the sea.</p>'
    about = f'<div class="about-the-writer"><div>{portrait}</div></div>'

    assert taken(page(tail=about)) == []


def test_a_small_picture_whose_text_is_the_authors_name_and_little_more_shows_the_author() -> None:
    small = '<img src="/p.jpg" width="300" alt="Photo of Jane Doe">'

    assert taken(page(opening=small), authors=("Jane Doe",)) == []
    assert len(taken(page(opening=small.replace("300", "900")), authors=("Jane Doe",))) == 1


def test_a_large_drawing_with_a_caption_is_a_chart() -> None:
    chart = '<figure><img src="/p.svg" width="{}"><figcaption>Fish caught in a year</figcaption></figure>'

    assert len(taken(page(chart.format(800)))) == 1
    assert taken(page(chart.format(80))) == []


def test_a_box_with_a_heading_and_a_large_picture_leads_nowhere_and_belongs_to_the_article() -> None:
    box = "<div><h3>The shoal in numbers</h3>{}</div>"

    assert len(taken(page(box.format(LARGE)))) == 1
    assert taken(page(box.format(f"{LARGE}<a href='/another.html'>More</a>"))) == []


def test_a_custom_element_may_say_what_it_is_for_by_its_tag() -> None:
    assert taken(page('<amp-ad><amp-img src="/p.jpg" width="300" height="250"></amp-img></amp-ad>')) == []


def test_the_portrait_of_an_author_is_known_by_the_authors_name() -> None:
    portrait = page('<div><img src="/p.jpg" alt="Jane Doe"></div>')

    assert left_out(portrait, authors=("Jane Doe",)) == {"/p.jpg": "shows an author"}
    assert taken(portrait, authors=("Sam Poe",)) == [("/p.jpg", "lead")]


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words.hint)
def test_a_name_says_what_an_element_is_for(words: object) -> None:
    entry = next(entry for entry in WORDS if entry is words)

    assert [name for name in entry.examples if entry.hint not in class_hints(name)] == []
    assert [name for name in entry.others if entry.hint in class_hints(name)] == []


@pytest.mark.parametrize("shape", addresses.SHAPES, ids=lambda shape: shape.says)
def test_the_shape_of_an_address_says_something_against_a_picture(shape: addresses.UrlPattern) -> None:
    assert [url for url in shape.examples if not addresses.says(url, shape.says)] == []
    assert [url for url in shape.others if addresses.says(url, shape.says)] == []


def test_the_document_tells_every_signal_with_its_weight() -> None:
    document = (ROOT / "docs" / "extraction.md").read_text("utf-8")
    told = re.findall(r"^\| ([^|]+) \| ([+-][0-9.]+) \|", document, re.MULTILINE)

    assert [(reason, float(weight)) for reason, weight in told] == [(s.reason, s.weight) for s in SIGNALS]

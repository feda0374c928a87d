"""What is said under a picture and whom it credits: a small page for each rule, and the marks that are data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.candidates.captions import credit_line
from harvester.candidates.captions.button_labels import LABELS, is_label
from harvester.candidates.captions.credit_agencies import AGENCY_EXAMPLES
from harvester.candidates.captions.credit_marks import KEPT, MARKS, Example
from tests.support.articles import TEXT, look, page
from tests.support.patience import cheapest

EXAMPLES = (*(example for mark in MARKS for example in mark.examples), *AGENCY_EXAMPLES)


def said(figure: str, **where: str) -> tuple[str | None, str | None]:
    """Give the caption and the credit of the one picture that stands in the text of an article."""
    (image,) = look(page(figure, **where)).images
    return image.caption, image.credit


@pytest.mark.parametrize(
    "figure",
    [
        '<figure><img src="/a.jpg"><figcaption>Boats at noon</figcaption></figure>',
        '<div><img src="/a.jpg"><p class="wp-caption-text">Boats at noon</p></div>',
        '<div><div><img src="/a.jpg"></div><div class="bildunterschrift">Boats at noon</div></div>',
        '<div class="media"><img src="/a.jpg"><span class="image-info">Boats at noon</span></div>',
        '<div class="photo"><img src="/a.jpg"><span>Boats at noon</span></div>',
        '<figure><img src="/a.jpg">Boats at noon</figure>',
        '<figure><a href="/a-large.jpg"><img src="/a.jpg"></a><figcaption>Boats <b>at</b> noon</figcaption></figure>',
        '<figure><img src="/a.jpg" data-caption="not this"><figcaption>Boats at noon</figcaption></figure>',
    ],
)
def test_a_caption_stands_in_what_is_called_so_else_in_the_figure(figure: str) -> None:
    assert said(figure) == ("Boats at noon", None)


def test_the_alternative_text_is_no_caption() -> None:
    assert said('<figure><img src="/a.jpg" alt="Boats at noon"></figure>') == (None, None)


def test_a_text_that_stands_twice_is_said_once() -> None:
    caption = (
        "<figcaption><span>The boats of the harbour at noon</span>"
        '<span class="phone-only">The boats of the harbour at noon</span></figcaption>'
    )

    assert said(f'<figure><img src="/a.jpg">{caption}</figure>') == ("The boats of the harbour at noon", None)


def test_what_is_for_screen_readers_and_buttons_is_no_caption() -> None:
    unseen = '<span class="sr-only">Image caption,</span><button>Enlarge</button><svg><title>Camera</title></svg>'
    caption = f"{unseen}Boats at noon"

    assert said(f'<figure><img src="/a.jpg"><figcaption>{caption}</figcaption></figure>') == ("Boats at noon", None)


def test_each_picture_has_its_own_caption() -> None:
    figures = "".join(
        f'<div class="item"><img src="/{n}.jpg"><div class="caption">Boat number {n}</div></div>' for n in range(3)
    )

    assert [image.caption for image in look(page(f"<div>{figures}</div>")).images] == [
        "Boat number 0",
        "Boat number 1",
        "Boat number 2",
    ]


def test_the_text_of_the_article_is_no_caption() -> None:
    assert said(f'<div class="image"><img src="/a.jpg"></div><p class="article-description">{TEXT[0]}</p>')[0] is None


@pytest.mark.parametrize(
    "credit",
    [
        '<span class="credit">Jane Doe</span>',
        '<small class="imageCopyright">© Jane Doe</small>',
        '<span itemprop="copyrightHolder">Jane Doe</span>',
        "<cite>Photo: Jane Doe</cite>",
        '<div class="bildnachweis">(Foto: Jane Doe)</div>',
        '<span class="source">Fuente: Jane Doe</span>',
    ],
)
def test_what_is_called_a_credit_is_one_and_leaves_the_caption(credit: str) -> None:
    inside = f'<figure><img src="/a.jpg"><figcaption>Boats at noon {credit}</figcaption></figure>'
    outside = f'<figure><img src="/a.jpg"><figcaption>Boats at noon</figcaption>{credit}</figure>'

    assert said(inside) == said(outside) == ("Boats at noon", "Jane Doe")


def test_credits_side_by_side_are_one() -> None:
    credit = '<span class="credit">Photo by Jane Doe</span> / <span class="distributor">The Agency</span>'

    assert (
        said(f'<figure><img src="/a.jpg"><figcaption>Boats {credit}</figcaption></figure>')[1]
        == "Jane Doe / The Agency"
    )


def test_the_author_of_the_article_is_not_credited_for_the_picture() -> None:
    assert said("", opening='<div><img src="/a.jpg"></div><div class="byline">By Jane Doe</div>') == (None, None)


def test_in_a_card_that_credits_somebody_the_other_words_name_what_is_shown() -> None:
    card = (
        '<div><a href="https://shop.example/1"><img src="/a.jpg" width="900">'
        '<p class="PhotoCredit">Photograph: Jane Doe</p></a>'
        '<div class="name">The Two-Man Tent</div><a href="https://shop.example/1">$285 there</a></div>'
    )

    assert said(card) == ("The Two-Man Tent", "Jane Doe")


def test_what_a_title_says_behind_a_bar_is_the_credit_where_nothing_else_tells() -> None:
    assert said('<figure><img src="/a.jpg" title="Boats at noon | AFP/Jane Doe"></figure>') == (None, "AFP/Jane Doe")
    assert said('<img src="/a.jpg" alt="Foto: Boats at noon">') == (None, None)


def test_search_engines_are_told_what_the_page_does_not_say() -> None:
    told = (
        '<script type="application/ld+json">{"@type": "ImageObject", "url": "/a.jpg",'
        ' "caption": "Boats at noon (Photo: Jane Doe)"}</script>'
    )

    assert said('<img src="/a.jpg">', head=told) == ("Boats at noon", "Jane Doe")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0])
def test_a_mark_parts_the_credit_from_the_caption(example: Example) -> None:
    text, caption, credit = example

    assert credit_line.cut([text]) == (caption or None, credit)


@pytest.mark.parametrize("text", KEPT)
def test_a_caption_that_credits_nobody_stays_as_it_is(text: str) -> None:
    assert credit_line.cut([text]) == (text, None)


def test_a_piece_that_is_all_credit_may_stand_before_the_caption() -> None:
    assert credit_line.cut(["Foto: Anna Muster/dpa", "Das Rathaus am Abend."]) == (
        "Das Rathaus am Abend.",
        "Anna Muster/dpa",
    )


def test_a_label_by_itself_announces_the_name_behind_it() -> None:
    assert credit_line.cut(["Boats at noon", "Credit", "Jane Doe"]) == ("Boats at noon", "Jane Doe")


def test_a_credit_is_given_once() -> None:
    assert credit_line.joined(["Jane Doe", "jane doe", "Jane Doe/AP", "", "Sam Poe"]) == "Jane Doe/AP / Sam Poe"


def test_a_mark_whose_name_stands_elsewhere_does_not_stay_behind() -> None:
    assert said(
        '<figure><img src="/a.jpg"><figcaption>Boats. Foto: <b class="author">Jane</b></figcaption></figure>'
    ) == (
        "Boats.",
        "Jane",
    )


def test_a_mark_without_a_name_credits_nobody() -> None:
    assert credit_line.without_mark("© ") == ""
    assert credit_line.cut(["Boats at noon ©"])[1] is None


@given(st.lists(st.text("Foto: ©(c)AP/| –.Jane图源：写真", max_size=80), max_size=4))
def test_no_word_is_made_up(pieces: list[str]) -> None:
    caption, credit = credit_line.cut(pieces)

    assert set(f"{caption or ''}{credit or ''}") <= {*"".join(pieces), " ", "/"}


@pytest.mark.parametrize(
    "text", ["a " * 700, "A. " * 500, "AP, " * 400, "( " * 700, "foto: " * 250, "a – " * 375, "/ a" * 500, "…," * 700]
)
def test_no_caption_takes_long(text: str) -> None:
    assert cheapest(lambda: credit_line.cut([text]), enough=0.2) < 0.2


@pytest.mark.parametrize("label", [label for row in LABELS for label in row.examples])
def test_what_a_button_says_is_no_caption(label: str) -> None:
    beside = f'<figure class="media"><img src="/a.jpg"><div>{label}</div><div>Boats at noon</div></figure>'
    alone = f'<figure class="media"><img src="/a.jpg"><div>{label}</div></figure>'

    assert is_label(label)
    assert said(beside) == ("Boats at noon", None)
    assert said(alone) == (None, None)


@pytest.mark.parametrize("caption", [caption for row in LABELS for caption in row.captions])
def test_a_caption_may_have_the_words_of_a_button(caption: str) -> None:
    assert said(f'<figure><img src="/a.jpg"><figcaption>{caption}</figcaption></figure>') == (caption, None)


@pytest.mark.parametrize("counter", ["1/5", "1 of 12", "Foto 3 / 9", "Bild 2 von 12"])
def test_which_of_several_pictures_is_shown_is_no_caption(counter: str) -> None:
    caption = f"<figcaption><span>{counter}</span><p>Boats at noon</p></figcaption>"

    assert said(f'<figure><img src="/a.jpg">{caption}</figure>') == ("Boats at noon", None)


@pytest.mark.parametrize(
    "buttons",
    [
        '<a href="https://www.facebook.com/sharer/sharer.php?u=x">On the other site</a>',
        '<a href="#"><span>Facebook</span></a><a href="#"><span>E-Mail</span></a>',
        '<div class="share-bar"><span>Tell a friend</span></div>',
        "<ul><li>Facebook</li><li>WhatsApp</li></ul>",
    ],
)
def test_where_a_page_is_shared_is_no_caption(buttons: str) -> None:
    assert said(f'<div class="image"><img src="/a.jpg"><div>{buttons}</div></div>') == (None, None)


def test_a_picture_may_come_from_a_service_on_which_pages_are_shared() -> None:
    assert said('<figure><img src="/a.jpg"><figcaption>Boats (Facebook)</figcaption></figure>') == ("Boats", "Facebook")


def test_a_photo_of_something_credits_nobody() -> None:
    assert credit_line.cut(["Foto de familia de los ministros"]) == ("Foto de familia de los ministros", None)
    assert credit_line.cut(["La playa. Foto de Juan Pérez"]) == ("La playa.", "Juan Pérez")


def test_a_caption_that_is_only_a_button_gives_way_to_the_next() -> None:
    button = '<div class="caption-toggle">Enlarge</div>'
    figure = f'<figure><div><img src="/a.jpg">{button}</div><figcaption>Boats</figcaption></figure>'

    assert said(figure) == ("Boats", None)


def test_a_figure_around_several_pictures_says_what_all_of_them_show() -> None:
    pictures = "".join(f'<div class="row"><div class="cell"><img src="/{n}.jpg"></div></div>' for n in range(2))
    figure = f"<figure><div class='gallery'>{pictures}</div><figcaption>Two boats</figcaption></figure>"

    assert [image.caption for image in look(page(figure)).images] == ["Two boats", "Two boats"]


@pytest.mark.parametrize(
    "picture",
    [
        '<a href="/a-large.jpg" data-caption="Boats at &lt;b&gt;noon&lt;/b&gt;"><img src="/a.jpg"></a>',
        '<img src="/a.jpg" data-image-caption="&lt;p&gt;Boats at noon&lt;/p&gt;">',
    ],
)
def test_where_the_page_shows_none_the_caption_is_that_for_scripts(picture: str) -> None:
    assert said(picture) == ("Boats at noon", None)
    assert said('<a href="/a-large.jpg" data-sub-html="#caption-1"><img src="/a.jpg"></a>') == (None, None)


@pytest.mark.parametrize(
    "credit",
    [
        "<span>Credit: <!-- -->Jane Doe<span>/</span>The Agency</span>",
        "<span>Credit: Jane Doe</span><span>/The Agency</span>",
    ],
)
def test_a_stroke_leads_on_to_the_rest_of_a_credit(credit: str) -> None:
    figure = f'<figure><img src="/a.jpg"><figcaption><span>Boats.</span>{credit}</figcaption></figure>'

    assert said(figure) == ("Boats.", "Jane Doe/The Agency")


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ('<p><img src="/a.jpg"><br><em>Boats at noon</em></p>', ("Boats at noon", None)),
        ('<p><img src="/a.jpg"></p><p><small>Boats at noon</small></p>', ("Boats at noon", None)),
        ('<p><img src="/a.jpg"></p><p><em>Boats at noon (Photo: Jane Doe)</em></p>', ("Boats at noon", "Jane Doe")),
        ('<center><img src="/a.jpg"></center><p align="center">Boats at noon</p>', ("Boats at noon", None)),
        ('<figure><img src="/a.jpg"></figure><p>Photo: Jane Doe</p>', (None, "Jane Doe")),
        (
            '<table><tr><td><img src="/a.jpg"></td></tr><tr><td><font size="1">Boats at noon</font></td></tr></table>',
            ("Boats at noon", None),
        ),
    ],
)
def test_what_is_set_apart_right_below_a_picture_is_its_caption(
    picture: str, expected: tuple[str | None, str | None]
) -> None:
    assert said(picture) == expected


@pytest.mark.parametrize(
    "following",
    [
        "<p>The boats came back at noon.</p>",
        "<p><strong>What comes next</strong></p>",
        "<p><em>This was first said in another paper</em></p>",
        "<p><em>(Above: the boats at noon)</em></p>",
        "<p><small>March 1, 2026</small></p>",
        '<p><a href="/b.html">Photo: more of the boats</a></p>',
    ],
)
def test_what_follows_a_picture_is_no_caption_for_that_alone(following: str) -> None:
    assert said(f'<p><img src="/a.jpg"></p>{following}') == (None, None)


def test_where_all_the_text_is_centred_it_is_no_caption() -> None:
    picture = '<p align="center"><img src="/a.jpg"></p><p align="center">Boats at noon</p><p align="center">At one</p>'

    assert said(picture) == (None, None)


@pytest.mark.parametrize(
    ("last", "credit"),
    [
        ("Imago/Jane Doe", "Imago/Jane Doe"),
        ("Jane Doe (EFE)", "Jane Doe (EFE)"),
        ("Photo Le Port /Jane Doe", "Le Port /Jane Doe"),
    ],
)
def test_the_last_piece_of_a_caption_may_be_a_credit_without_a_mark(last: str, credit: str) -> None:
    figure = (
        f'<figure><img src="/a.jpg"><figcaption><span>Boats at noon</span><span>{last}</span></figcaption></figure>'
    )

    assert said(figure) == ("Boats at noon", credit)

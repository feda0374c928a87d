"""Where the article is: what reads like one, whatever its elements are called."""

from __future__ import annotations

from tests.support.articles import TEXT, article_of, page

TEASER = '<article><h3><a href="/{0}.html">A headline that leads to page {0}</a></h3><p>{1}</p></article>'


def heard(text: str) -> list[str]:
    """Give the paragraphs of a page's article as they read."""
    dom, found = article_of(text)
    return [" ".join(dom.nodes[i].text().split()) for i in found.paragraphs] if found else []


def test_the_text_is_where_paragraphs_are_dense() -> None:
    dom, found = article_of(page())

    assert found is not None
    assert dom.attributes(found.body)["class"] == "story"
    assert len(found.paragraphs) == len(TEXT)


def test_the_headline_is_the_one_that_says_the_title() -> None:
    dom, found = article_of(page(top="<h1>The Harbour Courier</h1>"))

    assert found is not None
    assert found.headline is not None
    assert dom.nodes[found.headline].text() == "The shoal that stayed away"


def test_a_name_that_stands_in_the_title_is_no_headline() -> None:
    dom, found = article_of(page(after="<h1>The shoal</h1>" + "".join(f"<p>{text}</p>" for text in TEXT)))

    assert found is not None
    assert found.headline is not None
    assert dom.nodes[found.headline].text() == "The shoal that stayed away"


def test_a_second_article_on_the_page_is_not_the_article() -> None:
    second = "<h1>Quite another story</h1><div>" + "".join(f"<p>{text} And more of it.</p>" for text in TEXT) + "</div>"

    assert heard(page(after=second)) == list(TEXT)


def test_a_text_may_stand_in_several_blocks_that_are_called_alike() -> None:
    first, second = "".join(f"<p>{text}</p>" for text in TEXT[:4]), f"<p>{TEXT[4]}</p>"
    between = "<div class='block gallery'><img src='/a.jpg'></div>"
    blocks = f"<div class='block text b1'>{first}</div>{between}<div class='block text b2'>{second}</div>"
    dom, found = article_of(f"<h1>The shoal</h1><div>{blocks}</div>")

    assert found is not None
    assert found.paragraphs[-1] > dom.tags.index("img")


def test_a_block_with_a_linked_heading_is_another_article() -> None:
    post = "<div class='post'><h2><a href='/{0}'>A story</a></h2>{1}</div>"
    posts = (post.format(n, "".join(f"<p>{text}</p>" for text in TEXT[: 5 - 3 * n])) for n in range(2))
    dom, found = article_of(f"<h1>The shoal</h1><div>{''.join(posts)}</div>")

    assert found is not None
    assert dom.attributes(found.body)["class"] == "post"


def test_the_texts_of_teasers_are_no_paragraphs() -> None:
    teasers = "".join(TEASER.format(n, text) for n, text in enumerate(TEXT))

    assert heard(page(tail=f"<section>{teasers}</section>")) == list(TEXT)


def test_what_stands_in_navigation_asides_forms_and_captions_is_no_paragraph() -> None:
    furniture = "".join(f"<{tag}><p>{TEXT[0]}</p></{tag}>" for tag in ("nav", "aside", "footer", "form", "figcaption"))

    assert heard(page(furniture)) == list(TEXT)


def test_what_a_reader_wrote_is_no_paragraph() -> None:
    comments = f'<div id="comments"><ol><li class="comment even"><p>{TEXT[0]}</p></li></ol></div>'

    assert heard(page(tail=comments)) == list(TEXT)


def test_a_list_of_links_is_no_paragraph() -> None:
    assert heard(page("<p><a href='/a'>The boats of last year and what became of them all</a> more</p>")) == list(TEXT)


def test_a_page_without_paragraphs_is_read_in_its_blocks() -> None:
    blocks = "".join(f"<div>{text}</div>" for text in TEXT)

    assert heard(f"<h1>The shoal</h1><table><tr><td>{blocks}</td></tr></table>") == list(TEXT)


def test_a_front_page_has_no_article() -> None:
    teasers = "".join(TEASER.format(n, text) for n, text in enumerate(TEXT))

    assert article_of(f"<main>{teasers}</main>")[1] is None


def test_an_empty_page_has_no_article() -> None:
    assert article_of("")[1] is None

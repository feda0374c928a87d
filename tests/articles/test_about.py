"""What a page says of itself, and whom to believe where it says it twice."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from harvester.articles.metadata.about import describe
from harvester.articles.opening import parse_page
from harvester.model import Article, Page, Signals, Source
from harvester.steps import Lead, Opened

URL = "https://www.port.example/2024/storm-ends.html"


def described(page: str, *, url: str = URL, final_url: str | None = None, lead: Lead | None = None) -> Article:
    lead = lead or Lead(source=Source(kind="page", given=url), url=url)
    opened = Opened(lead=lead, url=url, final_url=final_url or url, base_url=final_url or url, body=page)
    return describe(parse_page(opened), opened)


def json_ld(**thing: Any) -> str:
    whole = {"@context": "https://schema.org", "@type": "NewsArticle", **thing}
    return f'<script type="application/ld+json">{msgspec.json.encode(whole).decode()}</script>'


# ------------------------------------------------------------------ in order of trust

ITEM = Lead(
    source=Source(kind="item", given="item.txt"),
    url=URL,
    title="Of the item",
    published="2024-03-02T09:30:05Z",
    authors=("Ana Item",),
    description="Of the item.",
    language="fr",
)
SAID = json_ld(
    headline="Of JSON-LD",
    datePublished="2024-03-02T10:00:00+01:00",
    dateModified="2024-03-03",
    author={"@type": "Person", "name": "Ana Json"},
    description="Of JSON-LD.",
    inLanguage="nb",
)
META = """<meta property="og:title" content="Of meta"><meta property="article:published_time" content="2024-03-04">
<meta property="article:modified_time" content="2024-03-05"><meta name="author" content="Ana Meta">
<meta name="description" content="Of meta."><meta property="og:locale" content="de_DE">"""
SHOWN = """<title>Of the page</title><h1>Of the page</h1><time datetime="2024-03-06">6 March</time>
<a rel="author" href="/ana">Ana Page</a>"""

TRUST = [
    (SAID + META + SHOWN, ITEM, ("Of the item", "2024-03-02T09:30:05Z", ("Ana Item",), "Of the item.", "fr")),
    (SAID + META + SHOWN, None, ("Of JSON-LD", "2024-03-02T10:00:00+01:00", ("Ana Json",), "Of JSON-LD.", "nb")),
    (META + SHOWN, None, ("Of meta", "2024-03-04", ("Ana Meta",), "Of meta.", "de-DE")),
    (SHOWN, None, ("Of the page", "2024-03-06", ("Ana Page",), None, None)),
    ("<p>nothing", None, (None, None, (), None, None)),
]


@pytest.mark.parametrize(("page", "lead", "facts"), TRUST, ids=["item", "JSON-LD", "meta", "page", "nothing"])
def test_the_source_is_believed_first_then_json_ld_then_meta_then_the_page(
    page: str, lead: Lead | None, facts: tuple[object, ...]
) -> None:
    article = described(page, lead=lead)

    assert (article.title, article.published, article.authors, article.description, article.language) == facts


def test_a_date_that_is_none_gives_way_to_the_next() -> None:
    assert described(json_ld(datePublished="soon") + META).published == "2024-03-04"


def test_modified_is_found_beside_published() -> None:
    assert described(SAID + META).modified == "2024-03-03"
    assert described(META).modified == "2024-03-05"
    assert described('<time itemprop="dateModified" datetime="2024-03-07">').modified == "2024-03-07"


# ------------------------------------------------------------------ titles

H1 = "<h1>Storm ends</h1>"
TITLES = [
    ("entities", json_ld(headline="Storm &amp; &quot;sea&quot;"), 'Storm & "sea"'),
    ("a suffix that the headline lacks", f"<title>Storm ends | The Port</title>{H1}", "Storm ends"),
    ("a suffix in any script", "<title>风停了_新闻_港口网</title><h1>风停了</h1>", "风停了"),
    ("a suffix of og:title", f'<meta property="og:title" content="Storm ends - The Port">{H1}', "Storm ends"),
    ("a suffix nobody else drops", "<title>Storm ends | The Port</title>", "Storm ends | The Port"),
    (
        "no suffix but more of the title",
        f'<meta property="og:title" content="Storm ends: boats sail">{H1}',
        "Storm ends",
    ),
    ("a longer word is no suffix", f"<title>Storm endsville</title>{H1}", "Storm endsville"),
    ("a headline that is the site's name", "<h1>The Port</h1><title>Storm ends</title>", "Storm ends"),
    (
        "og:title and the page against JSON-LD",
        json_ld(headline="Storm ends | Sea") + f'<meta property="og:title" content="Storm ends">{H1}',
        "Storm ends",
    ),
    ("a name that the page bears out", json_ld(headline="A story", name="Storm ends") + H1, "Storm ends"),
    ("a drawing's title", "<svg><title>Logo</title></svg><h1>Storm ends</h1>", "Storm ends"),
    ("folded white space", "<h1>\n Storm\n<b>ends</b> </h1>", "Storm ends"),
]


@pytest.mark.parametrize(("rule", "page", "title"), TITLES, ids=[row[0] for row in TITLES])
def test_a_title_is_what_most_bears_out(rule: str, page: str, title: str) -> None:
    assert described(page).title == title


def test_a_title_that_was_escaped_twice_is_read_as_it_was_meant() -> None:
    assert (
        described('<meta property="og:title" content="Storm &amp;amp; &amp;quot;calm&amp;quot;">').title
        == 'Storm & "calm"'
    )


# ------------------------------------------------------------------ authors

PERSON = {"@type": "Person", "@id": "#ana", "name": "Ana Ruiz"}
AUTHORS = [
    ("a text", json_ld(author="Ana Ruiz"), ("Ana Ruiz",)),
    ("a list", json_ld(author=[PERSON, {"@type": "Organization", "name": "AFP"}]), ("Ana Ruiz", "AFP")),
    (
        "a reference",
        json_ld(author={"@id": "#ana"}) + json_ld(**PERSON),
        ("Ana Ruiz",),
    ),
    ("names in a list", json_ld(author={"name": ["Ana Ruiz", "Li Wei"]}), ("Ana Ruiz", "Li Wei")),
    ("each once", json_ld(author=["Ana Ruiz", "ANA RUIZ"]), ("Ana Ruiz",)),
    ("by", '<meta name="byl" content="By Ana Ruiz and Li Wei">', ("Ana Ruiz", "Li Wei")),
    ("von", '<meta name="author" content="Von Ana Ruiz, Li Wei">', ("Ana Ruiz", "Li Wei")),
    ("von in a name", json_ld(author="Ursula von der See"), ("Ursula von der See",)),
    ("one ministry", json_ld(author="Ministry of Trade and Industry"), ("Ministry of Trade and Industry",)),
    ("a title behind a name", json_ld(author="Ana Ruiz, Jr."), ("Ana Ruiz, Jr.",)),
    ("a bibliography's order", '<meta name="dc.creator" content="Ruiz, Ana">', ("Ana Ruiz",)),
    ("a link to a person", '<h1>x</h1><a href="/author/ana-ruiz">Ana Ruiz</a>', ("Ana Ruiz",)),
    (
        "authors side by side",
        "<h1>x</h1><p><a rel=author>Ana Ruiz</a> <a rel=author>Li Wei</a></p>",
        ("Ana Ruiz", "Li Wei"),
    ),
    (
        "not the author of the next story",
        "<h1>x</h1><div><p><a rel=author>Ana Ruiz</a></p></div><div><p><a rel=author>Bo Late</a></p></div>",
        ("Ana Ruiz",),
    ),
    ("addresses are no names", '<meta property="article:author" content="https://www.facebook.com/port">', ()),
    ("handles are no names", '<meta name="author" content="@port">', ()),
    ("a byline", '<h1>x</h1><p class="byline">By Ana Ruiz</p>', ("Ana Ruiz",)),
    ("a byline's link", '<h1>x</h1><p class="byline">By <a>Ana Ruiz</a> 22 Dec 2016</p>', ("Ana Ruiz",)),
    ("a byline's block", '<h1>x</h1><p class="story__author">Par Ana Ruiz avec AFP</p>', ("Ana Ruiz",)),
    ("a byline with a mail address", '<h1>x</h1><p class="byline">Ana Ruiz ana@port.example</p>', ("Ana Ruiz",)),
    ("a byline with a role", '<h1>x</h1><p class="byline">By Ana Ruiz, Senior Correspondent</p>', ("Ana Ruiz",)),
    ("a byline with a date", '<h1>x</h1><p class="byline">By Ana Ruiz | March 1, 2024</p>', ("Ana Ruiz",)),
    (
        "where they were",
        '<h1>x</h1><p class="byline">By Ana Ruiz in Oslo and Li Wei in Bergen</p>',
        ("Ana Ruiz", "Li Wei"),
    ),
    ("a name of one word", '<h1>x</h1><p class="author">山田太郎</p>', ("山田太郎",)),
    ("a program's user is nobody", '<meta name="author" content="admin"><p class="byline">Ana Ruiz</p>', ("Ana Ruiz",)),
    ("not a teaser's byline", "<a rel=author>Bo Early</a><h1>x</h1><a rel=author>Ana Ruiz</a>", ("Ana Ruiz",)),
    (
        "a site's own name gives way to a person's",
        json_ld(author="The Port", publisher={"name": "The Port"}) + '<meta name="author" content="Ana Ruiz">',
        ("Ana Ruiz",),
    ),
    ("a site's own name where nobody else is named", json_ld(author="The Port", publisher="The Port"), ("The Port",)),
]


@pytest.mark.parametrize(("rule", "page", "authors"), AUTHORS, ids=[row[0] for row in AUTHORS])
def test_authors_are_names_and_nothing_else(rule: str, page: str, authors: tuple[str, ...]) -> None:
    assert described(page).authors == authors


# ------------------------------------------------------------------ languages, sites, signals

LANGUAGES = [
    ('<html lang="zh_hans_cn">', "zh-Hans-CN"),
    ('<html lang="DE">', "de"),
    ('<html lang="pt-br">', "pt-BR"),
    ('<html lang="es-419">', "es-419"),
    ('<html lang="en-US-x-port">', "en-US"),
    ('<html lang="">', None),
    ('<html lang="english">', None),
    ('<html xml:lang="fr">', "fr"),
    (json_ld(inLanguage={"@type": "Language", "name": "Norsk", "alternateName": "nb"}), "nb"),
    ('<meta property="og:locale" content="nb_NO">', "nb-NO"),
]


@pytest.mark.parametrize(("page", "language"), LANGUAGES)
def test_a_language_is_a_bcp47_tag(page: str, language: str | None) -> None:
    assert described(page).language == language


def test_a_site_is_what_it_calls_itself_else_its_domain() -> None:
    publisher = json_ld(publisher={"@type": "Organization", "name": "Port Media Ltd"})
    shared = '<meta property="og:site_name" content="The Port">'

    assert described(publisher + shared).site == "The Port"
    assert described(publisher).site == "Port Media Ltd"
    assert described(shared + json_ld(**{"@type": "WebSite", "name": "Port Online"})).site == "Port Online"
    assert described("<p>x").site == "port.example"


def test_signals_of_the_page_stand_beside_those_of_the_header() -> None:
    page = """<meta name="robots" content="noai"><meta name="ROBOTS" content="noimageai">
    <meta name="tdm-reservation" content="1">"""
    lead = Lead(source=Source(kind="page", given=URL), url=URL)
    header = Signals(robots="allowed", x_robots_tag="noarchive")
    opened = Opened(lead=lead, url=URL, final_url=URL, base_url=URL, body=page, signals=header)

    signals = describe(parse_page(opened), opened).signals

    assert signals == Signals(
        robots="allowed", x_robots_tag="noarchive", meta_robots="noai, noimageai", tdm_reservation="1"
    )


# ------------------------------------------------------------------ addresses

CANONICAL = [
    ('<link rel="canonical" href="/2024/storm">', "https://www.port.example/2024/storm"),
    ('<link REL="Alternate CANONICAL" href="https://port.example/storm">', "https://port.example/storm"),
    ('<link rel="canonical" href="https://m.port.example/storm?id=3">', "https://m.port.example/storm?id=3"),
    ('<link rel="canonical" href="https://other.example/storm">', None),
    ('<link rel="canonical" href="https://www.port.example/">', None),
    (
        '<link rel="canonical" href="/"><meta property="og:url" content="/2024/storm">',
        "https://www.port.example/2024/storm",
    ),
    ('<link rel="canonical" href="">', None),
    ('<link rel="canonical" href="javascript:x">', None),
    ("<p>x", None),
]


@pytest.mark.parametrize(("page", "canonical"), CANONICAL)
def test_a_canonical_url_counts_on_the_same_site_and_never_for_its_front_door(page: str, canonical: str | None) -> None:
    assert described(page).canonical_url == canonical


def test_the_addresses_are_those_given_reached_and_stated_each_once() -> None:
    page = '<link rel="canonical" href="https://www.port.example/storm">'

    article = described(page, url="https://port.example/s", final_url="https://www.port.example/storm")

    assert article.urls == ("https://port.example/s", "https://www.port.example/storm")
    assert article.url == "https://port.example/s"


def test_two_ways_to_one_canonical_page_have_one_key() -> None:
    page = '<link rel="canonical" href="https://www.port.example/storm">'

    assert described(page, url="https://www.port.example/a?utm_source=x").key == described(page).key
    assert described("<p>x", url="https://www.port.example/a").key != described(page).key


def test_user_names_and_passwords_are_not_written_down() -> None:
    lead = Lead(source=Source(kind="page", given=URL), url="https://ana:secret@www.port.example/storm")

    article = described("<p>x", url="https://ana:secret@www.port.example/storm", lead=lead)

    assert "secret" not in msgspec.json.encode(article).decode()


def test_of_several_articles_in_json_ld_the_one_that_names_this_page_counts() -> None:
    teaser = json_ld(headline="Another story", url="https://www.port.example/other")
    own = json_ld(headline="Storm ends", mainEntityOfPage={"@id": URL})

    assert described(teaser + own).title == "Storm ends"


def test_facts_of_an_article_inside_a_page_thing_are_found() -> None:
    page = json_ld(**{"@type": "WebPage", "mainEntity": {"@type": "Article", "headline": "Storm ends"}})

    assert described(page).title == "Storm ends"


def test_how_the_page_was_had_and_what_was_mended_is_told() -> None:
    opened = Opened(
        lead=ITEM, url=URL, final_url=URL, base_url=URL, body='<imgsrc="a.jpg">', page=Page(status=200, etag='"e"')
    )

    article = describe(parse_page(opened), opened)

    assert (article.source, article.page.etag) == (ITEM.source, '"e"')
    assert [(each.kind, each.count) for each in article.repairs] == [("glued-tag", 1)]

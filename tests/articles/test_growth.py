"""Documents that are four times as large take four times as long and not sixteen, and no more memory than they may."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import pytest

from harvester.articles.feeds import feed_pieces, json_feed, opml, sitemap
from harvester.articles.feeds import xml_feed as feed
from harvester.articles.feeds.feed_pieces import MOST_ENTRIES, frame_of, pieces_of
from harvester.articles.sources.reader import Reach
from harvester.errors import SourceError
from harvester.model import Source
from harvester.steps import Lead
from tests.support.listings import CONTENT, atom, rss
from tests.support.memory import measured
from tests.support.patience import cheapest

linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
SAID = Source(kind="feed", given="x")
LINK = "<link>https://port.example/a</link>"
NEXT = "<item><title>Next</title><link>https://port.example/next</link></item>"
SPACE = 'xmlns="http://www.w3.org/1999/xhtml"'
CHUNK = 65_536


def inside(before: str, after: str = "") -> Callable[[str], str]:
    """Make an entry of RSS, followed by another, with what is repeated between *before* and *after*."""
    return lambda repeated: rss(f"<item>{LINK}{before}{repeated}{after}</item>{NEXT}", spaces=CONTENT)


def xhtml(repeated: str) -> str:
    return atom(f'<entry>{LINK}<content type="xhtml"><div {SPACE}>{repeated}</div></content></entry>')


# What is repeated (`{}` is its number), and what is made of it.
FEEDS: dict[str, tuple[str, Callable[[str], str]]] = {
    "items": ("<item><title>t</title><link>https://port.example/{}</link></item>", rss),
    "items in items": ("<item>", rss),
    "entries in entries": ("<entry>", atom),
    "ends of items": ("</item>", rss),
    "unknown elements": ("<x>", inside("")),
    "elements before the items": ("<x{}>", rss),
    "elements of the channel": ("<copyright>c</copyright>", rss),
    "categories": ("<category>a</category>", inside("")),
    "categories in each other": ("<category>", inside("")),
    "authors": ("<author>a@port.example (Ana)</author>", inside("")),
    "enclosures": ('<enclosure url="https://port.example/{}.jpg" type="image/jpeg"/>', inside("")),
    "ampersands": ("&", inside("<title>", "</title>")),
    "references": ("&#8217;&nbsp;&bogus;", inside("<title>", "</title>")),
    "less than": ("<", inside("<title>", "</title>")),
    "half letters": ("&#55357;", inside("<title>", "</title>")),
    "cdata with elements": ("<div>", inside("<description><![CDATA[", "]]></description>")),
    "cdata with quotes": ('a="', inside("<description><![CDATA[<a ", "]]></description>")),
    "cdata with tags that do not end": ("<img src=x", inside("<content:encoded><![CDATA[", "]]></content:encoded>")),
    "cdata sections": ("<![CDATA[a]]>", inside("<description>", "</description>")),
    "cdata sections that do not end": ("<![CDATA[", inside("<description>")),
    "comments": ("<!-- a -->", inside("")),
    "comments that do not end": ("<!--", inside("")),
    "processing instructions": ("<?a ", inside("")),
    "escaped markup": ("&lt;p&gt;a ", inside("<description>", "</description>")),
    "markup that is not escaped": ("<p>a", inside("<description>")),
    "bases": ('<x xml:base="a/">', inside("")),
    "xhtml": ("<p>a</p>", xhtml),
    "xhtml that does not end": ("<p>a", xhtml),
    "xhtml with attributes": ('<img src="{}.jpg" alt="b"/>', xhtml),
    "white space": (" \n", inside("")),
    "namespaces": ('<a:b xmlns:a="u">', inside("")),
    "media groups": ("<media:group>", inside("")),
}
SITEMAPS: dict[str, tuple[str, Callable[[str], str]]] = {
    "pages": ("<url><loc>https://port.example/{}</loc></url>", lambda r: f"<urlset>{r}</urlset>"),
    "an attribute": ("a", lambda r: f'<urlset><url a="{r}"><loc>https://port.example/</loc></url></urlset>'),
    "attributes": ('a{}="1" ', lambda r: f"<urlset><url {r}/></urlset>"),
    "a comment": ("a", lambda r: f"<urlset><!--{r}--></urlset>"),
    "comments": ("<!---->", lambda r: f"<urlset>{r}</urlset>"),
    "a name": ("a", lambda r: f"<urlset><{r}/></urlset>"),
    "names": ("<a{}/>", lambda r: f"<urlset><url>{r}</url></urlset>"),
    "fields": ("<a{0}>b</a{0}>", lambda r: f"<urlset><url>{r}</url></urlset>"),
    "a text": ("a ", lambda r: f"<urlset><url><loc>{r}</loc></url></urlset>"),
    "references in a text": ("&amp;", lambda r: f"<urlset><url><loc>{r}</loc></url></urlset>"),
    "a cdata section": ("]", lambda r: f"<urlset><url><loc><![CDATA[{r}]]></loc></url></urlset>"),
    "an instruction": ("a", lambda r: f"<urlset><?a {r}?></urlset>"),
    "pictures": ("<image:image><image:loc>/{}.jpg</image:loc></image:image>", lambda r: f"<urlset><url>{r}</url>"),
    "elements in elements": ("<a>", lambda r: f"<urlset>{r}"),
    "outlines": ('<outline xmlUrl="https://port.example/{}"/>', lambda r: f"<opml><body>{r}</body></opml>"),
    "outlines of one feed": ('<outline xmlUrl="https://port.example/"/>', lambda r: f"<opml><body>{r}</body></opml>"),
}
JSON: dict[str, tuple[str, Callable[[str], str]]] = {
    "items": ('{{"url":"https://port.example/{}"}},', lambda r: f'{{"items":[{r}{{}}]}}'),
    "lists in lists": ("[", lambda r: f'{{"items":[{r}'),
    "lists": ("[],", lambda r: f'{{"items":[{r}{{}}]}}'),
    "escapes": ("\\\\", lambda r: f'{{"items":[{{"title":"{r}"}}]}}'),
    "half letters": ("\\ud83d", lambda r: f'{{"items":[{{"title":"{r}"}}]}}'),
    "keys": ('"a{}":1,', lambda r: f'{{{r}"items":[]}}'),
}


def repeated(unit: str, size: int) -> str:
    if "{" not in unit:
        return unit * (size // len(unit))
    return "".join(map(unit.format, range(size // len(unit))))


def documents(makers: dict[str, tuple[str, Callable[[str], str]]], size: int) -> dict[str, bytes]:
    return {name: make(repeated(unit, size)).encode() for name, (unit, make) in makers.items()}


def read_feed(raw: bytes) -> None:
    exhaust(feed.leads(raw, SAID, Reach(), url=None, content_type=None))


def read_json(raw: bytes) -> None:
    exhaust(json_feed.leads(raw, SAID, Reach(), url=None))


def read_list(raw: bytes) -> None:
    chunks = [raw[start : start + CHUNK] for start in range(0, len(raw), CHUNK)]
    exhaust(sitemap.entries(chunks, SAID, None))
    exhaust(opml.feeds(chunks, "x"))


def exhaust(found: Iterable[object]) -> None:
    with suppress(SourceError):
        for _ in found:
            pass


KINDS = {
    "feed": (FEEDS, 30_000, read_feed),
    "json": (JSON, 60_000, read_json),
    "sitemap": (SITEMAPS, 200_000, read_list),
}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, (makers, _, _) in KINDS.items() for name in makers])
def test_time_grows_with_size_and_not_with_its_square(kind: str, name: str) -> None:
    makers, size, read = KINDS[kind]
    unit, make = makers[name]
    small, large = (make(repeated(unit, factor * size)).encode() for factor in (1, 4))

    short = cheapest(lambda: read(small), enough=0.0)
    most = 10 * max(short, 0.02)

    assert cheapest(lambda: read(large), enough=most) < most


@linux
@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "unknown elements",
        "items in items",
        "elements before the items",
        "categories",
        "cdata with elements",
        "cdata with quotes",
        "ampersands",
        "xhtml that does not end",
    ],
)
def test_a_feed_of_four_megabytes_takes_little_memory(name: str, tmp_path: Path) -> None:
    unit, make = FEEDS[name]
    (tmp_path / "feed.xml").write_text(make(repeated(unit, 4_000_000)))

    status, said, peak = measured("harvest", "feed.xml", "--allow", "nothing-has-this", cwd=tmp_path)

    assert status in (0, 3, 4)
    assert "Traceback" not in said
    assert peak < 300


@linux
@pytest.mark.slow
@pytest.mark.parametrize("name", ["attributes", "an attribute", "a comment", "a text", "fields"])
def test_a_sitemap_of_twenty_megabytes_takes_little_memory(name: str, tmp_path: Path) -> None:
    unit, make = SITEMAPS[name]
    (tmp_path / "sitemap.xml").write_text(make(repeated(unit, 20_000_000)))

    status, said, peak = measured("harvest", "sitemap.xml", "--allow", "nothing-has-this", cwd=tmp_path)

    assert status in (0, 3, 4)
    assert "Traceback" not in said
    assert peak < 200


# ------------------------------------------------------------------ what is too much is told, and the rest is read


def read(text: str) -> tuple[list[Lead], list[SourceError]]:
    found = list(feed.leads(text.encode(), SAID, Reach(), url=None, content_type=None))
    return [one for one in found if isinstance(one, Lead)], [one for one in found if isinstance(one, SourceError)]


@pytest.mark.parametrize(
    ("large", "named"),
    [
        (f"<description><![CDATA[{'<p>a</p>' * 300_000}]]></description>", "<description>"),
        (f"<description>{'<p>a</p>' * 30_000}</description>", "<description>"),
        (f"<content:encoded>{'a' * 2_100_000}</content:encoded>", "<content:encoded>"),
        (f"<title>{'&' * 200_000}</title>", "<title>"),
        ("<author>a@port.example</author>" * 3_000, "<author>"),
        (f"<unheard>{'<of>' * 9_000}</unheard>", "<unheard>"),
    ],
)
def test_what_of_an_entry_is_too_large_is_told_and_its_link_and_the_next_are_read(large: str, named: str) -> None:
    dated = f"{large}{LINK}<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>"
    entry = f"<item><guid isPermaLink='false'>g-7</guid>{dated}</item>"

    leads, told = read(rss(entry + NEXT, spaces=CONTENT))

    assert [lead.url for lead in leads] == ["https://port.example/a", "https://port.example/next"]
    assert leads[0].published == "2026-03-02T10:00:00Z"
    assert len(told) == 1
    assert named in told[0].message
    assert "g-7" in told[0].message
    assert len(told[0].message) < 500


@pytest.mark.slow
def test_entries_beyond_all_feeds_are_told() -> None:
    leads, told = read(rss(f"<item>{LINK}</item>" * (MOST_ENTRIES + 1)))

    assert len(leads) == MOST_ENTRIES
    assert [f"more than {MOST_ENTRIES:,} entries" in error.message for error in told] == [True]


def test_feeds_of_a_list_beyond_all_lists_are_told() -> None:
    outlines = repeated('<outline xmlUrl="https://port.example/{}"/>', 48 * (opml.MOST_FEEDS + 100))
    found = opml.feeds([f"<opml><body>{outlines}</body></opml>".encode()], "x")

    assert len([next(found) for _ in range(opml.MOST_FEEDS)]) == opml.MOST_FEEDS
    with pytest.raises(SourceError, match="names more than"):
        next(found)


@pytest.mark.parametrize("tag", ['<url a="{}">', "<!--{}-->", "<{}>"])
def test_a_tag_beyond_all_documents_is_told_after_what_stands_before(tag: str) -> None:
    raw = f"<urlset><url><loc>https://port.example/a</loc></url>{tag.format('b' * 3_000_000)}</urlset>".encode()
    found = sitemap.entries([raw[start : start + CHUNK] for start in range(0, len(raw), CHUNK)], SAID, None)

    first = next(found)

    assert isinstance(first, Lead)
    with pytest.raises(SourceError, match="more than"):
        next(found)


@pytest.mark.parametrize("size", [1, 7, 1_000, 70_000, 900_000])
@pytest.mark.parametrize("step", [1, 1_000, CHUNK])
def test_a_long_comment_between_pages_hides_none(size: int, step: int) -> None:
    step = max(step, size // 1_000)
    pages = "".join(f"<url><loc>https://port.example/{n}</loc></url><!--{'-a' * (size // 2)}-->" for n in range(3))
    raw = f"<urlset>{pages}</urlset>".encode()

    found = list(sitemap.entries((raw[start : start + step] for start in range(0, len(raw), step)), SAID, None))

    assert [one.url for one in found] == [f"https://port.example/{n}" for n in range(3)]


def test_an_entry_is_found_wherever_it_stands() -> None:
    text = (
        '<?xml version="1.0"?><!-- <item>no</item> --><r:RDF xmlns:r="u" xmlns="http://purl.org/rss/1.0/"><channel>'
        "<items><r:Seq/></items></channel><item r:about='1'>a<![CDATA[</item><item>]]></item> <ITEM>b</ITEM><item>c"
        "<item>d<entry>e</entry></item></r:RDF>"
    )

    frame = frame_of(text, "x")

    assert [piece.text for piece in pieces_of(text)] == [
        "<item r:about='1'>a<![CDATA[</item><item>]]></item>",
        "<ITEM>b</ITEM>",
        "<item>c",
        "<item>d<entry>e</entry></item>",
    ]
    assert frame.opening == '<r:RDF xmlns:r="u" xmlns="http://purl.org/rss/1.0/">'
    assert frame.closing == "</r:RDF>"
    assert "<items>" in frame.shell
    assert "<item r:about" not in frame.shell


def test_the_language_and_the_base_of_a_feed_hold_for_all_of_its_entries() -> None:
    entries = "".join(f'<entry><title>t</title><link href="{n}"/><!--{"a" * 500}--></entry>' for n in range(500))

    leads, told = read(atom(entries, attributes='xml:lang="pt" xml:base="https://port.example/2026/"'))

    assert told == []
    assert len(leads) == 500
    assert {lead.language for lead in leads} == {"pt"}
    assert leads[-1].url == "https://port.example/2026/499"
    assert len(entries) > 3 * feed_pieces._LARGE

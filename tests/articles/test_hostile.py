"""Whatever the bytes are, a reader gives leads or says what is wrong, soon."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import chdir, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from harvester.articles.feeds import json_feed, opml, sitemap
from harvester.articles.feeds import xml_feed as feed
from harvester.articles.feeds.polling import due_at
from harvester.articles.sources import saved_item as item
from harvester.articles.sources.link_kinds import looks_like_article
from harvester.articles.sources.reader import Reach
from harvester.articles.sources.sniff import shape_of, text_of_head
from harvester.errors import SourceError
from harvester.model import Source
from tests.support.listings import BASE, FEEDS, SITEMAPS
from tests.support.patience import cheapest

SAID = Source(kind="feed", given="x")
READERS: dict[str, Callable[[bytes], object]] = {
    "feed": lambda raw: list(feed.leads(raw, SAID, Reach(), url=BASE, content_type=None)),
    "json": lambda raw: list(json_feed.leads(raw, SAID, Reach(), url=BASE)),
    "sitemap": lambda raw: list(sitemap.entries([raw[:100], raw[100:]], SAID, None)),
    "lines": lambda raw: list(sitemap.lines([raw[:100], raw[100:]])),
    "opml": lambda raw: list(opml.feeds([raw], "x")),
    "shape": lambda raw: shape_of(text_of_head(raw)),
    "item": lambda raw: item.is_item(raw.decode("latin-1")),
    "patience": lambda raw: due_at(0.0, {}, raw.decode("latin-1")),
}
WHOLE = [text if isinstance(text, bytes) else text.encode() for text in (*FEEDS.values(), *SITEMAPS.values())]


def read(name: str, raw: bytes) -> None:
    with suppress(SourceError):
        READERS[name](raw)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=some.data())
def test_damaged_documents_raise_nothing_else(name: str, drawn: some.DataObject) -> None:
    whole = drawn.draw(some.sampled_from(WHOLE))
    start = drawn.draw(some.integers(0, len(whole)))
    end = drawn.draw(some.integers(start, len(whole)))

    read(name, whole[:start] + drawn.draw(some.binary(max_size=20)) + whole[end:])


LONG = {
    "lines": b"\n" * 65_000,
    "spaces": b" " * 65_000,
    "comments": b"<!--" * 16_000,
    "doctypes": b"<!DOCTYPE " * 6_500,
    "sections": b"<rss><![CDATA[" * 5_000,
    "skips": b"<skipHours>" * 6_000,
    "nested": b"<rss><channel>" * 5_000,
    "attributes": b"<opml " + b"a='1' " * 10_000,
    "values": b"<rss><channel><item " + b"".join(b"a%d='1' " % n for n in range(100_000)),
    "namespaces": b"<rss><channel>" + b"".join(b'<x%d:a xmlns:x%d="u"/>' % (n, n) for n in range(30_000)),
    "brackets": b"[" * 65_000,
    "links": b"[" + b"](http://" * 7_000,
    "versions": b"{" + b'"version" ' * 6_500,
    "entities": b"<rss><channel><item><title>" + b"&amp" * 15_000,
}


@pytest.mark.parametrize("shape", LONG)
@pytest.mark.parametrize("name", READERS)
def test_nothing_takes_long(name: str, shape: str) -> None:
    assert cheapest(lambda: read(name, LONG[shape]), enough=4) < 4


def test_no_link_of_a_page_takes_long_to_judge() -> None:
    url = "https://www.port.example/" + "a1" * 230 + "-"

    assert cheapest(lambda: looks_like_article(url, "x"), enough=0.01) < 0.01


def test_a_json_feed_with_half_a_letter_in_it_is_read() -> None:
    text = r'{"items": [{"url": "https://www.port.example/a", "title": "Storm \ud83d"}]}'

    (lead,) = json_feed.leads(text.encode(), SAID, Reach(), url=None)

    assert lead.title == "Storm \ufffd"


def test_a_feed_is_never_read_as_the_name_of_a_file(tmp_path: Path) -> None:
    name = "<rss version='2.0'>"
    (tmp_path / name).write_bytes(WHOLE[1])

    with chdir(tmp_path):
        assert list(feed.leads(name.encode(), SAID, Reach(), url=BASE, content_type=None)) == []

"""Halves of characters in JSON, as a headline that was cut in an emoji has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harvester.articles.feeds import xml_safety
from harvester.candidates.pictures.json.script_values import values
from harvester.markup import joined_halves, parse, with_whole_letters
from harvester.runs.batch import harvest
from tests.support.listings import rss
from tests.support.press import Press, page, story
from tests.support.servers import Reply

HEADLINE = r'<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Cut \ud83d"}</script>'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\ud83d", r"a\ufffd"),
        (r"a\udE00b", r"a\ufffdb"),
        (r"\ud83d\ude00", r"\ud83d\ude00"),
        (r"\ud83d\ud83d\ude00", r"\ufffd\ud83d\ude00"),
        (r"\ude00\ud83d", r"\ufffd\ufffd"),
        (r"a\\ud83d", r"a\\ud83d"),
        (r"\u00e9\n", r"\u00e9\n"),
    ],
)
def test_an_escaped_half_that_stands_alone_is_replaced(written: str, meant: str) -> None:
    assert with_whole_letters(written) == meant


def test_references_to_halves_are_replaced_and_no_others() -> None:
    numbers = range(0x10000)
    for form in ("&#{};", "&#x{:x};", "&#x{:X};", "&#0{};"):
        replaced = [n for n in numbers if xml_safety.without_half_letters(form.format(n)) == "\ufffd"]
        assert replaced == [*range(0xD800, 0xE000)]


@pytest.mark.parametrize(
    ("text", "meant"), [("\ud83d\ude00", "\U0001f600"), ("a\ud83d", "a\ufffd"), ("\ufeffé", "\ufeffé")]
)
def test_two_halves_become_one_character(text: str, meant: str) -> None:
    assert joined_halves(text) == meant


def test_json_ld_and_the_state_of_scripts_have_no_halves() -> None:
    (thing,) = parse(f"<head>{HEADLINE}</head>", "https://a.example/").json_ld
    script = r's = {"url": "/a.jpg", "alt": "b\ud83d"}; t = JSON.parse("{\"alt\": \"\ud83d\ude00 \ud83d\"}")'
    texts: list[Any] = [value["alt"] for _, value in values(script)]

    assert thing["headline"] == "Cut \ufffd"
    assert texts == ["b\ufffd", "\U0001f600 \ufffd"]


async def test_an_article_whose_headline_was_cut_in_an_emoji_is_harvested(tmp_path: Path) -> None:
    with Press(tmp_path, {"a": story(1)}) as press:
        press.site.routes["/news/a.html"] = page(press.stories["a"], "a").replace("</head>", f"{HEADLINE}</head>")
        report = await press.harvest()

        assert report.exit_status() == 0
        assert press.manifests()["a"]["article"]["title"] == "Cut \ufffd"


async def test_an_item_that_was_cut_in_an_emoji_costs_no_other(tmp_path: Path) -> None:
    with Press(tmp_path, {"a": story(1), "b": story(2)}) as press:
        items = ", ".join(rf'{{"id": "{n}", "url": "{press.url(n)}", "title": "Cut \ud83d"}}' for n in press.stories)
        text = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{items}]}}'
        press.site.routes["/feed.json"] = Reply(text.encode(), "application/feed+json")
        await harvest([f"{press.site.url}/feed.json"], press.config(), output=press.output)

        assert set(press.manifests()) == {"a", "b"}


async def test_a_feed_with_a_title_that_was_cut_in_an_emoji_is_read(tmp_path: Path) -> None:
    with Press(tmp_path, {"a": story(1), "b": story(2)}) as press:
        items = "".join(f"<item><title>Cut &#55357;</title><link>{press.url(n)}</link></item>" for n in press.stories)
        press.site.routes["/feed"] = Reply(rss(items).encode(), "application/rss+xml")
        await harvest([f"{press.site.url}/feed"], press.config(), output=press.output)

        assert {manifest["article"]["title"] for manifest in press.manifests().values()} == {"Cut \ufffd"}

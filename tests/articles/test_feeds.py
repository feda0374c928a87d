"""Feeds of every public format become leads; what is hostile is refused, what is broken gives what it has."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester.articles.leads import read_leads
from harvester.articles.sources.reader import Reach
from harvester.errors import SourceError
from harvester.model import SourceKind
from harvester.state import State
from harvester.steps import Lead, Offer
from harvester.web import Web
from tests.support.fetching import local
from tests.support.listings import (
    BASE,
    CONTENT,
    DC,
    EXTERNAL,
    FEEDS,
    LAUGHS,
    MEDIA,
    PARAMETER,
    QUADRATIC,
    atom,
    entry,
    item,
    rss,
)
from tests.support.servers import Reply, Seen, Site

STORY = f"{BASE}/2026/03/story-1"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


async def read(
    *sources: str,
    kind: SourceKind | None = None,
    reach: Reach = Reach(),  # noqa: B008 - a frozen value
    state: State | None = None,
) -> list[Lead | SourceError]:
    async with Web(local()) as web:
        return [lead async for lead in read_leads(sources, kind=kind, web=web, reach=reach, feeds=state)]


async def leads(*sources: str, kind: SourceKind | None = None, reach: Reach = Reach()) -> list[Lead]:  # noqa: B008
    found = await read(*sources, kind=kind, reach=reach)
    assert not any(isinstance(lead, SourceError) for lead in found), found
    return [lead for lead in found if isinstance(lead, Lead)]


async def one(text: str, tmp_path: Path, reach: Reach = Reach()) -> Lead:  # noqa: B008
    (tmp_path / "feed").write_text(text, "utf-8")
    (lead,) = await leads(str(tmp_path / "feed"), reach=reach)
    return lead


def elsewhere(text: str | bytes, site: Site) -> bytes:
    """Move a fixture to a site."""
    encoding = "utf-16" if raw(text).startswith(b"\xff\xfe") else "latin-1"
    return raw(text).decode(encoding).replace(BASE, site.url).encode(encoding)


def raw(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


@pytest.mark.parametrize("name", FEEDS)
async def test_every_format_leads_to_its_article(name: str, site: Site) -> None:
    site.routes["/feed"] = Reply(elsewhere(FEEDS[name], site), "text/xml")

    found = await leads(f"{site.url}/feed")

    assert found[0].url == f"{site.url}/2026/03/story-1"
    assert found[0].title
    assert found[0].source.kind == "feed"
    assert found[0].fetch == "page"
    assert site.asked() == ["/feed"]


@pytest.mark.parametrize("name", [name for name in FEEDS if "relative" not in name and "windows" not in name])
async def test_a_saved_feed_is_recognised_by_its_content(name: str, tmp_path: Path) -> None:
    (tmp_path / "saved.bin").write_bytes(raw(FEEDS[name]))

    found = await leads(str(tmp_path / "saved.bin"))

    assert found[0].url == STORY


async def test_an_entry_says_what_it_says(tmp_path: Path) -> None:
    lead = await one(
        rss(
            item(
                1,
                "<pubDate>Mon, 02 Mar 2026 10:00:00 +0100</pubDate><dc:creator>Ana Ruiz</dc:creator>"
                "<description>The bridge &lt;b&gt;opens&lt;/b&gt; &amp;amp; closes</description>"
                "<content:encoded><![CDATA[<p>All of the story</p>]]></content:encoded>",
            ),
            spaces=f"{DC} {CONTENT}",
            channel="<language>en-gb</language>",
        ),
        tmp_path,
    )

    assert (lead.published, lead.authors, lead.language) == ("2026-03-02T10:00:00+01:00", ("Ana Ruiz",), "en-gb")
    assert lead.description == "The bridge opens & closes"
    assert lead.body == "<p>All of the story</p>"


async def test_a_title_in_html_becomes_plain_text(tmp_path: Path) -> None:
    lead = await one(
        atom(entry(1).replace("Story 1", "<![CDATA[x]]>").replace("<title>", '<title type="html">')), tmp_path
    )
    assert lead.title == "x"
    lead = await one(rss(item(1).replace("Story 1", "<![CDATA[Tom &amp; <i>Ana</i>]]>")), tmp_path)
    assert lead.title == "Tom & Ana"


async def test_the_entry_is_the_article_where_the_job_says_so(tmp_path: Path) -> None:
    body = "<content:encoded><![CDATA[<p>All</p><script>x</script><iframe src='https://v.example/1'></iframe>]]></content:encoded>"
    text = rss(item(1, body), spaces=CONTENT)

    lead = await one(text, tmp_path, Reach(fetch="item"))
    other = await one(text.replace("All", "Alles"), tmp_path, Reach(fetch="item"))

    assert lead.is_article
    assert "iframe" in str(lead.body)
    assert lead.digest
    assert lead.digest != other.digest


async def test_what_an_entry_brings_along_is_offered_largest_first(tmp_path: Path) -> None:
    lead = await one(
        rss(
            item(
                1,
                '<media:thumbnail url="https://cdn.example/t.jpg" width="75" height="50"/>'
                '<media:group><media:content url="https://cdn.example/1.jpg" medium="image" width="600" height="400"/>'
                '<media:content url="https://cdn.example/2.jpg" type="image/jpeg" width="1200"/></media:group>'
                "<media:credit>Ana Ruiz</media:credit>"
                '<enclosure url="https://cdn.example/e.mp3" type="audio/mpeg" length="1"/>',
            ),
            spaces=MEDIA,
        ),
        tmp_path,
    )

    assert [offer.url[-5:] for offer in lead.offers] == ["2.jpg", "1.jpg", "t.jpg", "e.mp3"]
    assert lead.offers[0] == Offer(url="https://cdn.example/2.jpg", type="image/jpeg", width=1200, credit="Ana Ruiz")


async def test_pictures_of_the_body_are_offered_beside_the_page_without_counters(tmp_path: Path) -> None:
    body = '<img src="/a.jpg"><img src="https://count.example/p.gif" width="1" height="1">'
    lead = await one(rss(item(1, f"<content:encoded><![CDATA[{body}]]></content:encoded>"), spaces=CONTENT), tmp_path)

    assert [offer.url for offer in lead.offers] == [f"{BASE}/a.jpg"]


@pytest.mark.parametrize("bomb", [LAUGHS, QUADRATIC, EXTERNAL, PARAMETER], ids=["laughs", "quadratic", "file", "dtd"])
@pytest.mark.parametrize("root", ["rss", "urlset", "opml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_a_bomb_is_refused_before_it_is_parsed(bomb: str, root: str, encoding: str, tmp_path: Path) -> None:
    texts = {
        "rss": rss(item(1, "<category>&c;&a;</category>")),
        "urlset": "<urlset>&a;</urlset>",
        "opml": "<opml>&a;</opml>",
    }
    text = texts[root].replace('<?xml version="1.0" encoding="utf-8"?>', "")
    (tmp_path / "bomb.xml").write_bytes((bomb.format(root) + text).encode(encoding))

    began = time.monotonic()
    (refusal,) = await read(str(tmp_path / "bomb.xml"), kind={"rss": "feed", "urlset": "sitemap", "opml": "opml"}[root])  # type: ignore[arg-type]

    assert isinstance(refusal, SourceError)
    assert refusal.code == "refused"
    assert time.monotonic() - began < 10


async def test_a_story_about_entities_is_no_bomb(tmp_path: Path) -> None:
    about = '<![CDATA[<!DOCTYPE x [<!ENTITY a "b">]>]]>'
    assert (await one(rss(item(1, f"<!-- <!ENTITY --><description>{about}</description>")), tmp_path)).url == STORY


@pytest.mark.parametrize("text", ["<rss", '{"version":"https://jsonfeed.org/version/1","items":3}', "{"])
async def test_what_is_no_feed_is_said_to_be_none(text: str, site: Site) -> None:
    site.routes["/x.rss"] = Reply(text.encode(), "application/rss+xml")

    (error,) = await read(f"{site.url}/x.rss", kind="feed")

    assert isinstance(error, SourceError)
    assert error.code in ("broken", "no_feed")


async def test_an_address_that_only_looks_like_a_feed_is_a_page(site: Site) -> None:
    site.routes["/rss"] = "<html><body>What RSS is</body></html>"

    (lead,) = await leads(f"{site.url}/rss")

    assert (lead.url, lead.source.kind) == (f"{site.url}/rss", "page")


async def test_an_ordinary_address_is_not_asked_to_be_recognised(site: Site) -> None:
    (lead,) = await leads(f"{site.url}/2026/03/story")

    assert (lead.source.kind, site.asked()) == ("page", [])


async def test_a_page_that_is_called_a_feed_is_asked_for_the_one_it_announces(site: Site) -> None:
    site.routes["/"] = (
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">'
        '<link rel="alternate" type="application/atom+xml" href="/news.atom">'
        '<link rel="alternate" hreflang="de" href="/de">'
    )
    site.routes["/news.atom"] = Reply(atom(entry(1)).encode(), "application/atom+xml")

    (lead,) = await leads(f"{site.url}/", kind="feed")

    assert lead.url == STORY
    assert site.asked() == ["/", "/news.atom"]


async def test_a_page_without_a_feed_says_so(site: Site) -> None:
    site.routes["/"] = "<p>Nothing"
    (error,) = await read(f"{site.url}/", kind="feed")
    assert isinstance(error, SourceError)
    assert error.code == "no_feed"


class Changing:
    """A feed that answers 304 to who has its newest form; *headers* go with every answer."""

    def __init__(self, **headers: str) -> None:
        self.text = rss(item(1))
        self.headers = headers
        self.told: list[int] = []

    def __call__(self, seen: Seen) -> Reply:
        tag = f'"{hash(self.text)}"'
        same = seen.headers.get("if-none-match") == tag
        self.told.append(304 if same else 200)
        fields = {"ETag": tag, **{name.replace("_", "-"): value for name, value in self.headers.items()}}
        return Reply(b"" if same else self.text.encode(), "text/xml", self.told[-1], fields)


async def test_a_feed_that_has_not_changed_is_asked_conditionally_and_still_leads(site: Site, tmp_path: Path) -> None:
    feed = site.routes["/feed"] = Changing()
    with State(tmp_path / "state.db") as state:
        first = await read(f"{site.url}/feed", state=state)
        state.flush()
        second = await read(f"{site.url}/feed", state=state)
        state.flush()
        remembered = state.feed(f"{site.url}/feed")

    assert isinstance(feed, Changing)
    assert feed.told == [200, 304]
    assert second == first
    assert remembered is not None
    assert remembered.unchanged == 1


@pytest.mark.parametrize(
    ("headers", "channel"), [({"Cache_Control": "max-age=600"}, ""), ({}, "<ttl>30</ttl>")], ids=["cache", "ttl"]
)
async def test_a_feed_is_not_asked_before_it_likes_to_be(
    headers: dict[str, str], channel: str, site: Site, tmp_path: Path
) -> None:
    feed = Changing(**headers)
    feed.text = rss(item(1), channel=channel)
    site.routes["/feed"] = feed
    with State(tmp_path / "state.db") as state:
        first = await read(f"{site.url}/feed", state=state)
        state.flush()
        second = await read(f"{site.url}/feed", state=state)

    assert feed.told == [200]
    assert second == first


async def test_a_feed_that_changed_brings_what_is_new(site: Site, tmp_path: Path) -> None:
    feed = Changing()
    site.routes["/feed"] = feed
    with State(tmp_path / "state.db") as state:
        await read(f"{site.url}/feed", state=state)
        state.flush()
        feed.text = rss(item(1) + item(2))
        second = await read(f"{site.url}/feed", state=state)

    assert (feed.told, len(second)) == ([200, 200], 2)


async def test_what_is_older_than_max_age_is_left_out(tmp_path: Path) -> None:
    old, new = "<pubDate>Mon, 02 Mar 2020 10:00:00 +0100</pubDate>", ""
    (tmp_path / "feed").write_text(rss(item(1, old) + item(2, new)))

    found = await leads(str(tmp_path / "feed"), reach=Reach(max_age=86_400))

    assert [lead.title for lead in found] == ["Story 2"]


async def test_an_age_before_all_dates_is_no_limit(tmp_path: Path) -> None:
    (tmp_path / "feed").write_text(rss(item(1, "<pubDate>Mon, 02 Mar 2020 10:00:00 +0100</pubDate>")))

    assert len(await leads(str(tmp_path / "feed"), reach=Reach(max_age=10**13))) == 1


@pytest.mark.parametrize(
    ("stated", "leads_to"),
    [
        ("<link>#</link>", None),
        ("<link>#</link><guid>http://news.example/1</guid>", "http://news.example/1"),
        ('<guid isPermaLink="false">4711</guid>', None),
        ('<guid isPermaLink="false">http://news.example/2</guid>', "http://news.example/2"),
        ("<link>/3</link>", "/3"),
    ],
)
async def test_a_link_to_the_feed_itself_and_a_number_are_no_address(stated: str, leads_to: str | None) -> None:
    with Site({"/feed": Reply(rss(f"<item><title>T</title>{stated}</item>").encode(), "application/rss+xml")}) as site:
        found = await leads(f"{site.url}/feed", kind="feed")

    wanted = [] if leads_to is None else [leads_to if leads_to.startswith("http") else f"{site.url}{leads_to}"]
    assert [lead.url for lead in found] == wanted


async def test_allow_and_deny_choose_among_the_entries(tmp_path: Path) -> None:
    (tmp_path / "feed").write_text(rss("".join(map(item, range(1, 5)))))

    found = await leads(str(tmp_path / "feed"), reach=Reach(allow=("story-[1-3]",), deny=("-2$",)))

    assert [lead.title for lead in found] == ["Story 1", "Story 3"]

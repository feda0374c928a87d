"""From feeds, archives and crawls to manifests."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from harvester.articles.leads import read_leads
from harvester.articles.sources.reader import Reach
from harvester.config import Config, access
from harvester.errors import UsageError
from harvester.pipeline.earlier.revisit import rests_until
from harvester.runs.batch import harvest
from harvester.runs.execution import Options, execution
from harvester.runs.report import Report
from harvester.runs.upkeep import rebuild
from harvester.runs.upkeep import remove as removal
from harvester.state import Missed, State
from harvester.steps import Lead
from harvester.stores.folder import Store
from harvester.web import Web
from tests.support.fetching import local
from tests.support.listings import CONTENT, MEDIA, rss
from tests.support.press import Press, drawn, page, story
from tests.support.servers import Reply, Site


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Press(tmp_path, {"a": story(1), "b": story(2)}) as press:
        yield press


async def harvested(press: Press, source: str, **options: Any) -> Report:
    press.site.requests.clear()
    return await harvest([source], press.config(), output=press.output, options=Options(**options))


def feed(press: Press, *names: str, more: str = "", etag: str = '"1"') -> str:
    """Publish a feed of stories; gives its address."""
    items = "".join(f"<item><title>From the feed</title><link>{press.url(name)}</link>{more}</item>" for name in names)
    text = rss(items, spaces=f"{MEDIA} {CONTENT}").encode()
    press.site.routes["/feed"] = lambda seen: (
        Reply(status=304, headers={"ETag": etag})
        if seen.headers.get("if-none-match") == etag
        else Reply(text, "application/rss+xml", headers={"ETag": etag})
    )
    return f"{press.site.url}/feed"


async def test_a_feed_is_harvested_and_then_asked_conditionally_like_its_pages(press: Press) -> None:
    source = feed(press, "a", "b")
    first = await harvested(press, source)
    second = await harvested(press, source)

    assert (first.exit_status(), second.exit_status()) == (0, 0)
    assert sorted(press.manifests()) == ["a", "b"]
    assert press.manifests()["a"]["article"]["title"] == "From the feed"
    assert sorted(press.asked()) == ["/feed", "/news/a.html", "/news/b.html"]
    assert all("if-none-match" in seen.headers for seen in press.site.requests)


async def test_a_page_that_is_named_several_times_is_asked_for_once(press: Press) -> None:
    source = feed(press, "a", "b", "a", "a")
    press.site.routes["/more"] = Reply(
        rss(f"<item><link>{press.url('b')}#top</link></item>").encode(), "application/rss+xml"
    )
    press.site.requests.clear()
    sources = [source, f"{press.site.url}/more", press.url("a")]
    await harvest(sources, press.config(), output=press.output)

    assert sorted(press.asked("/news/")) == ["/news/a.html", "/news/b.html"]


async def test_a_feed_heals_what_is_missing_though_it_has_not_changed(press: Press) -> None:
    press.settings = '[state]\nrevisit = "never"\n'
    source = feed(press, "a", "b")
    await harvested(press, source, max_articles=1)
    await harvested(press, source)
    next(press.manifests()["a"]["folder"].glob("images/01*.jpg")).unlink()
    await harvested(press, source)

    assert sorted(press.manifests()) == ["a", "b"]
    assert press.asked() == ["/feed", "/pictures/p1-1.jpg"]


async def test_what_the_feed_carries_stands_in_for_a_page_that_is_gone(press: Press) -> None:
    body = f"<p>All of the story</p><img src='{press.site.url}/pictures/p1-1.jpg'>"
    dated = "<pubDate>Mon, 02 Mar 2026 10:00:00 +0100</pubDate>"
    source = feed(press, "gone", more=f"{dated}<content:encoded><![CDATA[{body}]]></content:encoded>")

    report = await harvested(press, source)

    assert report.exit_status() == 0
    (image,) = press.manifests()["gone"]["images"]
    assert image["status"] == "saved"


async def test_a_page_that_fails_once_does_not_lose_its_pictures_to_the_feed(press: Press) -> None:
    source = feed(press, "a", more="<content:encoded>&lt;p&gt;A line&lt;/p&gt;</content:encoded>")
    await harvested(press, source)
    before = press.manifests()
    press.site.routes["/news/a.html"] = Reply(status=503)
    await harvested(press, source)

    assert press.manifests() == before


async def test_entries_are_articles_where_fetch_is_item(press: Press) -> None:
    body = f"<p>All</p><img src='{press.site.url}/pictures/p1-1.jpg'>"
    source = feed(press, "a", more=f"<content:encoded><![CDATA[{body}]]></content:encoded>")
    await harvested(press, source, reach=Reach(fetch="item"))
    assert press.asked() == ["/feed", "/pictures/p1-1.jpg"]

    await harvested(press, source, reach=Reach(fetch="item"))
    assert press.asked() == ["/feed"]


async def test_a_larger_rendition_in_the_feed_is_taken_for_the_picture_of_the_page(press: Press) -> None:
    press.site.routes["/pictures/p1-1.jpg?w=800"] = Reply(drawn(11, 800, 600), "image/jpeg")
    offer = (
        f'<media:content url="{press.site.url}/pictures/p1-1.jpg?w=800" type="image/jpeg" width="800" height="600"/>'
    )
    await harvested(press, feed(press, "a", more=offer))

    images = press.manifests()["a"]["images"]
    assert len(images) == 2
    assert images[0]["file"]["width"] == 800


async def test_an_address_that_turned_out_to_be_a_feed_is_read_again_for_what_is_new(
    press: Press,
) -> None:
    press.settings = '[state]\nrevisit = "never"\n'
    feed(press, "a")
    press.site.routes["/latest"] = press.site.routes["/feed"]
    await harvested(press, f"{press.site.url}/latest")
    feed(press, "a", "b", etag='"2"')
    press.site.routes["/latest"] = press.site.routes["/feed"]

    await harvested(press, f"{press.site.url}/latest")

    assert sorted(press.manifests()) == ["a", "b"]


async def test_a_feed_is_no_address_of_its_articles(press: Press) -> None:
    source = feed(press, "a", "b")
    await harvested(press, source)

    async with execution(press.output, press.config(), Options(), Report()) as kit:
        with pytest.raises(UsageError, match="no article"):
            removal.remove(source, kit)
        stone = removal.remove(press.url("a"), kit)

    assert stone.urls == (press.url("a"),)
    assert rebuild.check(Store(press.output), "") == []


async def test_an_address_that_turns_out_to_be_a_feed_is_read_as_one(press: Press) -> None:
    feed(press, "a", "b")
    press.site.routes["/latest"] = press.site.routes["/feed"]

    report = await harvested(press, f"{press.site.url}/latest")

    assert report.exit_status() == 0
    assert sorted(press.manifests()) == ["a", "b"]


# ---------------------------------------------------------------------- archives


def recorded(file: Path, answers: dict[str, tuple[bytes, str]], *, packed: bool = True) -> Path:
    """Write a WARC of answers by address: their bytes and types."""
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(file.name, {"software": "test"}))
        for url, (body, kind) in answers.items():
            headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url, "response", payload=BytesIO(body), length=len(body), http_headers=headers
                )
            )
    return file


def crawl_of(*names: str) -> dict[str, tuple[bytes, str]]:
    answers = {}
    for number, name in enumerate(names, 1):
        one = story(number)
        answers[f"https://paper.example/news/{name}.html"] = (page(one, name).encode(), "text/html; charset=utf-8")
        answers |= {f"https://paper.example/pictures/{p.name}": (p.data, "image/jpeg") for p in one.pictures}
    return answers


@pytest.mark.parametrize("packed", [True, False], ids=["warc.gz", "warc"])
async def test_an_archive_is_harvested_without_the_network(packed: bool, tmp_path: Path) -> None:
    file = recorded(tmp_path / "crawl.bin", crawl_of("a", "b"), packed=packed)

    report = await harvest([str(file)], Config(), output=tmp_path / "out")

    assert report.exit_status() == 0
    manifests = [msgspec.json.decode(path.read_bytes()) for path in (tmp_path / "out").glob("*/*/*/*/manifest.json")]
    assert sorted(m["article"]["title"] for m in manifests) == ["Story 1 about the bridge", "Story 2 about the bridge"]
    assert [image["status"] for m in manifests for image in m["images"]] == ["saved"] * 4
    assert {m["article"]["source"]["kind"] for m in manifests} == {"warc"}


async def test_what_was_recorded_encoded_or_only_referred_to_is_found(tmp_path: Path) -> None:
    answers = crawl_of("a")
    (address, (body, kind)) = next(iter(answers.items()))
    again = "https://paper.example/pictures/p1-2.jpg"
    picture = answers.pop(again)[0]
    del answers[address]
    file = recorded(tmp_path / "c.warc.gz", {**answers, "https://old.example/p.jpg": (picture, "image/jpeg")})
    with file.open("ab") as out:
        writer = WARCWriter(out, gzip=True)
        fields = [("Content-Type", kind), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
        packed = gzip.compress(body)
        payload = f"{len(packed):x}\r\n".encode() + packed + b"\r\n0\r\n\r\n"
        headers = StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            address, "response", payload=BytesIO(payload), length=len(payload), http_headers=headers
        )
        writer.write_record(record)
        writer.write_record(
            writer.create_revisit_record(again, "sha1:X", "https://old.example/p.jpg", "2026-03-01T00:00:00Z")
        )

    report = await harvest([str(file)], Config(), output=tmp_path / "out")

    assert report.exit_status() == 0
    assert report.as_json()["assets"]["saved"] == 2


async def test_a_picture_that_was_not_recorded_is_told(tmp_path: Path) -> None:
    answers = {url: answer for url, answer in crawl_of("a").items() if "p1-2" not in url}

    report = await harvest([str(recorded(tmp_path / "c.warc.gz", answers))], Config(), output=tmp_path / "out")

    assert report.exit_status() == 3
    (path,) = (tmp_path / "out").glob("*/*/*/*/manifest.json")
    assert msgspec.json.decode(path.read_bytes())["images"][1]["error"]["code"] == "not_archived"


async def test_a_cut_archive_gives_what_stands_before_the_cut(tmp_path: Path) -> None:
    file = recorded(tmp_path / "c.warc.gz", crawl_of("a", "b"))
    file.write_bytes(file.read_bytes()[:-20_000])

    report = await harvest([str(file)], Config(), output=tmp_path / "out")

    assert report.exit_status() == 3
    assert len(list((tmp_path / "out").glob("*/*/*/*/manifest.json"))) >= 1


def test_without_warcio_the_line_that_installs_it_is_told(tmp_path: Path) -> None:
    file = recorded(tmp_path / "c.warc.gz", crawl_of("a"))
    command = "import sys; sys.modules['warcio'] = None; from harvester.terminal.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "harvest", str(file), "-o", str(tmp_path / "out")],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert "pip install 'media-harvester[archive]'" in " ".join(done.stderr.split())


# ---------------------------------------------------------------------- crawls


def section(*links: str) -> str:
    return "<nav><a href='/'>Home</a></nav>" + "".join(f"<p><a href='{link}'>Read on</a></p>" for link in links)


async def crawled(site: Site, path: str, **reach: Any) -> list[str]:
    async with Web(local()) as web:
        found = [lead async for lead in read_leads([f"{site.url}{path}"], kind="crawl", web=web, reach=Reach(**reach))]
    return [(lead.url or "").removeprefix(site.url) for lead in found if isinstance(lead, Lead)]


async def test_a_section_page_leads_to_its_articles_and_nowhere_else() -> None:
    articles = ["/2026/03/04/the-bridge-opens", "/politik/haushalt-streit-im-rat-geht-weiter-1234567.html"]
    others = ["/tag/bridge", "/about", "/p.pdf", "https://other.example/2026/03/04/story", "/author/2026/03/ana-ruiz"]
    with Site({"/news": section(*articles, *others, articles[0] + "?utm_source=x", "#top", "/news?page=2")}) as site:
        assert await crawled(site, "/news") == articles
        assert site.asked() == ["/news"]


async def test_sections_are_followed_as_deep_as_asked() -> None:
    routes = {
        "/": section("/world", "/2026/03/04/one"),
        "/world": section("/world/asia", "/2026/03/04/two"),
        "/world/asia": section("/2026/03/04/three", "/"),
    }
    with Site(routes) as site:
        assert await crawled(site, "/", depth=2) == ["/2026/03/04/one", "/2026/03/04/two"]
        assert await crawled(site, "/", depth=3) == ["/2026/03/04/one", "/2026/03/04/two", "/2026/03/04/three"]


async def test_traps_are_not_entered() -> None:
    traps = [
        "/events/calendar?month=2031-05",
        "/news;jsessionid=1",
        "/list?PHPSESSID=2",
        "/list?page=9999",
        "/a/b/a/b/a/b",
        "/search?q=x",
        "/list?sort=asc",
    ]
    with Site({"/": section(*traps, "/list?page=2"), "/list": section("/2026/03/04/two")}) as site:
        assert await crawled(site, "/", depth=2) == ["/2026/03/04/two"]
        assert site.asked() == ["/", "/list?page=2"]


async def test_what_allow_names_is_an_article_and_what_deny_names_is_none() -> None:
    with Site({"/": section("/a/1", "/a/2", "/2026/03/04/three")}) as site:
        assert await crawled(site, "/", allow=("/a/",), deny=("2$",)) == ["/a/1"]


async def test_a_page_that_is_gone_is_told_once_and_rests_where_a_list_names_it(press: Press) -> None:
    source = feed(press, "a", "gone")
    first = await harvested(press, source)
    asked_first = press.asked()
    second = await harvested(press, source)

    assert (first.exit_status(), second.exit_status()) == (3, 0)
    assert "/news/gone.html" in asked_first
    assert "/news/gone.html" not in press.asked()
    assert second.articles["skipped"] == 1


async def test_a_page_that_was_gone_is_asked_for_by_force_by_hand_and_in_time(press: Press) -> None:
    source = feed(press, "gone")
    await harvested(press, source)

    for given, options in ((source, {"force": True}), (press.url("gone"), {})):
        await harvested(press, given, **options)
        assert "/news/gone.html" in press.asked()
    with State(press.output / ".harvester" / "state.db") as state:
        state.miss(press.url("gone"), access(press.config().web), "http_404", 0.0)
    await harvested(press, source)
    assert "/news/gone.html" in press.asked()


async def test_a_page_that_came_back_is_harvested_and_no_longer_missed(press: Press) -> None:
    source = feed(press, "late")
    await harvested(press, source)
    one = story(9)
    picture = one.pictures[0]
    press.site.routes["/news/late.html"] = Reply(page(one, "late").encode(), "text/html")
    press.site.routes |= {f"/pictures/{each.name}": Reply(each.data, "image/jpeg") for each in one.pictures}
    await harvested(press, source, force=True)
    await harvested(press, source)

    assert press.manifests()["late"]["images"][0]["file"]["bytes"] == len(picture.data)
    with State(press.output / ".harvester" / "state.db") as state:
        assert state.missed(press.url("late"), access(press.config().web)) is None


async def test_a_page_that_a_setting_refuses_is_told_once_and_comes_back_with_another_setting(press: Press) -> None:
    source = feed(press, "a", "b")
    press.web = "max_page_bytes = 300\n"
    refused = await harvested(press, source)
    later = await harvested(press, source)
    asked_later = press.asked("/news/")
    press.web = ""
    admitted = await harvested(press, source)

    assert (refused.exit_status(), later.exit_status(), admitted.exit_status()) == (4, 0, 0)
    assert dict(refused.causes) == {"too_large": 2}
    assert asked_later == []
    assert sorted(press.manifests()) == ["a", "b"]


async def test_an_article_whose_page_is_refused_by_now_is_told_once_and_its_files_are_looked_after(
    press: Press,
) -> None:
    await harvested(press, feed(press, "a", "b"))
    press.edit("a", noise="<p>Corrected.</p>")
    press.site.routes["/news/a.html"] = Reply(status=403)
    source = feed(press, "a", "b")
    refused = await harvested(press, source)
    next(press.manifests()["a"]["folder"].glob("images/01*.jpg")).unlink()
    later = await harvested(press, source)

    assert (refused.exit_status(), later.exit_status()) == (3, 0)
    assert dict(refused.causes) == {"http_403": 1}
    assert sorted(press.asked()) == ["/feed", "/news/b.html", "/pictures/p1-1.jpg"]


@pytest.mark.parametrize(("times", "hours"), [(1, 1), (2, 2), (5, 16), (11, 720), (1_000_000, 720)])
def test_a_missed_page_rests_ever_longer_but_no_longer_than_a_month(times: int, hours: int) -> None:
    missed = Missed(url="https://a.example/", access="", code="http_404", asked_at=0.0, times=times)

    assert rests_until(missed) == datetime.fromtimestamp(hours * 3600, UTC)

"""Sitemaps and lists of feeds: every extension, nested, compressed, found by robots.txt, never in memory at once."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester.articles.leads import read_leads
from harvester.articles.sources.reader import Reach
from harvester.errors import SourceError
from harvester.model import SourceKind
from harvester.steps import Lead, Offer
from harvester.web import Web
from tests.support.fetching import local
from tests.support.listings import BASE, SITEMAPS, atom, entry, page, urlset
from tests.support.project import ROOT
from tests.support.servers import Reply, Site

INDEX = '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


async def read(
    source: str,
    kind: SourceKind | None = None,
    reach: Reach = Reach(),  # noqa: B008 - a frozen value
) -> list[Lead | SourceError]:
    async with Web(local()) as web:
        return [lead async for lead in read_leads([source], kind=kind, web=web, reach=reach)]


def stories(found: list[Lead | SourceError]) -> list[str]:
    """The addresses of the leads, or the codes of errors, without what they share."""
    return [
        lead.code if isinstance(lead, SourceError) else (lead.url or "").removeprefix(f"{BASE}/2026/03/")
        for lead in found
    ]


def raw(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def xml(text: str) -> Reply:
    return Reply(text.encode(), "application/xml")


def nested(*addresses: str, more: str = "") -> Reply:
    return xml(INDEX.format("".join(f"<sitemap><loc>{address}</loc>{more}</sitemap>" for address in addresses)))


@pytest.mark.parametrize("name", SITEMAPS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
async def test_every_form_leads_to_its_page(name: str, packed: bool, site: Site) -> None:
    body = raw(SITEMAPS[name])
    site.routes["/sitemap.xml"] = Reply(gzip.compress(body) if packed else body, "application/octet-stream")

    (lead,) = await read(f"{site.url}/sitemap.xml")

    assert isinstance(lead, Lead)
    assert lead.url == f"{BASE}/2026/03/story-1"
    assert lead.source.kind == "sitemap"


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
async def test_a_saved_sitemap_is_recognised_by_its_content(packed: bool, tmp_path: Path) -> None:
    body = raw(SITEMAPS["plain"])
    (tmp_path / "saved").write_bytes(gzip.compress(body) if packed else body)

    assert stories(await read(str(tmp_path / "saved"))) == ["story-1"]


async def test_the_extensions_say_what_they_say(tmp_path: Path) -> None:
    (tmp_path / "news").write_bytes(raw(SITEMAPS["news"]))
    (tmp_path / "images").write_bytes(raw(SITEMAPS["images"]))

    (news,) = await read(str(tmp_path / "news"))
    (images,) = await read(str(tmp_path / "images"))

    assert isinstance(news, Lead)
    assert isinstance(images, Lead)
    assert (news.title, news.published, news.language) == ("Brücke", "2026-03-02T09:00:00Z", "de")
    assert images.offers == (Offer(url="https://cdn.example/1.jpg", type="image/*"),)


async def test_an_index_leads_to_the_pages_of_its_sitemaps(site: Site) -> None:
    site.routes["/sitemap_index.xml"] = nested(f"{site.url}/a.xml", f"{site.url}/gone.xml", f"{site.url}/b.xml.gz")
    site.routes["/a.xml"] = xml(urlset(page(1) + page(2)))
    site.routes["/b.xml.gz"] = Reply(gzip.compress(urlset(page(3)).encode()), "application/gzip")

    assert stories(await read(f"{site.url}/sitemap_index.xml")) == ["story-1", "story-2", "http_404", "story-3"]


async def test_an_index_that_names_itself_ends(site: Site) -> None:
    site.routes["/sitemap.xml"] = nested(f"{site.url}/sitemap.xml")

    assert stories(await read(f"{site.url}/sitemap.xml")) == ["nested"]


async def test_sitemaps_that_name_each_other_are_asked_once_each(site: Site) -> None:
    names = [f"/{name}.xml" for name in "abcdefgh"]
    for name in names:
        site.routes[name] = nested(*(f"{site.url}{other}" for other in names if other != name))
    site.routes["/sitemap.xml"] = nested(*(f"{site.url}{name}" for name in names * 2))
    await read(f"{site.url}/sitemap.xml")

    assert sorted(site.asked()) == [*names, "/sitemap.xml"]


async def test_sitemaps_that_changed_before_max_age_are_not_asked(site: Site) -> None:
    site.routes["/sitemap.xml"] = nested(f"{site.url}/old.xml", more="<lastmod>2019-01-01</lastmod>")

    assert await read(f"{site.url}/sitemap.xml", reach=Reach(max_age=86_400)) == []
    assert site.asked() == ["/sitemap.xml"]


async def test_a_front_door_called_sitemap_is_asked_by_robots_txt(site: Site) -> None:
    site.routes["/robots.txt"] = Reply(
        f"User-agent: *\nDisallow: /x\nSitemap: {site.url}/a.xml\r\nsitemap:{site.url}/b.xml".encode(), "text/plain"
    )
    site.routes["/a.xml"], site.routes["/b.xml"] = xml(urlset(page(1))), xml(urlset(page(2)))

    assert stories(await read(f"{site.url}/", "sitemap")) == ["story-1", "story-2"]
    assert stories(await read(f"{site.url}/robots.txt")) == ["story-1", "story-2"]


async def test_a_sitemap_in_plain_text_is_a_line_a_page(site: Site) -> None:
    site.routes["/sitemap.txt"] = Reply(f"{BASE}/2026/03/story-1\n\n{BASE}/2026/03/story-2\n".encode(), "text/plain")

    assert stories(await read(f"{site.url}/sitemap.txt", "sitemap")) == ["story-1", "story-2"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "gb2312", "Shift_JIS", "EUC-KR", "windows-1251", "cp855", "tf-8", "rot13", "utf-16le"]
)
async def test_a_sitemap_in_any_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    known = encoding if encoding in ("gb2312", "Shift_JIS", "EUC-KR", "windows-1251", "cp855") else "utf-8"
    told = f'<?xml version="1.0" encoding="{encoding}"?>'
    page = "https://news.example/Б/story-1"
    text = f'{told}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{page}</loc></url></urlset>'
    (tmp_path / "map.xml").write_bytes(text.encode(known))

    (lead,) = await read(str(tmp_path / "map.xml"))

    assert isinstance(lead, Lead)
    assert lead.url == "https://news.example/%D0%91/story-1"


async def test_what_stands_before_a_break_is_given_and_the_break_told(tmp_path: Path) -> None:
    (tmp_path / "cut.xml").write_text(urlset(page(1) + page(2) + page(3))[:-40])
    whole = gzip.compress(urlset("".join(map(page, range(9000)))).encode())
    (tmp_path / "cut.gz").write_bytes(whole[: len(whole) // 2])

    assert stories(await read(str(tmp_path / "cut.xml"))) == ["story-1", "story-2", "broken"]
    assert stories(await read(str(tmp_path / "cut.gz")))[-1] == "broken"


async def test_a_sitemap_that_unpacks_to_more_than_is_allowed_is_left(site: Site) -> None:
    bomb = gzip.compress(urlset(page(1) + " " * 60_000_000).encode(), 1)
    site.routes["/sitemap.xml"] = Reply(bomb, "application/gzip")

    assert stories(await read(f"{site.url}/sitemap.xml")) == ["story-1", "too_large"]


PEAK = """
import resource
from harvester.articles.feeds.sitemap import entries
from harvester.model import Source
from tests.support.listings import page

def chunks():
    yield b"<urlset>"
    for start in range(0, {pages}, 500):
        yield "".join(map(page, range(start, start + 500))).encode()
    yield b"</urlset>"

assert sum(1 for _ in entries(chunks(), Source(kind="sitemap", given="x"), None)) == {pages}
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_a_sitemap_of_a_hundred_thousand_pages_is_read_in_flat_memory() -> None:
    def peak(pages: int) -> int:
        done = subprocess.run(
            [sys.executable, "-c", PEAK.format(pages=pages)],
            capture_output=True,
            check=True,
            cwd=ROOT,
        )
        return int(done.stdout)

    assert peak(100_000) < peak(5_000) * 1.1


OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Papers"><outline text="One" type="rss" xmlUrl="{0}/one.rss" htmlUrl="{0}/"/>
<outline text="More"><outline text="Two" xmlURL="{0}/two.atom"/></outline></outline>
<outline text="One again" type="rss" xmlUrl="{0}/one.rss"/><outline text="A file" xmlUrl="file:///etc/passwd"/>
</body></opml>"""


async def test_a_list_of_feeds_leads_to_their_entries_however_deep(site: Site, tmp_path: Path) -> None:
    site.routes["/one.rss"] = xml(
        f"<rss version='2.0'><channel><item><link>{BASE}/2026/03/story-1</link></item></channel></rss>"
    )
    site.routes["/two.atom"] = xml(atom(entry(2)))
    (tmp_path / "feeds").write_text(OPML.format(site.url))

    assert stories(await read(str(tmp_path / "feeds"))) == ["story-1", "story-2"]
    assert site.asked() == ["/one.rss", "/two.atom"]


async def test_a_feed_that_cannot_be_had_does_not_stop_the_others(site: Site) -> None:
    site.routes["/feeds.opml"] = xml(OPML.format(site.url))
    site.routes["/two.atom"] = xml(atom(entry(2)))

    assert stories(await read(f"{site.url}/feeds.opml")) == ["http_404", "story-2"]

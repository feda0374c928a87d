"""A name and a password in an address, whoever published it, are written nowhere: every byte that comes out is read."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.support import faults
from tests.support.command import harvester
from tests.support.listings import CONTENT, MEDIA, atom, rss
from tests.support.press import TEXT, drawn
from tests.support.servers import Reply, Route, Seen, Site

SECRET = "s3cret"
LOGINS = ("reader:s3cret", "reader:s%33cr%65t", ":s3cret", "s3cret", "a@b:p@s3cret", "r%C3%A9:s3cret%40")
"""As addresses carry them: plain, escaped, with only one of the two, with signs that want an escape and have none."""
FORMS = (SECRET, "s%33cr%65t", base64.b64encode(b"reader:s3cret").decode(), base64.b64encode(b":s3cret").decode())

pytestmark = pytest.mark.slow


class World(Site):
    """A site on which every address has a name and a password, and which asks for those of the user only."""

    def address(self, path: str, login: str = LOGINS[0], *, host: str = "") -> str:
        return f"http://{login}@{host or self.authority}{path}"

    def found(self, user: str) -> list[str]:
        """The targets that were asked for as *user*."""
        wanted = f"Basic {base64.b64encode(user.encode()).decode()}"
        return [seen.target for seen in self.requests if seen.headers.get("authorization") == wanted]


@pytest.fixture
def world() -> Iterator[World]:
    with World() as site:
        site.routes |= pictures(site) | lists(site)
        for number, login in enumerate(LOGINS):
            site.routes[f"/news/{number}.html"] = page(site, number, login)
        yield site


def pictures(site: World) -> Mapping[str, Route]:
    good = {f"/p/{name}-{n}.jpg": drawn(n * 10 + len(name)) for n in range(len(LOGINS)) for name in NAMES}
    return {
        **good,
        "/moved.jpg": to(site.address("/p/moved-0.jpg")),
        "/lost.jpg": to(site.address("/nowhere.jpg")),
        "/ring.jpg": to(site.address("/ring.jpg?")),
        "/ring.jpg?": to(site.address("/ring.jpg")),
        "/shut.jpg": to(site.address("/shut.jpg", host="127.0.0.1:1")),
        "/bad.jpg": to(f"http://reader:{SECRET}@[bad/a.jpg"),
        "/coded.jpg": Reply(b"x", headers={"Content-Encoding": "own"}),
        "/busy.jpg": Reply(status=503),
        "/text.jpg": "<p>no picture",
        "/cut.jpg": faults.closed_in_mid_body(drawn(5)),
        "/noise.jpg": b"\xff\xd8\xff" + bytes(3000),
        "/film.mp4": b"\0\0\0\x18ftypmp42" + bytes(4000),
        "/robots.txt": Reply(f"User-agent: *\nDisallow: /closed\nSitemap: {site.address('/map')}\n".encode()),
    }


NAMES = ("src", "set", "large", "later", "styled", "link", "social", "thing", "poster", "moved", "offer")
FAILING = ("lost", "ring", "shut", "bad", "coded", "busy", "text", "cut", "noise", "gone", "closed")


def to(location: str) -> Reply:
    return Reply(status=302, headers={"Location": location})


def page(site: World, number: int, login: str) -> str:
    def at(path: str) -> str:
        return site.address(path, login)

    def p(name: str) -> str:
        return at(f"/p/{name}-{number}.jpg")

    thing = {
        "@type": "NewsArticle",
        "url": at(f"/news/{number}.html"),
        "mainEntityOfPage": at(f"/news/{number}.html"),
        "image": {"@type": "ImageObject", "url": p("thing"), "license": at("/license"), "creator": at("/me")},
        "author": {"@type": "Person", "url": at("/author")},
        "video": {"@type": "VideoObject", "contentUrl": at("/film.mp4?a"), "thumbnailUrl": p("poster")},
    }
    unreadable = f"http://reader:{SECRET}@ho st/a.jpg"
    return f"""<!doctype html><html><head><title>Story {number}</title><base href="{at("/news/")}">
<link rel="canonical" href="{at(f"/news/{number}.html")}"><meta property="og:url" content="{at(f"/news/{number}.html")}">
<meta property="og:image" content="{p("social")}"><meta property="og:video" content="{at("/film.mp4?b")}">
<meta http-equiv="refresh" content="900; url={at("/again")}"><link rel="amphtml" href="{at("/amp")}">
<script type="application/ld+json">{msgspec.json.encode(thing).decode()}</script></head><body><article>
<h1>Story {number}</h1><p>{TEXT}</p><a href="{p("link")}"><img src="{p("src")}" srcset="{p("set")} 400w,{p("large")} 900w">
</a><p>{TEXT}</p><img data-src="{p("later")}" width=400 height=300><div style="background-image:url('{p("styled")}')"></div>
{"".join(f'<p>{TEXT}</p><img src="{at(f"/{name}.jpg")}" width=400 height=300 alt="{name}">' for name in FAILING)}
<img src="{unreadable}" width=400 height=300><img src="ftp://{login}@{site.authority}/a.jpg" width=400 height=300>
<video src="{at("/film.mp4")}" poster="{p("poster")}"></video><audio src="{at("/gone.mp3")}"></audio>
<iframe src="https://{login}@www.youtube.com/embed/Zk3-9_aQwXs"></iframe>
<iframe src="https://{login}@player.vimeo.com/video/123456789"></iframe>
<a href="https://{login}@www.facebook.com/watch/?v=1234567890">film</a>
<div data-image='{{"url": "{p("later")}"}}'></div><p>{TEXT}</p></article>
<aside><img src="{at("/logo.png")}" width=90 height=60></aside></body></html>"""


def lists(site: World) -> Mapping[str, Route]:
    entries = "".join(
        f"<item><title>S</title><link>{site.address(f'/news/{n}.html', login)}</link>"
        f"<guid>{site.address(f'/?p={n}', login)}</guid><author>{site.address('/me', login)}</author>"
        f'<enclosure url="{site.address(f"/p/offer-{n}.jpg", login)}" type="image/jpeg" length="9"/>'
        f'<media:content url="{site.address("/gone.jpg", login)}" medium="image"/></item>'
        for n, login in enumerate(LOGINS)
    )
    gone = f'<entry><id>{site.address("/lost")}</id><link href="{site.address("/lost.html")}"/><author><name>A</name><uri>{site.address("/me")}</uri></author></entry>'
    carried = f"<item><title>Carried</title><link>{site.address('/gone.html')}</link><content:encoded>&lt;img src='{site.address('/p/offer-0.jpg')}'&gt;</content:encoded></item>"
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": site.address("/news/1.html"), "image": site.address("/gone.jpg")}]}
    locations = "".join(f"<url><loc>{site.address(f'/news/{n}.html')}</loc></url>" for n in range(3))
    nested = f"<sitemapindex><sitemap><loc>{site.address('/inner')}</loc></sitemap><sitemap><loc>{site.address('/no')}</loc></sitemap><sitemap><loc>{site.address('/index')}</loc></sitemap></sitemapindex>"
    return {
        "/feed": Reply(rss(entries + carried, spaces=f"{MEDIA} {CONTENT}").encode(), "application/rss+xml"),
        "/atom": Reply(atom(gone).encode(), "application/atom+xml"),
        "/json": Reply(msgspec.json.encode(feed), "application/feed+json"),
        "/map": Reply(f"<urlset>{locations}</urlset>".encode(), "application/xml"),
        "/index": Reply(nested.encode(), "application/xml"),
        "/inner": Reply(f"<urlset>{locations}</urlset>".encode(), "application/xml"),
        "/section": f'<a href="{site.address("/news/2.html")}">A long headline of a story that is told at length</a>',
        "/moved.html": to(site.address("/news/3.html")),
        "/lost.html": to(site.address("/nowhere.html")),
        "/picture.html": drawn(3),
        "/list.html": to(site.address("/feed")),
    }


def settings(folder: Path, site: World, more: str = "") -> Path:
    file = folder / "config.toml"
    file.write_text(
        f'[web]\nallow_networks = ["127.0.0.0/8"]\npage_delay = 0\nretries = 0\nports = [{site.port}, 1]\n{more}\n'
        f'[videos]\ndownload = false\n[output]\ndirectory = "{folder / "out"}"\nfsync = "never"\n'
    )
    return file


def told(*done: subprocess.CompletedProcess[str]) -> list[str]:
    """What of the secret is on the standard streams of commands, with the text around it."""
    return [found for one in done for stream in (one.stdout, one.stderr) for found in around(stream)]


def written(folder: Path, but: tuple[str, ...] = ()) -> list[str]:
    """What of the secret is in the files below *folder*, by name and by bytes."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in but]
    return [f"{path.name}: {found}" for path in files for found in around(path.name + path.read_bytes().decode("latin-1"))]


def around(text: str) -> list[str]:
    return [text[max(0, at - 90) : at + 40] for form in FORMS if (at := text.find(form)) >= 0]

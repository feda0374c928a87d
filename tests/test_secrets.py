"""A name and a password in an address, whoever published it, are written nowhere: every byte that comes out is read."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from tests.support import faults
from tests.support.command import harvester
from tests.support.listings import CONTENT, MEDIA, atom, rss
from tests.support.press import TEXT, drawn
from tests.support.servers import Reply, Route, Site

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
        site.routes |= {**pictures(site), **lists(site)}
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
    """Write a story in which every kind of address has *login*."""

    def at(path: str) -> str:
        return site.address(path, login)

    def p(name: str) -> str:
        return at(f"/p/{name}-{number}.jpg")

    own = at(f"/news/{number}.html")
    thing = {
        "@type": "NewsArticle",
        "url": own,
        "mainEntityOfPage": own,
        "image": {"@type": "ImageObject", "url": p("thing"), "license": at("/license"), "creator": at("/me")},
        "author": [at("/author"), {"@type": "Person", "url": at("/author")}],
        "video": {"@type": "VideoObject", "contentUrl": at("/film.mp4?a"), "thumbnailUrl": p("poster")},
    }
    failing = "".join(f'<p>{TEXT}</p><img src="{at(f"/{name}.jpg")}" width=400 height=300>' for name in FAILING)
    return f"""<!doctype html><title>Story {number}</title><base href="{at("/news/")}">
<link rel="canonical" href="{own}"><meta property="og:url" content="{own}">
<meta property="og:image" content="{p("social")}">
<meta property="og:video" content="{at("/film.mp4?b")}"><meta property="article:author" content="{at("/author")}">
<meta http-equiv="refresh" content="900; url={at("/again")}"><link rel="amphtml" href="{at("/amp")}">
<script type="application/ld+json">{msgspec.json.encode(thing).decode()}</script><article><h1>Story {number}</h1>
<p>{TEXT}</p><a href="{p("link")}"><img src="{p("src")}" srcset="{p("set")} 400w,{p("large")} 900w"></a>
<p>{TEXT}</p><img data-src="{p("later")}" width=400 height=300><p style="background-image:url('{p("styled")}')"></p>
{failing}<img src="http://reader:{SECRET}@ho st/a.jpg" width=400 height=300>
<img src="ftp://{login}@{site.authority}/a.jpg" width=400 height=300><div data-image='{{"url": "{p("later")}"}}'></div>
<video src="{at("/film.mp4")}" poster="{p("poster")}"></video><audio src="{at("/gone.mp3")}"></audio>
<iframe src="https://{login}@www.youtube.com/embed/Zk3-9_aQwXs"></iframe>
<iframe src="https://{login}@player.vimeo.com/video/123456789"></iframe>
<a href="https://{login}@www.facebook.com/watch/?v=1234567890">film</a></article>
<aside><img src="{at("/logo.png")}" width=90 height=60></aside>"""


def lists(site: World) -> Mapping[str, Route]:
    at = site.address
    entries = "".join(
        f"<item><title>S</title><link>{at(f'/news/{n}.html', login)}</link><guid>{at(f'/?p={n}', login)}</guid>"
        f'<author>{at("/me", login)}</author><enclosure url="{at(f"/p/offer-{n}.jpg", login)}" type="image/jpeg"/>'
        f'<media:content url="{at("/gone.jpg", login)}" medium="image"/></item>'
        for n, login in enumerate(LOGINS)
    )
    body = f"&lt;img src='{at('/p/offer-0.jpg')}'&gt;"
    entries += f"<item><link>{at('/gone.html')}</link><content:encoded>{body}</content:encoded></item>"
    entry = (
        f'<entry><id>{at("/lost")}</id><link href="{at("/lost.html")}"/><author><uri>{at("/me")}</uri></author></entry>'
    )
    item = {"id": "1", "url": at("/news/1.html"), "image": at("/gone.jpg"), "author": {"name": "A", "url": at("/me")}}
    pages = "".join(f"<url><loc>{at(f'/news/{n}.html')}</loc></url>" for n in range(3))
    maps = "".join(f"<sitemap><loc>{at(path)}</loc></sitemap>" for path in ("/inner", "/no", "/index"))
    return {
        "/feed": Reply(rss(entries, spaces=f"{MEDIA} {CONTENT}").encode(), "application/rss+xml"),
        "/atom": Reply(atom(entry).encode(), "application/atom+xml"),
        "/json": Reply(msgspec.json.encode({"version": "1.1", "items": [item]}), "application/feed+json"),
        "/map": Reply(f"<urlset>{pages}</urlset>".encode(), "application/xml"),
        "/inner": Reply(f"<urlset>{pages}</urlset>".encode(), "application/xml"),
        "/index": Reply(f"<sitemapindex>{maps}</sitemapindex>".encode(), "application/xml"),
        "/section": f'<a href="{at("/news/2.html")}">A long headline of a story that is told at length</a>',
        "/moved.html": to(at("/news/3.html")),
        "/lost.html": to(at("/nowhere.html")),
        "/picture.html": drawn(3),
        "/list.html": to(at("/feed")),
    }


ADDRESSES = ("feed", "atom", "json", "map", "index", "moved.html", "lost.html", "picture.html", "list.html", "gone")


def settings(folder: Path, site: World, more: str = "") -> Path:
    file = folder / "config.toml"
    file.write_text(
        f'[web]\nallow_networks = ["127.0.0.0/8"]\npage_delay = 0\nretries = 0\nports = [{site.port}, 1]\n'
        f'[videos]\ndownload = false\n[output]\ndirectory = "{folder / "out"}"\nfsync = "never"\n{more}'
    )
    return file


def told(*done: subprocess.CompletedProcess[str]) -> list[str]:
    """What of the secret is on the standard streams of commands, with the text around it."""
    return [found for one in done for stream in (one.stdout, one.stderr) for found in around(stream)]


def written(folder: Path) -> list[str]:
    """What of the secret is in the files below *folder*, by name and by bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [found for path in files for found in around(f"{path}: {path.read_bytes().decode('latin-1')}")]


def around(text: str) -> list[str]:
    return [text[max(0, at - 90) : at + 40] for form in FORMS if (at := text.find(form)) >= 0]


@pytest.mark.parametrize("flags", [("-v",), ("-v", "--log-format", "json", "--json"), ("-n",)])
def test_no_address_of_the_network_tells_its_login(world: World, tmp_path: Path, flags: tuple[str, ...]) -> None:
    config = settings(tmp_path, world)
    sources = [world.address(f"/{name}") for name in ADDRESSES]
    done = harvester("harvest", *sources, "-c", config, "--metrics", tmp_path / "metrics.prom", *flags)

    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert told(done) == []
    assert written(tmp_path) == []
    if "-n" not in flags:
        assert len(list(tmp_path.rglob("images/*.jpg"))) == 5 * len(LOGINS) + 1
        assert {"/news/0.html", "/p/large-0.jpg", "/robots.txt", "/inner"} <= set(world.found("reader:s3cret"))
    assert world.found("a@b:p@s3cret") == []


def test_no_file_that_names_addresses_tells_their_logins(world: World, tmp_path: Path) -> None:
    own, given = world.address("/news/0.html"), tmp_path / "given"
    given.mkdir()
    outline = "".join(f'<outline xmlUrl="{world.address(path)}"/>' for path in ("/atom", "/nofeed"))
    (given / "feeds.opml").write_text(f'<opml version="2.0"><body>{outline}</body></opml>')
    listed = (
        f"{own}\n{world.address('/nowhere')}\nhttp://reader:{SECRET}@ho st/\nhttp://reader:pa/{SECRET}@news.example/\n"
        f"reader:{SECRET}@news.example/a\nftp://reader:{SECRET}@news.example/a\n//reader:{SECRET}@news.example/\n"
    )
    (given / "saved.html").write_text(f"<!-- saved from url=(0023){own} -->{page(world, 1, LOGINS[0])}")
    (given / "item.txt").write_text(f"<!--1694792701000-->\n[T]({own})\n------\n\n{page(world, 2, LOGINS[0])}")
    (given / "crawl.warc").write_bytes(archive(world, own))
    config = settings(tmp_path, world)
    done = [
        *(harvester("harvest", path, "-v", "-c", config) for path in sorted(given.iterdir())),
        harvester("harvest", "-", "-v", "-c", config, "--log-format", "json", given=listed),
        harvester("harvest", "--as", "crawl", world.address("/section"), "-c", config),
        harvester("harvest", "--as", "sitemap", world.address("/"), "-c", config),
        harvester("harvest", "--as", "feed", world.address("/section"), "-c", config),
    ]

    assert {one.returncode for one in done} <= {0, 3, 4}
    assert told(*done) == []
    assert written(tmp_path / "out") == []


def archive(site: World, own: str) -> bytes:
    """A recording of the story and of a redirect, with a record that ends elsewhere than it says."""
    answers = {
        own: f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page(site, 0, LOGINS[0])}",
        site.address("/lost.jpg"): f"HTTP/1.1 302 Found\r\nLocation: {site.address('/no.jpg')}\r\n\r\n",
    }
    records = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Length: {len(answer.encode())}\r\n"
        f"Content-Type: application/http; msgtype=response\r\n\r\n{answer}{own}\r\n\r\n"
        for url, answer in answers.items()
    )
    return "".join(records).encode() + f"WARC/1.0 {own}\r\n{own}\r\n\r\n".encode()


def test_no_command_tells_a_login_that_it_is_given_or_finds(world: World, tmp_path: Path) -> None:
    own, config = world.address("/news/0.html"), settings(tmp_path, world)
    bare = tmp_path / "bare.html"
    bare.write_text("<article><h1>A</h1><img src='/p/src-0.jpg'></article>")
    done = [
        harvester("harvest", own, bare, "-c", config, "-v"),
        harvester("harvest", bare, "--base-url", world.address("/bare"), "-c", config),
        harvester("harvest", bare, "--base-url", f"http://reader:{SECRET}@ho st/", "-c", config),
        harvester("harvest", f"http://reader:pa/{SECRET}@news.example/", "-c", config),
        harvester("harvest", own, "--as", own, "-c", config),
        harvester("harvest", own, "--deny", f"*{own}", "-c", config),
        harvester("harvest", f"--{own}"),
        harvester("inspect", own, "-c", config),
        harvester("inspect", "--json", own, "-c", config),
        harvester("status", "--json", "-c", config),
        harvester("retry", "-v", "-c", config),
        harvester("verify", "--json", "-c", config),
        harvester("state", "rebuild", "-c", config),
        harvester("remove", world.address("/never"), "-c", config),
        harvester("remove", own, own, "-c", config),
        harvester("remove", own, "-c", config),
    ]

    assert not any("Traceback" in one.stderr for one in done)
    assert told(*done) == []
    assert written(tmp_path) == []


def test_a_configuration_with_logins_is_told_without_them(world: World, tmp_path: Path) -> None:
    own = world.address("/news/0.html")
    job = f'[[job]]\nname = "a"\nsources = ["{own}", "{world.address("/lost.html")}"]\nbase_url = "{own}"\n'
    config = settings(tmp_path, world, job)
    proxied = tmp_path / "proxied.toml"
    proxied.write_text(
        f'[web]\nproxy = "http://reader:{SECRET}@127.0.0.1:1"\nallow_networks = ["127.0.0.0/8"]\nretries = 0\n'
        f'[output]\ndirectory = "{tmp_path / "out"}"\n'
    )
    wrong = tmp_path / "wrong.toml"
    done = [
        harvester("config", "show", "-c", config),
        harvester("config", "show", "-c", proxied),
        harvester("batch", "-v", "-c", config, "--on-finish", "cat"),
        harvester("batch", "-v", "-c", config, "--log-format", "json", "--json", "--force"),
        harvester("harvest", own, "-v", "-c", proxied),
        harvester("harvest", own, "-v", "-c", proxied, "--log-format", "json"),
        harvester("schedule", "--print-systemd", "-c", config),
    ]
    for line in WRONG:
        wrong.write_text(line)
        done.append(harvester("harvest", own, "-c", wrong, "-o", tmp_path / "out"))

    assert 'proxy = "http://127.0.0.1:1"' in done[1].stdout
    assert told(*done) == []
    assert written(tmp_path / "out") == []


WRONG = (
    f'[web]\nproxy = "socks5://reader:{SECRET}@h:1"',
    f'[web]\nheaders = {{"http://reader:{SECRET}@h" = {{a = "b"}}}}',
    f'[[job]]\nname = "http://reader:{SECRET}@h/"\nsources = ["x"]',
)

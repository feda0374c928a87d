"""Redirects: followed by hand, each hop judged like a first request."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester import config
from harvester.errors import FetchError
from harvester.events import Event, Warned
from harvester.web import Web
from tests.support.fetching import body_of, failure, fetch, local
from tests.support.proxy import StandIn
from tests.support.servers import Reply, Route, Seen, Site

PICTURE = b"\x89PNG picture"


def to(location: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed_and_told(status: int, tmp_path: Path) -> None:
    with Site({"/a.png": to("b/c.png?x=%2C", status), "/b/c.png": PICTURE}) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path)

    assert body_of(result) == PICTURE
    assert not isinstance(result, FetchError)
    assert (result[0].url, result[0].final_url) == (f"{site.url}/a.png", f"{site.url}/b/c.png?x=%2C")


async def test_a_location_is_read_as_browsers_read_it(tmp_path: Path) -> None:
    moved = Reply(status=302, headers={"Location": "/é.png".encode().decode("latin-1")})
    with Site({"/a.png": moved, "/%C3%A9.png": PICTURE}) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path)

    assert body_of(result) == PICTURE


LOOPS: dict[str, dict[str, Route]] = {
    "to itself": {"/a.png": to("/a.png")},
    "round and round": {"/a.png": to("/b.png"), "/b.png": to("/a.png")},
    "nowhere": {"/a.png": to("")},
    "ever on": {"/a.png": lambda seen: to(f"{seen.target}?x")},
}


@pytest.mark.parametrize("loop", LOOPS)
async def test_redirects_have_an_end(loop: str, tmp_path: Path) -> None:
    with Site(LOOPS[loop]) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path)

    assert failure(result) == "redirects"
    assert len(site.requests) <= 11


ELSEWHERE = [
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "ftp://ftp.example/a.png",
    "javascript:alert(1)",
    "mailto:desk@a.example",
    "http://[::1",
    "http://",
    "//",
    "http://a b/",
]


@pytest.mark.parametrize("location", ELSEWHERE)
async def test_a_redirect_to_no_web_address_is_refused(location: str, tmp_path: Path) -> None:
    with Site({"/a.png": to(location)}) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path)

    assert failure(result) == "redirects"
    assert site.asked() == ["/a.png"]


@pytest.mark.parametrize("location", ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/"])
async def test_a_redirect_to_an_inner_address_is_refused(location: str, tmp_path: Path) -> None:
    with Site({"/a.png": to(location)}) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path)

    assert failure(result) == "blocked_address"


async def test_a_redirect_without_a_location_is_a_status(tmp_path: Path) -> None:
    with Site({"/a.png": Reply(status=302)}) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path)

    assert failure(result) == "http_302"


SECURE: dict[str, Route] = {
    "https://news.example/a.png": to("http://news.example/b.png"),
    "http://news.example/b.png": PICTURE,
}


async def test_a_redirect_from_https_to_http_is_refused() -> None:
    with StandIn(SECURE) as stand_in:
        async with Web(config.Web(proxy=stand_in.url, ca_file=stand_in.ca_file, robots=False)) as web:
            with pytest.raises(FetchError) as error:
                await web.page("https://news.example/a.png")

    assert error.value.code == "downgrade"
    assert stand_in.asked() == ["https://news.example/a.png"]


async def test_a_downgrade_that_is_allowed_is_told() -> None:
    heard: list[Event] = []
    with StandIn(SECURE) as stand_in:
        settings = local(proxy=stand_in.url, ca_file=stand_in.ca_file, allow_downgrade=True)
        async with Web(settings, emit=heard.append) as web:
            response = await web.page("https://news.example/a.png")

    assert response.final_url == "http://news.example/b.png"
    assert [event.code for event in heard if isinstance(event, Warned)] == ["downgrade"]


async def test_each_hop_counts_on_the_host_that_is_asked(tmp_path: Path) -> None:
    hosts: list[str] = []

    def seen(event: Event) -> None:
        if type(event).__name__ == "RequestStarted":
            hosts.append(event.host)  # type: ignore[attr-defined]

    with Site({"/b.png": PICTURE}) as second, Site({"/a.png": to(f"{second.url}/b.png")}) as first:
        await fetch(f"{first.url}/a.png", tmp_path, emit=seen)

    assert hosts == [first.authority, second.authority]


async def test_the_referer_is_the_article(tmp_path: Path) -> None:
    def picture(seen: Seen) -> Reply:
        return Reply(seen.headers.get("referer", "none").encode())

    with Site({"/a.png": picture}) as site:
        async with Web(local()) as web, Web(local(referer=False)) as shy:
            for each, referer in (
                (web, "https://user:secret@news.example/story?id=1#top"),
                (web, "http://user:secret@news.example/story?id=1#top"),
                (web, "/home/me/saved.html"),
                (shy, "http://news.example/story"),
            ):
                async with each.asset(f"{site.url}/a.png", referer=referer) as answer:
                    _ = [chunk async for chunk in answer.chunks()]

    referers = [seen.headers.get("referer") for seen in site.requests]
    assert referers == [None, "http://news.example/story?id=1", None, None]

"""A proxy, and an authority of one's own."""

from __future__ import annotations

import pytest

from harvester import config
from harvester.errors import FetchError, UsageError
from harvester.web import Web
from tests.support.fetching import local
from tests.support.proxy import StandIn
from tests.support.servers import Reply, Route, Site

PAGES: dict[str, Route] = {
    "https://news.example/a": "<p>secure",
    "http://news.example/b": "<p>plain",
    "https://news.example:8443/c": "<p>elsewhere",
}


def through(stand_in: StandIn) -> config.Web:
    return config.Web(proxy=stand_in.url, ca_file=stand_in.ca_file, page_delay=0.0)


@pytest.mark.parametrize("url", PAGES)
async def test_http_and_https_go_through_the_proxy(url: str) -> None:
    with StandIn(PAGES) as stand_in:
        async with Web(through(stand_in)) as web:
            response = await web.page(url)

    assert response.body == str(PAGES[url]).encode()
    assert stand_in.asked() == [url]
    assert stand_in.requests[0].url.endswith("/robots.txt")


async def test_a_certificate_of_an_unknown_authority_is_refused() -> None:
    with StandIn(PAGES) as stand_in:
        async with Web(config.Web(proxy=stand_in.url, robots=False)) as web:
            with pytest.raises(FetchError) as refused:
                await web.page("https://news.example/a")

    assert refused.value.code == "tls"
    assert stand_in.asked() == []


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "http://localhost/", "https://router.lan/", "http://intranet/", "http://2130706433/"]
)
async def test_literals_and_local_names_are_not_handed_to_the_proxy(url: str) -> None:
    with StandIn(PAGES) as stand_in:
        async with Web(through(stand_in)) as web:
            with pytest.raises(FetchError) as refused:
                await web.page(url)

    assert refused.value.code == "blocked_address"
    assert stand_in.requests == []


async def test_the_proxy_is_given_its_password_and_the_servers_are_not() -> None:
    with StandIn(PAGES) as stand_in:
        proxy = stand_in.url.replace("http://", "http://reader:secret@")
        async with Web(local(proxy=proxy, ca_file=stand_in.ca_file)) as web:
            await web.page("http://news.example/b")
            await web.page("https://news.example/a")

    plain, secure = stand_in.requests
    assert plain.headers["proxy-authorization"].startswith("Basic ")
    assert "proxy-authorization" not in secure.headers
    assert "authorization" not in plain.headers


async def test_a_proxy_that_is_not_there_is_told_without_its_password() -> None:
    with StandIn({}) as stand_in:
        proxy = stand_in.url.replace("http://", "http://reader:secret@")
    async with Web(local(proxy=proxy)) as web:
        for url in ("http://news.example/b", "https://news.example/a"):
            with pytest.raises(FetchError) as error:
                await web.page(url)
            assert error.value.code == "proxy"
            assert "secret" not in error.value.message


async def test_a_proxy_that_refuses_a_tunnel_is_told() -> None:
    with Site({"news.example:443": Reply(status=403)}) as refusing:
        async with Web(local(proxy=refusing.url, retries=0)) as web:
            with pytest.raises(FetchError) as error:
                await web.page("https://news.example/a")

    assert error.value.code == "proxy"


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "proxy.example:3128"])
async def test_a_proxy_that_is_none_is_told(proxy: str) -> None:
    with pytest.raises(UsageError, match=r"web\.proxy"):
        async with Web(local(proxy=proxy)):
            pass

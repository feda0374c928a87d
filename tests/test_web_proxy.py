"""A proxy, and an authority of one's own."""

from __future__ import annotations

import pytest

from harvester import config
from harvester.errors import FetchError
from harvester.web import Web
from tests.support.proxy import StandIn

PAGES = {
    "https://news.example/a": "<p>secure",
    "http://news.example/b": "<p>plain",
    "https://news.example:8443/c": "<p>elsewhere",
}


def through(stand_in: StandIn, **more: object) -> config.Web:
    return config.Web(proxy=stand_in.url, ca_file=stand_in.ca_file, page_delay=0.0, backoff=0.001, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("url", PAGES)
async def test_http_and_https_go_through_the_proxy(url: str) -> None:
    with StandIn(PAGES) as stand_in:
        async with Web(through(stand_in)) as web:
            response = await web.page(url)

    assert response.body == str(PAGES[url]).encode()
    assert stand_in.asked() == [url] or stand_in.asked()[-1] == url
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

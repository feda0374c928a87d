"""A lead is opened over the network, or from what it carries; what is no page is refused."""

from __future__ import annotations

import hashlib

import pytest

from harvester.articles.opening import open_lead, parse_page
from harvester.errors import SourceError
from harvester.model import Source, Validators
from harvester.steps import Lead, Opened
from harvester.web import Web
from tests.support.fetching import local
from tests.support.servers import Reply, Route, Site

PAGE = "<!doctype html><title>Storm ends</title><p>Boats sail."


def lead_to(url: str) -> Lead:
    return Lead(source=Source(kind="page", given=url), url=url)


async def opened(route: Route, *, validators: Validators | None = None) -> Opened:
    with Site({"/a": route}) as site:
        async with Web(local(retries=0)) as web:
            return await open_lead(lead_to(f"{site.url}/a"), web, validators=validators)


async def test_a_page_is_opened_with_all_there_is_to_know_of_it() -> None:
    headers = {
        "ETag": '"e"',
        "Last-Modified": "Sat, 02 Mar 2024 09:30:05 GMT",
        "X-Robots-Tag": "noai",
        "TDM-Reservation": "1",
    }

    page = await opened(Reply(PAGE.encode(), "text/html; charset=utf-8", headers=headers))

    assert (page.page.status, page.page.etag, page.page.last_modified) == (200, '"e"', headers["Last-Modified"])
    assert page.page.sha256 == hashlib.sha256(PAGE.encode()).hexdigest()
    assert page.page.fetched_at is not None
    assert (page.signals.x_robots_tag, page.signals.tdm_reservation) == ("noai", "1")
    assert (page.body, page.content_type) == (PAGE.encode(), "text/html; charset=utf-8")


async def test_relative_addresses_start_where_the_redirects_ended() -> None:
    with Site({"/a": Reply(status=302, headers={"Location": "/b/c"}), "/b/c": PAGE}) as site:
        async with Web(local(retries=0)) as web:
            page = await open_lead(lead_to(f"{site.url}/a"), web)

        assert (page.url, page.final_url, page.base_url) == (f"{site.url}/a", *[f"{site.url}/b/c"] * 2)
        assert parse_page(page).resolve("d.jpg") == f"{site.url}/b/d.jpg"


async def test_the_charset_of_the_header_is_used() -> None:
    page = await opened(Reply("<title>Шторм".encode("cp1251"), "text/html; charset=windows-1251"))

    assert parse_page(page).tagged("title")[0].text() == "Шторм"


async def test_an_unchanged_page_has_no_body() -> None:
    page = await opened(Reply(status=304, headers={"ETag": '"e"'}), validators=Validators(etag='"e"'))

    assert (page.page.status, page.body) == (304, b"")


NO_PAGES = [
    (Reply(b"%PDF-1.7 ...", "text/html"), "not_html", "a PDF"),
    (Reply(b"\x89PNG\r\n\x1a\n", "text/html"), "not_html", "a picture"),
    (Reply(b"RIFF....WEBPVP8 ", "image/webp"), "not_html", "a picture"),
    (Reply(b"\0\0\0\x20ftypavif", "image/avif"), "not_html", "image/avif"),
    (Reply(b'{"a": 1}', "application/json"), "not_html", "application/json"),
    (Reply(b"<?xml version='1.0'?><rss>", "application/rss+xml"), "listed", "a feed, not a page"),
    (Reply(b"words", ""), "not_html", "unknown kind"),
    (Reply(b" \n", "text/html"), "empty", "an empty page"),
    (Reply(b"<p>gone", "text/html", status=404), "http_404", "404"),
]


@pytest.mark.parametrize(("reply", "code", "told"), NO_PAGES, ids=[row[2] for row in NO_PAGES])
async def test_what_is_no_page_is_refused(reply: Reply, code: str, told: str) -> None:
    with pytest.raises(SourceError, match=told) as refused:
        await opened(reply)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "label", ["", "text/plain", "application/octet-stream", "application/xhtml+xml; charset=utf-8"]
)
async def test_a_page_is_one_whatever_its_label(label: str) -> None:
    assert (await opened(Reply(PAGE.encode(), label))).body == PAGE.encode()


async def test_what_a_lead_carries_needs_no_network() -> None:
    lead = Lead(
        source=Source(kind="item", given="item.txt"),
        url="https://www.port.example/a",
        body="<p>Boats sail.",
        digest="d",
        fetch="item",
    )
    web = Web(local())  # never opened: asking it would fail

    page = await open_lead(lead, web)

    assert (page.body, page.base_url, page.page.sha256) == ("<p>Boats sail.", "https://www.port.example/a", "d")
    assert (page.page.status, page.content_type) == (None, None)


@pytest.mark.parametrize(
    "host", ["a" * 300, f"{'b' * 64}.port.example", ".".join(["c" * 60] * 5), f"{'d.' * 128}example"]
)
async def test_a_host_that_no_name_can_be_is_told_whatever_the_lead_carries(host: str) -> None:
    lead = Lead(source=Source(kind="item", given="x"), url=f"https://{host}/a", body="<p>Boats sail.", fetch="item")

    with pytest.raises(SourceError, match="longer than names can be") as refused:
        await open_lead(lead, Web(local()))

    assert (refused.value.code, refused.value.retryable) == ("bad_url", False)


@pytest.mark.parametrize("host", [f"{'b' * 63}.port.example", ".".join(["c" * 49] * 5), "127.0.0.1", "[::1]"])
async def test_the_longest_of_names_are_names(host: str) -> None:
    lead = Lead(source=Source(kind="item", given="x"), url=f"https://{host}/a", body="<p>Boats sail.", fetch="item")

    assert (await open_lead(lead, Web(local()))).url == f"https://{host}/a"


async def test_a_lead_without_an_address_or_a_body_cannot_be_opened() -> None:
    with pytest.raises(SourceError, match="no address"):
        await open_lead(Lead(source=Source(kind="page", given="x")), Web(local()))

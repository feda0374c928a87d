"""Headers as attackers and broken servers write them; and URLs as publishers write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester.web import Web
from tests.support import faults
from tests.support.fetching import body_of, failure, fetch, left_in, local
from tests.support.servers import Answered, Reply, Site

BODY = b"0123456789" * 20
LENGTH = f"Content-Length: {len(BODY)}"
CHUNKED = b"c8\r\n" + BODY + b"\r\n0\r\n\r\n"

REFUSED: dict[str, Answered] = {
    "both Transfer-Encoding and Content-Length": faults.headed(f"Transfer-Encoding: chunked\r\n{LENGTH}", CHUNKED),
    "Content-Length, then Transfer-Encoding": faults.headed(f"{LENGTH}\r\nTransfer-Encoding: chunked", CHUNKED),
    "two different Content-Lengths": faults.headed(f"{LENGTH}\r\nContent-Length: 3", BODY),
    "a negative Content-Length": faults.headed("Content-Length: -1", BODY),
    "a Content-Length in words": faults.headed("Content-Length: ten", BODY),
    "a header of 1 MB": faults.headed(f"X-Large: {'x' * 1_000_000}\r\n{LENGTH}", BODY),
    "100,000 headers": faults.headed("X-Many: 1\r\n" * 100_000 + LENGTH, BODY),
    "NUL in a header": faults.headed(f"X-Nul: a\0b\r\n{LENGTH}", BODY),
    "a bare CR in a header": faults.headed(f"X-Return: a\rX-Forged: b\r\n{LENGTH}", BODY),
    "a chunk size beyond all numbers": faults.headed("Transfer-Encoding: chunked", b"f" * 40 + b"\r\n" + BODY),
}


@pytest.mark.parametrize("trick", REFUSED)
async def test_headers_that_mean_two_things_are_refused(trick: str, tmp_path: Path) -> None:
    with Site({"/a.jpg": REFUSED[trick]}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert failure(result) == "protocol"
    assert left_in(tmp_path) == []


HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 1_000
TAKEN: dict[str, Answered] = {
    "1,000 early hints": faults.written(HINTS + f"HTTP/1.1 200 OK\r\n{LENGTH}\r\n\r\n".encode() + BODY),
    "a Content-Disposition that leads elsewhere": Reply(
        BODY, headers={"Content-Disposition": 'attachment; filename="../../../etc/passwd"'}
    ),
    "no Content-Type": faults.headed(LENGTH, BODY),
    "bytes that are no UTF-8": faults.written(
        f"HTTP/1.1 200 OK\r\nX-Odd: \xff\xfe\r\n{LENGTH}\r\n\r\n".encode("latin-1") + BODY
    ),
    "a policy of 20 kB": Reply(BODY, headers={"Content-Security-Policy": "img-src 'self'; " * 1_250}),
}


@pytest.mark.parametrize("oddity", TAKEN)
async def test_headers_that_are_merely_odd_do_no_harm(oddity: str, tmp_path: Path) -> None:
    with Site({"/a.jpg": TAKEN[oddity]}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert body_of(result) == BODY
    assert left_in(tmp_path) == []


async def test_a_line_break_in_a_url_makes_no_second_header(tmp_path: Path) -> None:
    with Site() as site:
        await fetch(f"{site.url}/a\r\nX-Injected: 1\r\n", tmp_path)

    assert site.asked() == ["/aX-Injected:%201"]
    assert "x-injected" not in site.requests[0].headers


@pytest.mark.parametrize("validator", ['"v\xff"', '"' + "v" * 5_000 + '"'], ids=["not ASCII", "5,000 characters"])
async def test_a_validator_that_cannot_be_sent_back_is_not_kept(validator: str, tmp_path: Path) -> None:
    with Site({"/a.jpg": Reply(BODY, headers={"ETag": validator})}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert not isinstance(result, Exception)
    assert result[0].etag is None


TARGETS = {
    # what a page published, and the request target that browsers make of it
    "/w:1280/p:16x9/Sans%20titre-97.png": "/w:1280/p:16x9/Sans%20titre-97.png",
    "/a%2Cb%3Ac%7Ed%2f": "/a%2Cb%3Ac%7Ed%2f",
    "/a;v=1,2|3~4:5@6!$&'()*+=": "/a;v=1,2|3~4:5@6!$&'()*+=",
    "/a?x=%2C%3A%7E;y=a|b&sig=a+b%2Bc==": "/a?x=%2C%3A%7E;y=a|b&sig=a+b%2Bc==",
    "/fr/été.jpg?légende=où": "/fr/%C3%A9t%C3%A9.jpg?l%C3%A9gende=o%C3%B9",
    "/金正恩.png": "/%E9%87%91%E6%AD%A3%E6%81%A9.png",
    '/a b<c>"d"`e{f}': "/a%20b%3Cc%3E%22d%22%60e%7Bf%7D",
    "/a?b c<d>\"e\"'f'{g}`h`": "/a?b%20c%3Cd%3E%22e%22%27f%27{g}`h`",
    "/a/%zz%/b": "/a/%zz%/b",
    "/a/./b/../c//d": "/a/c//d",
    "/a\\b": "/a/b",
    "/a?b#c": "/a?b",
    "/[a]?[b]": "/[a]?[b]",
}


@pytest.mark.parametrize("published", TARGETS)
async def test_urls_reach_the_wire_as_browsers_write_them(published: str) -> None:
    with Site({TARGETS[published]: "<p>"}) as site:
        async with Web(local()) as web:
            await web.page(site.url + published)

    assert site.asked() == [TARGETS[published]]


async def test_a_user_agent_names_product_version_and_contact() -> None:
    with Site({"/": "<p>"}) as site:
        async with Web(local(contact="https://archive.example/bot")) as web:
            await web.page(site.url)
        async with Web(local(user_agent="NewsBot/2.1", contact="desk@archive.example")) as web:
            await web.page(site.url)

    agents = [seen.headers["user-agent"] for seen in site.requests]
    assert agents[0].startswith("harvester/")
    assert agents[0].endswith("(+https://archive.example/bot)")
    assert agents[1] == "NewsBot/2.1 (+desk@archive.example)"

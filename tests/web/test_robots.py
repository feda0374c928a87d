"""robots.txt, as RFC 9309 and its readers understand it."""

from __future__ import annotations

import asyncio
import math
import time
from itertools import pairwise
from pathlib import Path

import pytest
from protego import Protego

from harvester.errors import FetchError
from harvester.model import Signals
from harvester.web import Web
from harvester.web.network.transport import headers_of
from harvester.web.politeness.memory import Forgetful
from harvester.web.politeness.robots import KEPT, Rules
from harvester.web.signals import opt_out, signals_of
from tests.support import faults
from tests.support.fetching import failure, fetch, local
from tests.support.proxy import StandIn
from tests.support.servers import Reply, Route, Site

CLOSED = "User-agent: *\nDisallow: /\n"


def robots(text: str) -> Reply:
    return Reply(text.encode(), "text/plain")


async def ask(site: Site, path: str = "/a", **more: object) -> str:
    """Ask for a page under robots.txt; gives `allowed` or the code of the error."""
    async with Web(local(robots=True, **more)) as web:
        try:
            await web.page(site.url + path)
        except FetchError as error:
            return error.code
        return "allowed"


RULES = {
    "nothing is forbidden": ("", "/a", True),
    "everything is forbidden": (CLOSED, "/a", False),
    "another path is forbidden": ("User-agent: *\nDisallow: /b\n", "/a", True),
    "we are named": ("User-agent: *\nAllow: /\n\nUser-agent: harvester\nDisallow: /a\n", "/a", False),
    "we are named in capitals": ("User-agent: Harvester\nDisallow: /a\n", "/a", False),
    "another is named": ("User-agent: GPTBot\nDisallow: /\n", "/a", True),
    "we are named and allowed": (f"{CLOSED}\nUser-agent: harvester\nAllow: /\n", "/a", True),
    "the longest rule wins": ("User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b", True),
    "wildcards": ("User-agent: *\nDisallow: /*.php$\n", "/x/y.php", False),
    "escapes are compared decoded": ("User-agent: *\nDisallow: /é\n", "/%C3%A9", False),
    "a query counts": ("User-agent: *\nDisallow: /*?print=\n", "/a?print=1", False),
    "it starts with a BOM": ("\ufeffUser-agent: *\nDisallow: /a\n", "/a", False),
    "it is HTML": ("<!doctype html><title>Welcome</title>", "/a", True),
}


@pytest.mark.parametrize("case", RULES)
async def test_rules_are_obeyed(case: str) -> None:
    text, path, allowed = RULES[case]
    with Site({"/robots.txt": robots(text), path: "a"}) as site:
        assert await ask(site, path) == ("allowed" if allowed else "robots")

    assert len(site.asked()) == (1 if allowed else 0)


STATUSES: dict[str, tuple[Route, str]] = {
    "404": (Reply(status=404), "allowed"),
    "403": (Reply(status=403), "allowed"),
    "401": (Reply(status=401), "allowed"),
    "204": (Reply(status=204), "allowed"),
    "500": (Reply(status=500), "http_500"),
    "429": (Reply(status=429), "http_429"),
    "endless redirects": (lambda seen: Reply(status=301, headers={"Location": f"{seen.target}?"}), "allowed"),
    "closed before the headers": (faults.closed_before_the_headers(), "closed"),
    "HTTP/0.9": (faults.written(b"User-agent: *"), "protocol"),
}


@pytest.mark.parametrize("case", STATUSES)
async def test_where_nobody_can_tell_nothing_is_asked(case: str) -> None:
    """4xx is a site without rules; 5xx and silence mean that nobody can tell: RFC 9309, 2.3.1."""
    answer, expected = STATUSES[case]
    with Site({"/robots.txt": answer, "/a": "a"}) as site:
        assert await ask(site, retries=1) == expected

    assert len(site.asked("/a")) == (1 if expected == "allowed" else 0)


async def test_a_failure_is_asked_again_within_bounds() -> None:
    with Site({"/robots.txt": Reply(status=500), "/a": "a"}) as site:
        async with Web(local(robots=True, retries=2)) as web:
            results = await asyncio.gather(*(web.page(f"{site.url}/a?{n}") for n in range(10)), return_exceptions=True)

    assert all(isinstance(result, FetchError) for result in results)
    assert len(site.requests) <= 10


async def test_a_failure_that_heals_lets_the_page_in() -> None:
    with Site({"/robots.txt": faults.once(Reply(status=502), robots("")), "/a": "a"}) as site:
        assert await ask(site) == "allowed"


async def test_redirects_of_robots_txt_are_followed() -> None:
    there = Reply(status=301, headers={"Location": "/elsewhere.txt"})
    with Site({"/robots.txt": there, "/elsewhere.txt": robots(CLOSED), "/a": "a"}) as site:
        assert await ask(site) == "robots"


async def test_rules_beyond_500_kb_do_not_count() -> None:
    text = "# padding\n" * 60_000 + CLOSED
    with Site({"/robots.txt": robots(text), "/a": "a"}) as site:
        assert await ask(site) == "allowed"


async def test_a_file_that_never_ends_is_read_to_500_kb() -> None:
    with Site({"/robots.txt": faults.endless("Content-Type: text/plain"), "/a": "a"}) as site:
        assert await ask(site) == "allowed"


def _cost(rules: Rules, url: str) -> float:
    """The least CPU time that judging *url* took, in seconds, of as many times as fit in a twentieth of one."""
    least, began = math.inf, time.process_time()
    while (started := time.process_time()) - began < 0.05:
        rules.allow(url)
        least = min(least, time.process_time() - started)
    return least


@pytest.mark.parametrize(
    ("rule", "repeated"),
    [("/*a*a*a*b", "a"), ("/*ab*ab*ab*c$", "ab"), ("/" + "*a" * 6 + "$b", "a"), ("/*?*=*&*=*$", "a?b=&")],
)
def test_a_rule_of_wildcards_takes_no_longer_than_the_path_is_long(rule: str, repeated: str) -> None:
    """Eight times the path: eight times the work for a matcher that looks once, 64 times for one that looks back."""
    rules = Rules(Protego.parse(f"User-agent: *\nDisallow: {rule}\n"), "harvester")
    for length in (4, 32, 256, 2_048):
        short, long = (_cost(rules, f"https://news.example/{repeated * n}") for n in (length, 8 * length))
        assert long < 24 * short


async def test_addresses_in_comments_and_sitemaps_are_not_kept() -> None:
    """A robots.txt is remembered as it came, and names addresses that may carry a password."""
    memory = Forgetful()
    text = "# http://a:b@c/\nUser-agent: * # a:b@c\rSitemap: http://a:b@c/map\r\n  sitemap : //a:b@c\nDisallow: /no\n"
    with Site({"/robots.txt": text.encode(), "/yes": "yes", "/no": "no"}) as site:
        async with Web(local(robots=True), memory=memory) as web:
            await web.page(f"{site.url}/yes")
            with pytest.raises(FetchError, match=r"robots\.txt"):
                await web.page(f"{site.url}/no")

    kept = memory.robots(site.url)
    assert kept is not None
    assert "a:b@c" not in kept[0]


async def test_pictures_are_asked_for_too(tmp_path: Path) -> None:
    with Site({"/robots.txt": robots(CLOSED), "/a.png": b"a"}) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path, robots=True)

    assert failure(result) == "robots"
    assert site.asked() == []


async def test_each_hop_is_asked_for() -> None:
    with Site({"/robots.txt": robots(CLOSED), "/b": "b"}) as closed, Site() as site:
        site.routes["/a"] = Reply(status=302, headers={"Location": f"{closed.url}/b"})
        assert await ask(site) == "robots"

    assert closed.asked() == []


async def test_it_is_asked_once_for_many_pages() -> None:
    with Site({"/robots.txt": Reply(b"", after=0.05), "/a": "a"}) as site:
        async with Web(local(robots=True)) as web:
            await asyncio.gather(*(web.page(f"{site.url}/a?{n}") for n in range(20)))

    assert len([seen for seen in site.requests if seen.target == "/robots.txt"]) == 1


async def test_it_is_kept_for_a_day() -> None:
    memory = Forgetful()
    with Site({"/robots.txt": robots(""), "/a": "a"}) as site:
        for _ in range(2):
            async with Web(local(robots=True), memory=memory) as web:
                await web.page(f"{site.url}/a")
        memory.remember_robots(site.url, CLOSED, time.time() - KEPT - 1)
        async with Web(local(robots=True), memory=memory) as web:
            await web.page(f"{site.url}/a")

    assert [seen.target for seen in site.requests] == ["/robots.txt", "/a", "/a", "/robots.txt", "/a"]


async def test_origins_have_their_own() -> None:
    routes: dict[str, Route] = {
        "http://news.example/robots.txt": robots(CLOSED),
        "https://news.example/a": "secure",
        "http://news.example/a": "plain",
    }
    with StandIn(routes) as stand_in:
        async with Web(local(robots=True, proxy=stand_in.url, ca_file=stand_in.ca_file)) as web:
            await web.page("https://news.example/a")
            with pytest.raises(FetchError, match=r"robots\.txt"):
                await web.page("http://news.example/a")


async def test_a_crawl_delay_is_kept_by_pages_and_pictures() -> None:
    with Site({"/robots.txt": robots("User-agent: *\nCrawl-delay: 0.05\n"), "/a": "a"}) as site:
        async with Web(local(robots=True)) as web:

            async def picture() -> None:
                async with web.asset(f"{site.url}/a") as answer:
                    _ = [chunk async for chunk in answer.chunks()]

            await asyncio.gather(web.page(f"{site.url}/a"), web.page(f"{site.url}/a"), picture(), picture())

    times = sorted(seen.at for seen in site.requests)[1:]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.05


async def test_a_crawl_delay_beyond_max_wait_postpones_the_rest() -> None:
    with Site({"/robots.txt": robots("User-agent: *\nCrawl-delay: 3600\n"), "/a": "a"}) as site:
        async with Web(local(robots=True, max_wait=60.0)) as web:
            await web.page(f"{site.url}/a")
            with pytest.raises(FetchError) as error:
                await web.page(f"{site.url}/a")

    assert error.value.code == "postponed"
    assert error.value.retry_after == pytest.approx(3600, abs=5)
    assert site.asked() == ["/a"]


async def test_what_was_switched_off_is_told() -> None:
    with Site({"/robots.txt": robots(CLOSED), "/a": "a"}) as site:
        async with Web(local(robots=False)) as ignoring:
            ignored = await ignoring.page(f"{site.url}/a")

    assert ignored.signals.robots == "ignored"
    assert site.asked() == ["/a"]
    assert len(site.requests) == 1


async def test_the_name_for_robots_is_the_configured_one() -> None:
    with Site({"/robots.txt": robots("User-agent: newsbot\nDisallow: /\n"), "/a": "a"}) as site:
        assert await ask(site, user_agent="NewsBot/2.1 (our archive)") == "robots"
        assert await ask(site) == "allowed"


# ------------------------------------------------------------------ opt-out signals


async def test_signals_are_told() -> None:
    fields = {"X-Robots-Tag": "noai, noimageai", "TDM-Reservation": "1"}
    with Site({"/a": Reply(b"a", headers=fields)}) as site:
        async with Web(local(robots=True)) as web:
            response = await web.page(f"{site.url}/a")

    assert response.signals == Signals(robots="allowed", x_robots_tag="noai, noimageai", tdm_reservation="1")


@pytest.mark.parametrize("fields", [{"X-Robots-Tag": "NoAI"}, {"TDM-Reservation": "1"}])
async def test_signals_are_obeyed_when_they_are_listed(fields: dict[str, str], tmp_path: Path) -> None:
    with Site({"/a.png": Reply(b"a", headers=fields)}) as site:
        heeded = await fetch(f"{site.url}/a.png", tmp_path, respect_opt_out=("noai", "tdm"))
        unheeded = await fetch(f"{site.url}/a.png", tmp_path)

    assert failure(heeded) == "opt_out"
    assert failure(unheeded) == "arrived"


SIGNALS: list[tuple[Signals, str | None]] = [
    (Signals(), None),
    (Signals(x_robots_tag="noindex, nofollow"), None),
    (Signals(x_robots_tag="noindex, noai"), "noai"),
    (Signals(meta_robots="NOIMAGEAI"), "noimageai"),
    (Signals(x_robots_tag="otherbot: noai"), None),
    (Signals(x_robots_tag="otherbot: noindex, noai"), None),
    (Signals(x_robots_tag="harvester: noai"), "noai"),
    (Signals(x_robots_tag="otherbot: noai, harvester: noimageai"), "noimageai"),
    (Signals(x_robots_tag="unavailable_after: 25 Jun 2030 15:00:00 PST, noai"), "noai"),
    (Signals(x_robots_tag="max-image-preview:large"), None),
    (Signals(tdm_reservation="1"), "tdm"),
    (Signals(tdm_reservation="0"), None),
]


@pytest.mark.parametrize(("signals", "token"), SIGNALS)
def test_signals_are_read_as_they_are_meant(signals: Signals, token: str | None) -> None:
    assert opt_out(signals, ("noai", "noimageai", "tdm")) == token


def test_every_field_of_a_signal_counts() -> None:
    headers = headers_of([("X-Robots-Tag", "otherbot: noindex"), ("X-Robots-Tag", "noai")])

    assert signals_of(headers, None).x_robots_tag == "noai, otherbot: noindex"
    assert opt_out(signals_of(headers, None), ("noai",)) == "noai"

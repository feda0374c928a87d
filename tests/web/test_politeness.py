"""Politeness, measured where it matters: at the server."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from itertools import pairwise
from typing import Any

import pytest

from harvester import config
from harvester.errors import FetchError
from harvester.events import Event, HostHeld, nobody
from harvester.web import Web
from harvester.web.network.network import Network
from harvester.web.politeness.hosts import DOWN_FOR, Hosts, Kind
from harvester.web.politeness.memory import Forgetful
from tests.support import faults
from tests.support.fetching import local
from tests.support.names import Table
from tests.support.servers import Reply, Route, Seen, Site


async def ask_all(web: Web, paths: list[str], kind: Kind = "page") -> list[str]:
    """Ask for all at once; gives the code of each failure, or `ok`."""

    async def ask(url: str) -> str:
        try:
            if kind == "page":
                await web.page(url)
            else:
                async with web.asset(url) as answer:
                    _ = [chunk async for chunk in answer.chunks()]
        except FetchError as error:
            return error.code
        return "ok"

    return list(await asyncio.gather(*(ask(path) for path in paths)))


def gaps(site: Site, host: str | None = None) -> list[float]:
    times = sorted(seen.at for seen in site.requests if host in (None, seen.host))
    return [later - earlier for earlier, later in pairwise(times)]


async def test_two_thousand_requests_with_redirects_keep_interval_and_number() -> None:
    """Ten hosts, each of whose pages redirects to the next host; pictures beside them."""
    hosts = [f"host{n}.example" for n in range(10)]
    names = Table({name: ["127.0.0.1"] for name in hosts})

    def answer(seen: Seen) -> Reply:
        number = int(seen.host.removeprefix("host").partition(".")[0])
        if seen.target.startswith("/moved"):
            there = f"http://host{(number + 1) % 10}.example:{site.port}/page"
            return Reply(status=302, headers={"Location": there})
        return Reply(b"<p>", after=0.002)

    routes: dict[str, Route] = {"/moved": answer, "/page": answer, "/picture": answer}
    settings = local(page_delay=0.01, page_per_host=2, per_host=3, concurrency=16)
    with Site(routes) as site:
        base = [f"http://{name}:{site.port}" for name in hosts]
        async with Web(settings, transport=Network(settings, names=names)) as web:
            pages = [f"{url}/moved?{n}" for n in range(50) for url in base]
            pictures = [f"{url}/picture?{n}" for n in range(100) for url in base]
            told = await asyncio.gather(ask_all(web, pages), ask_all(web, pictures, "asset"))

    assert set(told[0] + told[1]) == {"ok"}
    assert len(site.requests) == 2_000
    for host in {seen.host for seen in site.requests}:
        pages_of = sorted(s.at for s in site.requests if s.host == host and not s.target.startswith("/picture"))
        assert min(later - earlier for earlier, later in pairwise(pages_of)) >= 0.01
        assert site.most_at_once[host] <= 2 + 3


async def test_a_delay_holds_for_pages_and_assets_alike() -> None:
    with Site({"/a": "a"}) as site:
        async with Web(local(delay=0.03)) as web:
            await asyncio.gather(ask_all(web, [f"{site.url}/a"] * 4), ask_all(web, [f"{site.url}/a"] * 4, "asset"))

    assert len(site.requests) == 8
    assert min(gaps(site)) >= 0.03


async def test_never_more_than_per_host_at_once() -> None:
    with Site({"/a": Reply(b"a", after=0.02)}) as site:
        async with Web(local(per_host=4)) as web:
            await ask_all(web, [f"{site.url}/a"] * 20, "asset")

    assert site.most_at_once[site.authority] == 4


async def test_never_more_connections_than_concurrency() -> None:
    names = Table({f"host{n}.example": ["127.0.0.1"] for n in range(10)})
    settings = local(concurrency=3)
    with Site({"/a": Reply(b"a", after=0.02)}) as site:
        async with Web(settings, transport=Network(settings, names=names)) as web:
            await ask_all(web, [f"http://host{n}.example:{site.port}/a" for n in range(10)], "asset")

    assert sum(site.most_at_once.values()) == 10
    assert site.connections == 10
    most = overlapping(site, 0.02)
    assert most <= 3


def overlapping(site: Site, length: float) -> int:
    """How many requests of this length were under way at once, as far as their beginnings tell."""
    times = [seen.at for seen in site.requests]
    return max(sum(1 for other in times if at - length * 0.9 < other <= at) for at in times)


async def test_connections_are_used_again() -> None:
    with Site({"/a": b"a" * 100_000, "/robots.txt": ""}) as site:
        async with Web(local(robots=True)) as web:
            for _ in range(10):
                await ask_all(web, [f"{site.url}/a"], "asset")

    assert len(site.asked()) == 10
    assert site.connections == 1


async def test_a_host_that_is_held_is_held_for_all_its_tasks() -> None:
    busy = Reply(status=429, headers={"Retry-After": "1"})
    with Site({"/busy": faults.once(busy, Reply(b"a")), "/a": "a"}) as site:
        async with Web(local(per_host=2)) as web:
            asked = [f"{site.url}/busy", *[f"{site.url}/a"] * 5]
            told = await asyncio.gather(
                ask_all(web, [f"{site.url}/busy"]), *(ask_all(web, [url], "asset") for url in asked[1:])
            )

    refused = next(seen.at for seen in site.requests if seen.target == "/busy")
    assert [code for codes in told for code in codes] == ["ok"] * 6
    assert not [seen for seen in site.requests if refused + 0.05 < seen.at < refused + 0.95]


async def test_a_host_that_is_held_holds_up_no_other() -> None:
    busy = Reply(status=503, headers={"Retry-After": "2"})
    with Site({"/": faults.once(busy, Reply(b"a"))}) as held, Site({"/": "b"}) as other:
        async with Web(local(concurrency=1)) as web:
            slow = asyncio.ensure_future(ask_all(web, [held.url] * 3))
            await asyncio.sleep(0.05)
            began = asyncio.get_running_loop().time()
            told = await ask_all(web, [other.url] * 20)
            took = asyncio.get_running_loop().time() - began
            await slow

    assert told == ["ok"] * 20
    assert took < 1.5


async def test_dead_and_slow_hosts_do_not_hold_up_the_others() -> None:
    """50 hosts with 10 articles each: five that never answer cost the rest next to nothing."""

    async def run(hosts: int, dead: int) -> float:
        names = Table({f"host{n}.example": ["127.0.0.1"] for n in range(hosts)})
        names.entries |= {f"dead{n}.example": ["127.0.0.1"] for n in range(dead)}
        settings = local(connect_timeout=0.3, read_timeout=0.3, backoff=0.01, page_delay=0.06)
        with Site({"/a": Reply(b"a", after=0.005)}) as site, Site({"/a": faults.silent_after(b"")}) as hung:
            good = [f"http://host{n}.example:{site.port}/a?{i}" for i in range(10) for n in range(hosts)]
            bad = [f"http://dead{n}.example:{hung.port}/a?{i}" for i in range(10) for n in range(dead)]
            async with Web(settings, transport=Network(settings, names=names)) as web:
                lost = asyncio.ensure_future(ask_all(web, bad))
                began = asyncio.get_running_loop().time()
                assert set(await ask_all(web, good)) == {"ok"}
                took = asyncio.get_running_loop().time() - began
                assert set(await lost) <= {"silent", "timeout", "host_down"}
            return took

    alone = await run(45, 0)
    beside = min([await run(45, 5) for _ in range(2)])  # a busy machine holds up one of two, dead hosts both

    assert beside <= alone * 1.2 + 0.3


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def one_turn(hosts: Hosts, outcome: int | str) -> str:
    """Take a turn that ends in a status or an error's code; gives the code of what stood in the way."""
    host = hosts.named("news.example")
    try:
        async with hosts.turn(host, "asset") as turn:
            if isinstance(outcome, str):
                raise FetchError("as the test says", code=outcome)
            turn.answered(outcome, None)
    except FetchError as error:
        return error.code
    return "ok"


def make_hosts(clock: Clock, heard: list[Event] | None = None, **more: Any) -> Hosts:
    emit = nobody if heard is None else heard.append
    return Hosts(config.Web(page_delay=0.0, **more), Forgetful(), emit, clock)


async def test_a_host_that_cannot_be_reached_is_left_alone_for_a_while() -> None:
    clock, heard = Clock(), list[Event]()
    hosts = make_hosts(clock, heard)

    before = [await one_turn(hosts, "refused") for _ in range(5)]
    during = await one_turn(hosts, 200)
    clock.now += DOWN_FOR + 1
    after = [await one_turn(hosts, 200), await one_turn(hosts, "refused"), await one_turn(hosts, 200)]

    assert before == ["refused"] * 5
    assert during == "host_down"
    assert after == ["ok", "refused", "ok"]
    assert [event.why for event in heard if isinstance(event, HostHeld)] == ["it does not answer"]


async def test_a_host_that_is_still_down_is_left_alone_again() -> None:
    clock = Clock()
    hosts = make_hosts(clock)

    for _ in range(3):
        await one_turn(hosts, "connect_timeout")
    clock.now += DOWN_FOR + 1

    assert [await one_turn(hosts, outcome) for outcome in ("refused", 200)] == ["refused", "host_down"]


async def test_a_few_broken_pictures_do_not_condemn_their_host() -> None:
    hosts = make_hosts(Clock())

    broken = [await one_turn(hosts, "closed") for _ in range(20)]
    fine = await one_turn(hosts, 404)
    more = [await one_turn(hosts, 500) for _ in range(20)]

    assert broken == ["closed"] * 20
    assert fine == "ok"
    assert more == ["ok"] * 20


async def test_an_error_after_the_answer_does_not_speak_against_the_host() -> None:
    hosts = make_hosts(Clock())
    host = hosts.named("news.example")
    for _ in range(30):
        with suppress(FetchError):
            async with hosts.turn(host, "asset") as turn:
                turn.answered(200, None)
                raise FetchError("the body broke off", code="truncated")

    assert await one_turn(hosts, 200) == "ok"


async def test_a_host_whose_bodies_do_not_come_in_time_is_left_alone_too() -> None:
    hosts = make_hosts(Clock())
    host = hosts.named("news.example")
    for _ in range(3):
        with suppress(FetchError):
            async with hosts.turn(host, "asset") as turn:
                turn.answered(200, None)
                raise FetchError("a byte each half second", code="too_slow")

    assert await one_turn(hosts, 200) == "host_down"


async def test_failures_of_requests_that_were_under_way_together_count_once() -> None:
    clock = Clock()
    hosts = make_hosts(clock)
    host = hosts.named("news.example")
    await one_turn(hosts, 200)
    async with AsyncExitStack() as together:
        turns = [await together.enter_async_context(hosts.turn(host, "asset")) for _ in range(6)]
        for turn in turns:
            clock.now += 0.01
            turn.failed(FetchError("nothing came", code="silent"))

    assert await one_turn(hosts, 200) == "ok"


async def test_a_host_that_has_not_answered_yet_is_asked_by_one_at_a_time() -> None:
    with Site({"/a": Reply(b"a", after=0.02)}) as site:
        async with Web(local(per_host=6)) as web:
            await ask_all(web, [f"{site.url}/a"] * 7, "asset")

    first, *rest = sorted(seen.at for seen in site.requests)
    assert min(rest) - first >= 0.02
    assert site.most_at_once[site.authority] > 1


async def test_a_postponed_host_stays_postponed_in_the_next_run() -> None:
    memory = Forgetful()
    settings = config.Web(page_delay=0.0, max_wait=60.0)
    first = Hosts(settings, memory, nobody)
    with pytest.raises(FetchError, match="max_wait"):
        async with first.turn(first.named("news.example"), "page") as turn:
            turn.answered(429, 3_600.0)

    second = Hosts(settings, memory, nobody)
    with pytest.raises(FetchError) as error:
        async with second.turn(second.named("news.example"), "page"):
            pass

    assert error.value.code == "postponed"
    assert error.value.retry_after == pytest.approx(3_600, abs=5)


async def test_a_wait_given_up_gives_its_places_back() -> None:
    with Site({"/slow": faults.silent_after(b""), "/a": "a"}) as site:
        async with Web(local(per_host=1, concurrency=1, read_timeout=30.0)) as web:
            for _ in range(3):
                waiting = asyncio.ensure_future(ask_all(web, [f"{site.url}/slow"] * 3, "asset"))
                await asyncio.sleep(0.02)
                waiting.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await waiting
            told = await ask_all(web, [f"{site.url}/a"], "asset")

    assert told == ["ok"]

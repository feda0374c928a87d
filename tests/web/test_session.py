"""What else the web promises: events, memory that is bounded, and a seam for archives."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from harvester.download.image import IN_MEMORY, downloaded
from harvester.errors import FetchError
from harvester.events import BytesReceived, Event, RequestEnded, RequestStarted
from harvester.web import Web
from harvester.web.body import STEP
from harvester.web.network.names import SystemNames
from harvester.web.network.transport import Body, Headers, headers_of
from harvester.web.politeness.pace import jittered
from harvester.workers import Workers
from tests.support import faults
from tests.support.fetching import body_of, failure, fetch, fetch_with, local
from tests.support.servers import Reply, Site


async def test_requests_and_bytes_are_told(tmp_path: Path) -> None:
    heard: list[Event] = []
    with Site({"/a.png": bytes(300_000)}) as site:
        await fetch(f"{site.url}/a.png", tmp_path, emit=heard.append)
        await fetch(f"{site.url}/none.png", tmp_path, emit=heard.append)

    kinds = [type(event) for event in heard if not isinstance(event, BytesReceived)]
    assert kinds == [RequestStarted, RequestEnded] * 2
    assert {event.host for event in heard if isinstance(event, RequestStarted)} == {site.authority}
    assert sum(event.bytes for event in heard if isinstance(event, BytesReceived)) == 300_000


async def test_a_request_that_is_given_up_is_told_too() -> None:
    heard: list[Event] = []
    with Site({"/a": faults.silent_after(b"")}) as site:
        async with Web(local(read_timeout=30.0), emit=heard.append) as web:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    await web.page(f"{site.url}/a")

    assert [type(event) for event in heard] == [RequestStarted, RequestEnded]


# ------------------------------------------------------------------ memory


@pytest.mark.parametrize("answer", [faults.endless(), faults.bomb(400_000_000)], ids=["endless", "bomb"])
async def test_memory_stays_small_whatever_comes(answer: Reply, tmp_path: Path) -> None:
    with Site({"/a.png": answer}) as site:
        tracemalloc.start()
        result = await fetch(f"{site.url}/a.png", tmp_path, max_image_bytes=100_000_000)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert failure(result) == "too_large"
    assert peak < IN_MEMORY * 3 + STEP * 8


async def test_bodies_for_which_there_is_no_room_go_to_the_disk(tmp_path: Path) -> None:
    """While others are held in memory, nobody waits for room, so that nobody waits for ever."""
    settings = local()
    body = bytes(range(256)) * 1_600
    with Site({"/a.png": body}) as site:
        async with Web(settings) as web, Workers(budget=1_000_000) as workers, contextlib.AsyncExitStack() as held:
            arrived = [
                await held.enter_async_context(
                    downloaded(
                        f"{site.url}/a.png?{number}",
                        referer=None,
                        part=tmp_path / f"{number}.part",
                        web=web,
                        workers=workers,
                        settings=settings,
                    )
                )
                for number in range(4)
            ]
            in_memory = [received.body is not None for received in arrived]
            on_disk = [Path(received.path).read_bytes() for received in arrived if received.path]

    assert in_memory == [True, True, False, False]
    assert on_disk == [body, body]
    assert list(tmp_path.iterdir()) == []


async def test_a_failed_try_gives_its_share_of_memory_back(tmp_path: Path) -> None:
    settings = local(retries=5)
    body = bytes(400_000)
    with Site({"/a.png": faults.in_turn(*[faults.closed_in_mid_body(body)] * 5, Reply(body))}) as site:
        async with Web(settings) as web, Workers(budget=500_000) as workers:
            result = await fetch_with(web, f"{site.url}/a.png", tmp_path / "a.part", settings, workers)

    assert body_of(result) == body


async def test_the_loop_is_not_blocked_by_a_page_that_expands() -> None:
    """A page of 20 MB in 20 kB is unpacked in steps, between which others have their turn."""
    page = Reply(gzip.compress(bytes(19_000_000)), headers={"Content-Encoding": "gzip"})
    turns = 0
    with Site({"/a": page}) as site:
        async with Web(local()) as web:
            reading = asyncio.ensure_future(web.page(f"{site.url}/a"))
            while not reading.done():
                await asyncio.sleep(0)
                turns += 1

    assert len(reading.result().body) == 19_000_000
    assert turns >= 19_000_000 // STEP


# ------------------------------------------------------------------ another network


class Archive:
    """A transport that answers from a table, as a web archive would."""

    remote = False

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self.opened = self.closed = 0

    async def open(self) -> None:
        self.opened += 1

    async def close(self) -> None:
        self.closed += 1

    @contextlib.asynccontextmanager
    async def ask(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Record]:
        self.asked.append(url)
        if url not in self.pages:
            raise FetchError(f"{url}: not in the archive", code="not_archived")
        yield Record(self.pages[url])


class Record:
    """An answer kept in an archive."""

    def __init__(self, kept: bytes) -> None:
        moved = kept.startswith(b"->")
        self.status = 301 if moved else 200
        self.headers: Headers = headers_of([("Location", kept[2:].decode())] if moved else [])
        self._body = b"" if moved else kept

    async def chunks(self) -> Body:
        yield self._body


async def test_an_archive_can_stand_in_for_the_network(tmp_path: Path) -> None:
    """No guard, no robots.txt, no pauses: nobody's server is asked."""
    archive = Archive({"http://10.0.0.1/a": b"->http://old.example/b", "http://old.example/b": b"kept"})
    settings = local(allow_networks=(), robots=True, page_delay=5.0)
    async with Web(settings, transport=archive) as web, Workers() as workers:
        page = await web.page("http://10.0.0.1/a")
        picture = await fetch_with(web, "http://old.example/b", tmp_path / "b.part", settings, workers)
        missing = await fetch_with(web, "http://old.example/c", tmp_path / "c.part", settings, workers)

    assert (page.body, page.final_url, page.signals.robots) == (b"kept", "http://old.example/b", None)
    assert body_of(picture) == b"kept"
    assert failure(missing) == "not_archived"
    assert (archive.opened, archive.closed) == (1, 1)
    assert not [url for url in archive.asked if url.endswith("/robots.txt")]


# ------------------------------------------------------------------ names and pauses


async def test_the_system_knows_localhost() -> None:
    assert set(await SystemNames().addresses("localhost")) & {"127.0.0.1", "::1"}


@pytest.mark.parametrize("name", ["no-such-name.invalid", "a..b", "x" * 300, "\x00"])
async def test_a_name_without_addresses_is_an_os_error(name: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - any of the resolver's
        await SystemNames().addresses(name)


def test_pauses_double_and_differ() -> None:
    pauses = [jittered(1.0, times) for times in range(5)]

    assert all(2**n / 2 <= pause <= 2**n for n, pause in enumerate(pauses))
    assert len({jittered(1.0, 3) for _ in range(20)}) > 1
    assert jittered(1.0, 10_000) <= 1024


def test_whoever_only_reads_a_saved_page_does_not_load_the_network() -> None:
    code = "import sys, harvester.web; print('aiohttp' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout == "False\n"

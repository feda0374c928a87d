"""Requests for pages and assets: the only way to the network."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from functools import partial
from types import TracebackType
from typing import IO, Self

from harvester import config, urls
from harvester.errors import FetchError
from harvester.events import Emit, RequestEnded, RequestStarted, Warned, nobody
from harvester.model import Memory, Validators
from harvester.web import body, redirects, retries, statuses
from harvester.web.answers import Answer, Response, conditions
from harvester.web.credentials import Credentials
from harvester.web.network.guard import Guard
from harvester.web.network.transport import Exchange, Transport
from harvester.web.politeness.hosts import Hosts, Kind
from harvester.web.politeness.identity import product, referer, user_agent
from harvester.web.politeness.memory import Forgetful
from harvester.web.politeness.robots import MOST, Robots
from harvester.web.signals import opt_out, signals_of

_PAGE = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": body.ACCEPTED,
}
_LISTS = {"Accept": "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.8"}
# No image type is preferred, lest a CDN convert the original; no compression, so that ranges count the file's bytes.
_ASSET = {"Accept": "image/*,*/*;q=0.8", "Accept-Encoding": "identity"}


class Web:
    """Fetches pages and assets, politely and safely. Open it once and pass it down.

    *memory* keeps robots.txt and postponed hosts, *emit* is told of requests, *transport* is the network unless
    something else stands in for it.
    """

    def __init__(
        self,
        settings: config.Web,
        *,
        memory: Memory | None = None,
        emit: Emit = nobody,
        transport: Transport | None = None,
    ) -> None:
        self._settings = settings
        self._emit = emit
        self._transport = transport
        self._guard = Guard(settings)
        self._credentials = Credentials(settings)
        self._identity = {"User-Agent": user_agent(settings)}
        self._product = product(self._identity["User-Agent"])
        memory = memory or Forgetful()
        self._hosts = Hosts(settings, memory, emit)
        self._robots = Robots(self._product, memory)

    def log_in(self, url: str) -> None:
        """From now on, send the user info of *url*, which the user gave, with requests to its origin."""
        self._credentials.remember(url)

    @property
    def remote(self) -> bool:
        """Whether requests go to servers, not to something that stands in for them."""
        return self._transport is None or self._transport.remote

    async def __aenter__(self) -> Self:
        if self._transport is None:
            from harvester.web.network.network import Network  # aiohttp takes 0.2 s, not for a saved page

            self._transport = Network(self._settings)
        await self._transport.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self._transport is not None, "opened"
        await self._transport.close()

    async def page(self, url: str, *, validators: Validators | None = None) -> Response:
        """Return the whole page at *url*; with *validators*, status 304 and no body if it has not changed.

        Raises FetchError after the last try.
        """
        return await retries.retried(partial(self._page, url, conditions(validators)), self._settings)

    async def document(self, url: str, into: IO[bytes], *, most: int, validators: Validators | None = None) -> Response:
        """Write the feed or sitemap at *url*, of at most *most* bytes, to *into*; it is requested like a page.

        The response has no body. Raises FetchError after the last try.
        """
        return await retries.retried(partial(self._document, url, into, most, conditions(validators)), self._settings)

    def asset(
        self, url: str, *, referer: str | None = None, headers: Mapping[str, str] = {}, most: int | None = None
    ) -> AbstractAsyncContextManager[Answer]:
        """Request the asset at *url* once, as a picture of the page *referer*.

        Its body, at most *most* bytes (default `max_image_bytes`), arrives while the context is open. Raises
        FetchError, also for any status but 200, or 206 and 304 if *headers* ask for a range or are conditional.
        """
        asked = {**_ASSET, **self._referer(url, referer), **headers}
        return self._visit(url, "asset", asked, most or self._settings.max_image_bytes)

    async def _page(self, url: str, conditional: dict[str, str]) -> Response:
        asked = {**_PAGE, **conditional}
        async with self._visit(url, "page", asked, self._settings.max_page_bytes) as answer:
            content = b"" if answer.status == 304 else b"".join([chunk async for chunk in answer.chunks()])
            return _response(answer, content)

    async def _document(self, url: str, into: IO[bytes], most: int, conditional: dict[str, str]) -> Response:
        asked = {**_PAGE, **_LISTS, **conditional}
        into.seek(0)
        into.truncate()
        async with self._visit(url, "page", asked, most) as answer:
            if answer.status != 304:
                async for chunk in answer.chunks():
                    into.write(chunk)
            return _response(answer)

    def _check(self, answer: Answer, asked: Mapping[str, str]) -> None:
        statuses.check(answer, asked)
        token = opt_out(answer.signals, self._settings.respect_opt_out, self._product)
        if token is not None:
            raise FetchError(f"{urls.legible(answer.final_url)}: the publisher says {token!r}", code="opt_out")

    def _referer(self, url: str, page: str | None) -> dict[str, str]:
        return referer(url, page) if self._settings.referer else {}

    # ------------------------------------------------------------------ a chain of redirects

    @asynccontextmanager
    async def _visit(
        self, url: str, kind: Kind, headers: dict[str, str], most: int, *, is_rules: bool = False
    ) -> AsyncIterator[Answer]:
        """Follow redirects one by one: every hop is guarded, checked with robots.txt and paced like a first request.

        Raises FetchError for an answer that is not what was requested. With *is_rules* the URL is a robots.txt: any
        status is yielded, and no robots.txt is consulted.
        """
        self.log_in(url)
        first = hop = _serialised(url)
        for _ in range(redirects.MOST + 1):
            robots = None if is_rules else await self._ask_robots(hop, kind)
            own = self._credentials.of(hop, first)
            async with self._exchange(hop, kind, {**self._identity, **headers, **own}) as exchange:
                location = redirects.location_of(exchange)
                if location is None:
                    answer = self._answer(urls.redact(url), hop, exchange, robots, most)
                    if not is_rules:
                        self._check(answer, headers)
                    yield answer
                    return
            hop = self._next(hop, location)
        raise redirects.endless(url, hop)

    @asynccontextmanager
    async def _exchange(self, url: str, kind: Kind, headers: Mapping[str, str]) -> AsyncIterator[Exchange]:
        """Request one URL when its host has a free turn; the time for the whole transfer is limited."""
        assert self._transport is not None, "opened"
        if not self._transport.remote:
            async with self._transport.ask(url, headers) as exchange:
                yield exchange
            return
        self._guard.check(url)
        host = self._hosts.named(urls.authority(url))
        async with self._hosts.turn(host, kind) as turn:
            self._emit(RequestStarted(host=host.name))
            try:
                async with self._bounded(url) as timer, self._transport.ask(url, headers) as exchange:
                    timer.reschedule(asyncio.get_running_loop().time() + self._settings.timeout)
                    turn.answered(exchange.status, retries.retry_after(exchange.headers))
                    yield exchange
            finally:
                self._emit(RequestEnded(host=host.name))

    @asynccontextmanager
    async def _bounded(self, url: str) -> AsyncIterator[asyncio.Timeout]:
        """Limit the time: first for the wait for an answer, then, rescheduled, for the whole transfer."""
        patience = self._settings.connect_timeout + self._settings.read_timeout
        try:
            async with asyncio.timeout(min(patience, self._settings.timeout)) as timer:
                yield timer
        except TimeoutError as error:
            if not timer.expired():
                raise
            raise FetchError(f"{urls.legible(url)}: not finished in time", code="timeout", retryable=True) from error

    def _answer(self, url: str, hop: str, exchange: Exchange, robots: str | None, most: int) -> Answer:
        settings = self._settings
        limits = body.BodyLimits(hop, most=most, least=settings.min_rate, window=settings.read_timeout, emit=self._emit)
        return Answer(
            url=url,
            final_url=hop,
            status=exchange.status,
            headers=exchange.headers,
            signals=signals_of(exchange.headers, robots),
            body=body.received(exchange, limits),
        )

    def _next(self, url: str, location: str) -> str:
        target = redirects.next_hop(url, location, allow_downgrade=self._settings.allow_downgrade)
        if redirects.is_downgrade(url, target):
            message = f"{urls.legible(url)} redirects to {urls.legible(target)}, unencrypted"
            self._emit(Warned(code="downgrade", message=message))
        return target

    # ------------------------------------------------------------------ what publishers ask

    async def _ask_robots(self, url: str, kind: Kind) -> str | None:
        """Return what robots.txt says about *url*; raises FetchError if it says no, or if that cannot be found out."""
        assert self._transport is not None, "opened"
        if not self._transport.remote:
            return None
        if not self._settings.robots:
            return "ignored"
        origin = urls.origin(url)
        rules = await self._robots.rules(origin, partial(self._fetch_robots, origin, kind))
        self._hosts.named(urls.authority(url)).slow_down(rules.crawl_delay)
        if not rules.allow(url):
            raise FetchError(f"{urls.legible(url)}: robots.txt does not allow {self._product}", code="robots")
        return "allowed"

    async def _fetch_robots(self, origin: str, kind: Kind) -> str:
        asked = {"Accept": "text/plain,*/*;q=0.8", "Accept-Encoding": body.ACCEPTED}
        try:
            async with self._visit(f"{origin}/robots.txt", kind, asked, sys.maxsize, is_rules=True) as answer:
                if answer.status == 429 or answer.status >= 500:
                    raise statuses.error_of(answer)
                return await _text(answer) if answer.status == 200 else ""
        except FetchError as error:
            if error.code in ("redirects", "downgrade"):
                return ""
            raise


def _response(answer: Answer, content: bytes = b"") -> Response:
    return Response(
        url=answer.url,
        final_url=answer.final_url,
        status=answer.status,
        headers=answer.headers,
        body=content,
        fetched_at=answer.fetched_at,
        signals=answer.signals,
    )


def _serialised(url: str) -> str:
    serialised = urls.resolve_web(url)
    if serialised is None:
        raise FetchError(f"{urls.legible(url)}: only http and https URLs are requested", code="bad_url")
    return serialised


async def _text(answer: Answer) -> str:
    """Return the first MOST bytes of a robots.txt; the rest does not count."""
    content = bytearray()
    async with aclosing(answer.chunks()) as chunks:
        async for chunk in chunks:
            content += chunk
            if len(content) >= MOST:
                break
    return content[:MOST].decode("utf-8-sig", "replace")

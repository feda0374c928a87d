"""The network as a transport: aiohttp, with its errors translated into ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import aiohttp
from aiohttp import client_exceptions as failures
from yarl import URL

from harvester import config, urls
from harvester.errors import FetchError
from harvester.web.checks import authorities, check_proxy
from harvester.web.network.guard import Guard, blocked
from harvester.web.network.names import BlockedAddress, Judged, Names, SystemNames
from harvester.web.network.transport import Body, Headers, headers_of

MAX_FIELD = 32_768
"""Bytes of one header field; some publishers send a Content-Security-Policy of 20 kB."""
MAX_FIELDS = 256
NAMES_KEPT = 30
"""Seconds for which an address is used without asking the name service again."""

# The first row that fits decides: code, whether a later try may succeed, and the sentence.
FAILURES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str, bool, str], ...] = (
    (failures.ClientConnectorDNSError, "dns", True, "the name cannot be resolved"),
    (failures.ClientConnectorCertificateError, "tls", False, "the certificate is not trusted"),
    (failures.ClientSSLError, "tls", False, "no secure connection can be made"),
    (failures.ClientProxyConnectionError, "proxy", True, "the proxy cannot be reached"),
    (failures.ClientHttpProxyError, "proxy", True, "the proxy did not connect us"),
    (failures.ConnectionTimeoutError, "connect_timeout", True, "no connection within [web] connect_timeout"),
    (failures.ClientConnectorError, "refused", True, "no connection"),
    (failures.SocketTimeoutError, "silent", True, "nothing arrived for [web] read_timeout"),
    (failures.ServerDisconnectedError, "closed", True, "the server closed the connection without an answer"),
    (failures.ClientPayloadError, "truncated", True, "the body broke off"),
    (failures.ClientResponseError, "protocol", False, "the answer is not valid HTTP"),
    (failures.InvalidURL, "bad_url", False, "not a URL that can be requested"),
    ((failures.ClientError, OSError), "reset", True, "the connection was reset"),
)


class Network:
    """HTTP/1.1 over TCP and TLS, or through the configured proxy; never through one from the environment.

    Raises UsageError for an invalid proxy.
    """

    remote = True

    def __init__(self, settings: config.Web, *, names: Names | None = None) -> None:
        check_proxy(settings)
        self._settings = settings
        self._names = names or SystemNames()
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the connection pool; raises UsageError if *ca_file* cannot be read."""
        # A proxy makes its own connections, so the only name we resolve then is the proxy's, which is exempt.
        guard = None if self._settings.proxy else Guard(self._settings)
        connector = aiohttp.TCPConnector(
            limit=0,  # `politeness` limits connections, before the timeout of a request starts
            resolver=Judged(self._names, guard),
            ttl_dns_cache=NAMES_KEPT,
            ssl=await asyncio.to_thread(authorities, self._settings.ca_file) if self._settings.ca_file else True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_line_size=MAX_FIELD,
            max_field_size=MAX_FIELD,
            max_headers=MAX_FIELDS,
            read_bufsize=2**18,
            trust_env=False,
            proxy=self._settings.proxy or None,
            timeout=aiohttp.ClientTimeout(
                total=None, connect=self._settings.connect_timeout, sock_read=self._settings.read_timeout
            ),
        )
        # A hidden retry would be neither paced nor counted; `retries` does that.
        self._session._retry_connection = False

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def ask(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Answering]:
        """Request exactly *url*; its escapes are not changed."""
        assert self._session is not None, "opened"
        with _translated(url):
            response = await self._session.get(URL(url, encoded=True), headers=headers, allow_redirects=False)
        try:
            yield Answering(url, response)
        finally:
            response.release()


class Answering:
    """A response of aiohttp as an Exchange."""

    def __init__(self, url: str, response: aiohttp.ClientResponse) -> None:
        self.status = response.status
        self.headers: Headers = _latin(response)
        self._url = url
        self._response = response

    async def chunks(self) -> Body:
        """Yield the body as it arrives, without further copies."""
        content = self._response.content
        with _translated(self._url):
            while chunk := await content.readany():
                yield chunk


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """Raise FetchError for whatever goes wrong on the wire inside the block."""
    try:
        yield
    except (aiohttp.ClientError, OSError) as error:
        raise _translate(url, error) from error


def _translate(url: str, error: Exception) -> FetchError:
    cause = getattr(error, "os_error", None)
    if isinstance(cause, BlockedAddress):
        return blocked(url, ", ".join(cause.addresses))
    code, retryable, words = next(row[1:] for row in FAILURES if isinstance(error, row[0]))
    return FetchError(
        f"{urls.legible(url)}: {words}{_detail(cause or error.__cause__)}", code=code, retryable=retryable
    )


def _detail(cause: BaseException | None) -> str:
    """Return the message of the layer below in brackets, or nothing if it has none."""
    said = getattr(cause, "message", None) or getattr(cause, "strerror", None)
    if not isinstance(said, str) or not said.strip():
        return ""
    return f" ({urls.printable(said.strip().splitlines()[0].rstrip('.: '), 120)})"


def _latin(response: aiohttp.ClientResponse) -> Headers:
    """Return header fields decoded byte for byte: aiohttp decodes UTF-8 into surrogates that JSON cannot hold."""
    if all(value.isascii() for value in response.headers.values()):
        return response.headers
    return headers_of((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers)

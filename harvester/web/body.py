"""Bodies as they come: decoded, counted, and never without an end."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable

from harvester.errors import FetchError
from harvester.events import BytesReceived, Emit
from harvester.web.transport import Exchange

STEP = 262_144
"""Bytes that are decompressed at once, so that neither memory nor the loop is taken by surprise."""
_REPORTED = 65_536
_GZIP, _ZLIB, _RAW = 31, 15, -15
_ENCODINGS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": _ZLIB}
ACCEPTED = "gzip, deflate"


class Limits:
    """What a body may take: *most* bytes after decoding, *least* bytes a second over every *window* seconds."""

    def __init__(self, *, most: int, least: int, window: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self.least = least
        self.window = window
        self.clock = clock


async def received(
    exchange: Exchange, shown: str, limits: Limits, host: str, emit: Emit
) -> AsyncGenerator[bytes, None]:
    """Give the decoded body of *exchange*; raises FetchError when it is too large, too slow, cut or not decodable.

    *shown* names the URL in errors, *host* whom the bytes are counted for.
    """
    announced = exchange.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > limits.most:
        raise _too_large(shown, limits)
    arriving = _paced(exchange.chunks(), shown, limits, host, emit)
    total = 0
    async for chunk in _decoded(arriving, exchange.headers.get("Content-Encoding", ""), shown):
        total += len(chunk)
        if total > limits.most:
            raise _too_large(shown, limits)
        yield chunk


async def _paced(
    chunks: AsyncIterator[bytes], shown: str, limits: Limits, host: str, emit: Emit
) -> AsyncIterator[bytes]:
    """Count what comes over the wire, and give up when too little does."""
    since, counted, unreported = limits.clock(), 0, 0
    async for chunk in chunks:
        counted += len(chunk)
        unreported += len(chunk)
        if unreported >= _REPORTED:
            emit(BytesReceived(host=host, bytes=unreported))
            unreported = 0
        elapsed = limits.clock() - since
        if elapsed >= limits.window:
            if counted < limits.least * elapsed:
                raise _too_slow(shown, counted / elapsed)
            since, counted = limits.clock(), 0
        yield chunk
    if unreported:
        emit(BytesReceived(host=host, bytes=unreported))


def _decoded(chunks: AsyncIterator[bytes], encoding: str, shown: str) -> AsyncIterator[bytes]:
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return chunks
    if encoding not in _ENCODINGS:
        raise FetchError(f"{shown}: encoded as {encoding[:40]!r}, which nobody asked for", code="content_encoding")
    return _inflated(chunks, _ENCODINGS[encoding], shown)


async def _inflated(chunks: AsyncIterator[bytes], window: int, shown: str) -> AsyncIterator[bytes]:
    stream = None
    try:
        async for chunk in chunks:
            if stream is None:
                # Some servers send deflate without the zlib header; browsers take both.
                stream = zlib.decompressobj(_RAW if window == _ZLIB and chunk[0] & 0x0F != 8 else window)
            waiting = chunk
            while waiting and not stream.eof:
                yield stream.decompress(waiting, STEP)
                waiting = stream.unconsumed_tail
                await asyncio.sleep(0)
    except zlib.error as error:
        raise FetchError(f"{shown}: the compressed body is damaged ({error})", code="content_encoding") from error
    if stream is not None and not stream.eof:
        raise FetchError(f"{shown}: the compressed body is cut", code="truncated", retryable=True)


def _too_large(shown: str, limits: Limits) -> FetchError:
    return FetchError(f"{shown}: larger than the {limits.most:,} bytes that [web] allows", code="too_large")


def _too_slow(shown: str, rate: float) -> FetchError:
    return FetchError(
        f"{shown}: only {rate:.0f} bytes a second came, less than [web] min_rate", code="too_slow", retryable=True
    )

"""Bodies as they come: decoded, counted, and never without an end."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import aclosing

from harvester import urls
from harvester.errors import FetchError
from harvester.events import BytesReceived, Emit
from harvester.web.network.transport import Body, Exchange

STEP = 262_144
"""Bytes that are decompressed at once, so that neither memory nor the loop is taken by surprise."""
REPORTED = 65_536
"""Bytes that make an event."""
ACCEPTED = "gzip, deflate"
_GZIP = 31
_ZLIB, _BARE = 15, -15
_MAGIC = b"\x1f\x8b"


async def received(exchange: Exchange, meter: BodyLimits) -> Body:
    """Return the decoded body of *exchange*; raises FetchError when it is too large, too slow, cut or not decodable."""
    announced = exchange.headers.get("Content-Length", "")
    if announced.isdecimal():
        meter.check(int(announced))
    decoder = _decoder(exchange.headers.get("Content-Encoding", ""), meter.url)
    async with aclosing(exchange.chunks()) as chunks:
        async for chunk in chunks:
            meter.arrived(len(chunk))
            if decoder is None:
                meter.gave(len(chunk))
                yield chunk
                continue
            for piece in decoder.decoded(chunk):
                meter.gave(len(piece))
                yield piece
                await asyncio.sleep(0)
    meter.report()
    if decoder is not None:
        decoder.end()


class BodyLimits:
    """Counts one body against its limits, and tells of its bytes.

    At most *most* bytes, before decoding and after; at least *least* bytes a second over every *window* seconds of the
    transfer.
    """

    def __init__(
        self,
        url: str,
        *,
        most: int,
        least: int,
        window: float,
        emit: Emit,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = url
        self._most = most
        self._least = least
        self._window = window
        self._emit = emit
        self._clock = clock
        self._since = clock()
        self._came = self._counted = self._unreported = self._given = 0

    def check(self, size: int) -> None:
        """Raise FetchError when *size* bytes are more than the body may have."""
        if size > self._most:
            raise _error(self.url, f"larger than the {self._most:,} bytes that [web] allows", "too_large")

    def arrived(self, size: int) -> None:
        """Count bytes that came over the wire; raises FetchError when they are too many, or too few for too long."""
        self._came += size
        self.check(self._came)
        self._counted += size
        self._unreported += size
        if self._unreported >= REPORTED:
            self.report()
        elapsed = self._clock() - self._since
        if elapsed < self._window:
            return
        if self._counted < self._least * elapsed:
            rate = f"{self._counted / elapsed:.0f} bytes a second came"
            raise _error(self.url, f"only {rate}, less than [web] min_rate", "too_slow", retryable=True)
        self._since, self._counted = self._clock(), 0

    def gave(self, size: int) -> None:
        """Count decoded bytes; raises FetchError when they are too many."""
        self._given += size
        self.check(self._given)

    def report(self) -> None:
        """Tell what came since the last time."""
        if self._unreported:
            self._emit(BytesReceived(host=urls.authority(self.url), bytes=self._unreported))
            self._unreported = 0


class Inflater:
    """Undoes gzip, also of several members, and deflate, with or without zlib's header: some servers leave it out.

    What follows the last member is passed over, as browsers do.
    """

    def __init__(self, url: str, window: int) -> None:
        self._url = url
        self._window = window
        self._stream: zlib._Decompress | None = None
        self._after = b""

    def decoded(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what *chunk* holds, at most STEP bytes at once; raises FetchError when it is damaged."""
        while chunk:
            stream = self._stream = self._stream or self._begun(chunk)
            if stream.eof:
                chunk = self._next_member(chunk)
                continue
            try:
                piece = stream.decompress(chunk, STEP)
            except zlib.error as error:
                raise _error(self._url, f"the compressed body is damaged ({error})", "content_encoding") from error
            if piece:
                yield piece
            chunk = stream.unused_data if stream.eof else stream.unconsumed_tail

    def end(self) -> None:
        """Raise FetchError when more should have come."""
        if self._stream is not None and not self._stream.eof:
            raise _error(self._url, "the compressed body is cut", "truncated", retryable=True)

    def _next_member(self, following: bytes) -> bytes:
        """Begin another member where one is *following* the last; return what of it is to be decoded."""
        begun = self._after + following
        if begun.startswith(_MAGIC):
            self._stream, self._after = zlib.decompressobj(_GZIP), b""
            return begun
        self._after = begun[: len(_MAGIC)]
        return b""

    def _begun(self, chunk: bytes) -> zlib._Decompress:
        bare = self._window == _ZLIB and chunk[0] & 0x0F != 8  # the method that a zlib header would name
        return zlib.decompressobj(_BARE if bare else self._window)


def _decoder(encoding: str, url: str) -> Inflater | None:
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return Inflater(url, _GZIP)
        case "deflate":
            return Inflater(url, _ZLIB)
        case other:
            raise _error(url, f"encoded as {urls.printable(other, 40)!r}, which nobody asked for", "content_encoding")


def _error(url: str, what: str, code: str, *, retryable: bool = False) -> FetchError:
    return FetchError(f"{urls.legible(url)}: {what}", code=code, retryable=retryable)

"""Bodies as they arrive: decoded, counted, and bounded."""

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
"""Bytes decompressed at once, so that neither memory nor the event loop is overwhelmed."""
REPORTED = 65_536
"""Bytes after which an event is emitted."""
ACCEPTED = "gzip, deflate"
_GZIP = 31
_ZLIB, _BARE = 15, -15
_MAGIC = b"\x1f\x8b"


async def received(exchange: Exchange, limits: BodyLimits) -> Body:
    """Yield the decoded body of *exchange*; raises FetchError if it is too large, too slow, cut or not decodable."""
    announced = exchange.headers.get("Content-Length", "")
    if announced.isdecimal():
        limits.check(int(announced))
    decoder = _decoder(exchange.headers.get("Content-Encoding", ""), limits.url)
    async with aclosing(exchange.chunks()) as chunks:
        async for chunk in chunks:
            limits.arrived(len(chunk))
            if decoder is None:
                limits.gave(len(chunk))
                yield chunk
                continue
            for piece in decoder.decoded(chunk):
                limits.gave(len(piece))
                yield piece
                await asyncio.sleep(0)
    limits.report()
    if decoder is not None:
        decoder.end()


class BodyLimits:
    """Counts one body against its limits, and reports its bytes.

    It may have at most *most* bytes, before and after decoding, and must bring at least *least* bytes a second in every
    *window* seconds of the transfer.
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
        """Raise FetchError if *size* bytes are more than the body may have."""
        if size > self._most:
            raise _error(self.url, f"larger than the {self._most:,} bytes that [web] allows", "too_large")

    def arrived(self, size: int) -> None:
        """Count bytes received over the wire; raises FetchError if they are too many, or too few for too long."""
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
            rate = f"{self._counted / elapsed:.0f} bytes a second arrived"
            raise _error(self.url, f"only {rate}, less than [web] min_rate", "too_slow", retryable=True)
        self._since, self._counted = self._clock(), 0

    def gave(self, size: int) -> None:
        """Count decoded bytes; raises FetchError if they are too many."""
        self._given += size
        self.check(self._given)

    def report(self) -> None:
        """Emit the number of bytes received since the last report."""
        if self._unreported:
            self._emit(BytesReceived(host=urls.authority(self.url), bytes=self._unreported))
            self._unreported = 0


class Inflater:
    """Decompresses gzip, also of several members, and deflate, with or without the zlib header that some servers omit.

    Whatever follows the last member is ignored, as in browsers.
    """

    def __init__(self, url: str, window: int) -> None:
        self._url = url
        self._window = window
        self._stream: zlib._Decompress | None = None
        self._after = b""

    def decoded(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the decompressed bytes of *chunk*, at most STEP at once; raises FetchError if it is damaged."""
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
        """Raise FetchError if the body is incomplete."""
        if self._stream is not None and not self._stream.eof:
            raise _error(self._url, "the compressed body is cut", "truncated", retryable=True)

    def _next_member(self, following: bytes) -> bytes:
        """Begin another member if *following* starts one; return the bytes to decode."""
        begun = self._after + following
        if begun.startswith(_MAGIC):
            self._stream, self._after = zlib.decompressobj(_GZIP), b""
            return begun
        self._after = begun[: len(_MAGIC)]
        return b""

    def _begun(self, chunk: bytes) -> zlib._Decompress:
        bare = self._window == _ZLIB and chunk[0] & 0x0F != 8  # a zlib header would name this method
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
            raise _error(url, f"encoded as {urls.printable(other, 40)!r}, which was not asked for", "content_encoding")


def _error(url: str, what: str, code: str, *, retryable: bool = False) -> FetchError:
    return FetchError(f"{urls.legible(url)}: {what}", code=code, retryable=retryable)

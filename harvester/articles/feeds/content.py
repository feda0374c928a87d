"""The content of a feed, sitemap or OPML file: from disk, from the network, or from the last answer that was kept."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from msgspec import Struct
from msgspec.structs import replace

from harvester import urls
from harvester.articles.feeds.polling import due_at
from harvester.articles.sources.reader import Feeds, Reading
from harvester.articles.sources.recognise import Recognised
from harvester.errors import FetchError, SourceError, UsageError
from harvester.model import Validators
from harvester.steps import FeedMemory
from harvester.web import Web
from harvester.web.answers import Response

LARGEST = 50_000_000
"""Bytes of a feed or sitemap, decompressed. Source: https://www.sitemaps.org/protocol.html"""

KEPT = 4_000_000
"""Compressed bytes kept of a feed or sitemap, to be read again when it has not changed."""

_IN_MEMORY = 1_000_000
_CHUNK = 65_536
_HEAD = 65_536  # bytes that show what it is, and how often it may be requested
_GZIP = b"\x1f\x8b"


class Content(Struct, frozen=True, kw_only=True):
    """A document read in pieces. *url* is where it came from, null for a file; *type* its Content-Type."""

    file: IO[bytes]
    name: str
    url: str | None = None
    type: str | None = None

    def chunks(self) -> Iterator[bytes]:
        """Yield it from the beginning, decompressed; raises SourceError if it is broken or too large."""
        size = 0
        for chunk in _decompressed(self.file, self.name):
            size += len(chunk)
            if size > LARGEST:
                raise SourceError(f"{self.name}: larger than {LARGEST:,} bytes", code="too_large")
            yield chunk

    def head(self) -> bytes:
        """Return its first bytes."""
        return next(self.chunks(), b"")

    def whole(self) -> bytes:
        """Return all of it."""
        return b"".join(self.chunks())


@asynccontextmanager
async def content_of(source: Recognised, reading: Reading) -> AsyncIterator[Content]:
    """Open what *source* names. Raises SourceError if it cannot be fetched, UsageError if it cannot be read from disk.

    An address fetched before is requested conditionally, and not earlier than its publisher wants.
    """
    if source.path is None:
        assert reading.web is not None, "addresses are only read with a Web"
        with SpooledTemporaryFile(_IN_MEMORY) as file:
            yield await _fetched(source.given, file, reading.web, reading.feeds)
        return
    try:
        with source.path.open("rb") as file:
            yield Content(file=file, name=source.given)
    except OSError as error:
        raise UsageError(f"{source.path}: {(error.strerror or str(error)).lower()}.") from None


async def _fetched(given: str, file: IO[bytes], web: Web, feeds: Feeds | None) -> Content:
    url = urls.resolve_web(given) or given
    known = feeds.feed(url) if feeds else None
    if known is not None and not await asyncio.to_thread(_is_sound, known):
        known = None
    if known is not None and known.body is not None and time.time() < known.due_at:
        return await asyncio.to_thread(_kept_content, known, file)
    response = await _response(url, file, web, known)
    if response.status == 304 and known is not None:
        content = await asyncio.to_thread(_kept_content, known, file)
    else:
        kind = response.headers.get("Content-Type")
        content = Content(file=file, name=urls.legible(url), url=response.final_url, type=kind)
    if feeds:
        feeds.remember_feed(await asyncio.to_thread(_memory_of, url, response, content, known))
    return content


async def _response(url: str, file: IO[bytes], web: Web, known: FeedMemory | None) -> Response:
    asked = Validators(etag=known.etag, last_modified=known.last_modified) if known and known.body else None
    try:
        return await web.document(url, file, most=LARGEST, validators=asked)
    except FetchError as error:
        raise SourceError.of(error) from error


def _memory_of(url: str, response: Response, content: Content, known: FeedMemory | None) -> FeedMemory:
    """Return what to remember of an answer. A feed with the same body has not changed, whatever its validators say."""
    now = time.time()
    body, stated = _compressed(content.file), response.validators
    same = (
        known if known is not None and (response.status == 304 or (body is not None and known.body == body)) else None
    )
    changed_at = same.changed_at if same else now
    due = due_at(now, response.headers, _text(content), silent_for=now - changed_at)
    if response.status == 304 and same is not None:
        return replace(same, asked_at=now, due_at=due, unchanged=same.unchanged + 1)
    return FeedMemory(
        url=url,
        asked_at=now,
        due_at=due,
        changed_at=changed_at,
        unchanged=same.unchanged + 1 if same else 0,
        etag=stated.etag,
        last_modified=stated.last_modified,
        type=content.type,
        final_url=response.final_url,
        body=body,
    )


def _is_sound(known: FeedMemory) -> bool:
    """Return whether what was kept of a feed, if anything, is whole: the database may be damaged."""
    unpacking = zlib.decompressobj()
    try:
        for _ in _unpacked(known.body or b"", unpacking):
            pass
    except zlib.error:
        return False
    return known.body is None or unpacking.eof


def _unpacked(packed: bytes, unpacking: zlib._Decompress) -> Iterator[bytes]:
    while packed:
        yield unpacking.decompress(packed, _CHUNK)
        packed = unpacking.unconsumed_tail
    yield unpacking.flush()


def _kept_content(known: FeedMemory, file: IO[bytes]) -> Content:
    """Return the feed's last answer, written to *file*."""
    assert known.body is not None, "called only if it was kept"
    file.writelines(_unpacked(known.body, zlib.decompressobj()))
    return Content(file=file, name=urls.legible(known.url), url=known.final_url, type=known.type)


def _compressed(file: IO[bytes]) -> bytes | None:
    """Return the file compressed, or None if it is too large to keep."""
    packing, packed = zlib.compressobj(6), bytearray()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        packed += packing.compress(chunk)
        if len(packed) > KEPT:
            return None
    return bytes(packed + packing.flush())


def _text(content: Content) -> str:
    try:
        return content.head().decode("utf-8", "replace")
    except SourceError:
        return ""


def _decompressed(file: IO[bytes], name: str) -> Iterator[bytes]:
    file.seek(0)
    packed = file.read(2) == _GZIP
    file.seek(0)
    stream: IO[bytes] = gzip.GzipFile(fileobj=file, mode="rb") if packed else file  # type: ignore[assignment]
    try:
        while chunk := stream.read(_CHUNK):
            yield chunk
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceError(f"{name}: broken gzip ({error})", code="broken") from error

"""A WARC as the network: recorded answers stand in for the servers."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path

from msgspec.structs import replace

from harvester import urls
from harvester.articles.sources.warc import Payload, Record, payload_at, responses
from harvester.errors import FetchError, SourceError
from harvester.web.network.transport import Headers, headers_of

_SET_BY_THE_WIRE = {"transfer-encoding", "content-length", "connection"}
_PACKED = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b"}


class Archive:
    """The records of some WARC files as a Transport that makes no requests. Raises UsageError without warcio.

    Its index holds the position of every recorded address, about 200 bytes each, however long the address.
    """

    remote = False

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._records: dict[bytes, Record] = {}
        self._same: dict[bytes, bytes] = {}

    async def open(self) -> None:
        """Index all files; a break in a file ends the reading of that file."""
        for file in self._files:
            await asyncio.to_thread(self._index, file)

    async def close(self) -> None:
        """Do nothing: no file is held open."""

    @asynccontextmanager
    async def ask(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Recorded]:
        """Yield the answer recorded for exactly *url*; raises FetchError if there is none."""
        digest = _digest_of(urls.resolve_web(url) or url)
        record = self._records.get(digest) or self._records.get(self._same.get(digest, b""))
        if record is None:
            raise FetchError(f"{urls.legible(url)}: not in the archive", code="not_archived")
        with ExitStack() as stack:
            try:
                stream = stack.enter_context(record.file.open("rb"))
                payload = await asyncio.to_thread(payload_at, record, stream)
                first = await asyncio.to_thread(next, payload.body, b"")
            except OSError as error:
                message = f"{record.file}: {(error.strerror or str(error)).lower()}"
                raise FetchError(message, code="unreadable") from error
            except SourceError as error:
                raise FetchError.of(error) from error
            yield Recorded(record.status, payload, first)

    def _index(self, file: Path) -> None:
        """Index the last good answer for every address, or else the last of any kind."""
        with suppress(SourceError):  # reported when the pages are read
            for record in responses(file):
                if isinstance(record, Record):
                    self._add(record)

    def _add(self, record: Record) -> None:
        digest = _digest_of(record.url)
        earlier = self._records.get(digest)
        if record.same_as is not None:
            self._same[digest] = _digest_of(urls.resolve_web(record.same_as) or record.same_as)
        elif earlier is None or earlier.status != 200 or record.status == 200:
            self._records[digest] = replace(record, url="", type="")


class Recorded:
    """A recorded answer as an Exchange; *first* is the piece of its body that was already read."""

    def __init__(self, status: int, payload: Payload, first: bytes) -> None:
        self.status = status
        self.headers: Headers = headers_of(
            (name, value) for name, value in payload.headers if name.lower() not in _left_out(payload, first)
        )
        self._first = first
        self._rest = payload.body

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body in pieces, still encoded; raises FetchError where the archive is broken."""
        piece = self._first
        while piece:
            yield piece
            try:
                piece = await asyncio.to_thread(next, self._rest, b"")
            except SourceError as error:
                raise FetchError.of(error) from error


def _left_out(payload: Payload, first: bytes) -> set[str]:
    """Return the fields that do not apply to the body as read; some crawlers keep the encoding of a decoded body."""
    encoding = next((value for name, value in payload.headers if name.lower() == "content-encoding"), "")
    packed = _PACKED.get(encoding.strip().lower(), b"")
    return _SET_BY_THE_WIRE if first.startswith(packed) else {*_SET_BY_THE_WIRE, "content-encoding"}


def _digest_of(url: str) -> bytes:
    return hashlib.blake2b(url.encode("utf-8", "surrogateescape"), digest_size=16).digest()

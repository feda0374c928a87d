"""A WARC as the network: what a crawl recorded answers in place of the servers."""

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
_DECODED = ("", "identity", "gzip", "x-gzip", "deflate")
_PACKED = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b"}


class Archive:
    """The records of some WARC files as a Transport; nobody is asked. Raises UsageError without warcio.

    Its index holds the place of every recorded address, some 200 bytes each however long the addresses are.
    """

    remote = False

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._places: dict[bytes, Record] = {}
        self._same: dict[bytes, bytes] = {}

    async def open(self) -> None:
        """Look through the files once and note what lies where; what is broken ends its file."""
        for file in self._files:
            await asyncio.to_thread(self._note, file)

    async def close(self) -> None:
        """Hold nothing open."""

    @asynccontextmanager
    async def ask(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Recorded]:
        """Yield what was recorded of exactly *url*; raises FetchError when nothing was."""
        asked = _mark(urls.resolve_web(url) or url)
        place = self._places.get(asked) or self._places.get(self._same.get(asked, b""))
        if place is None:
            raise FetchError(f"{urls.legible(url)}: not in the archive", code="not_archived")
        with ExitStack() as stack:
            try:
                stream = stack.enter_context(place.file.open("rb"))
                answered = await asyncio.to_thread(payload_at, place, stream)
                first = await asyncio.to_thread(next, answered.body, b"")
            except OSError as error:
                message = f"{place.file}: {(error.strerror or str(error)).lower()}"
                raise FetchError(message, code="unreadable") from error
            except SourceError as error:
                raise FetchError.of(error) from error
            _check_encoding(answered, url)
            yield Recorded(place.status, answered, first)

    def _note(self, file: Path) -> None:
        """Note the last good answer of every address, or the last of any kind."""
        with suppress(SourceError):  # the reader of the pages tells it
            for place in responses(file):
                if isinstance(place, Record):
                    self._note_place(place)

    def _note_place(self, place: Record) -> None:
        mark = _mark(place.url)
        earlier = self._places.get(mark)
        if place.same_as is not None:
            self._same[mark] = _mark(urls.resolve_web(place.same_as) or place.same_as)
        elif earlier is None or earlier.status != 200 or place.status == 200:
            self._places[mark] = replace(place, url="", type="")


class Recorded:
    """A recorded answer as an Exchange; *first* is the piece of its body that was read already."""

    def __init__(self, status: int, answered: Payload, first: bytes) -> None:
        self.status = status
        self.headers: Headers = headers_of(
            (name, value) for name, value in answered.headers if name.lower() not in _left_out(answered, first)
        )
        self._first = first
        self._rest = answered.body

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body in pieces, as it was encoded; raises FetchError where the archive is broken."""
        piece = self._first
        while piece:
            yield piece
            try:
                piece = await asyncio.to_thread(next, self._rest, b"")
            except SourceError as error:
                raise FetchError.of(error) from error


def _check_encoding(answered: Payload, url: str) -> None:
    """Raise FetchError for an encoding that only archives answer with: they have what their crawler asked for."""
    encoding = _encoding(answered)
    if encoding not in _DECODED:
        raise FetchError(f"{urls.legible(url)}: recorded as {encoding!r}, which cannot be read", code="encoding")


def _left_out(answered: Payload, first: bytes) -> set[str]:
    """Return the fields that do not hold for what is read; some crawlers keep the encoding of a body they decoded."""
    packed = _PACKED.get(_encoding(answered), b"")
    return _SET_BY_THE_WIRE if first.startswith(packed) else {*_SET_BY_THE_WIRE, "content-encoding"}


def _encoding(answered: Payload) -> str:
    stated = next((value for name, value in answered.headers if name.lower() == "content-encoding"), "")
    return urls.printable(stated.strip().lower(), 40)


def _mark(url: str) -> bytes:
    return hashlib.blake2b(url.encode("utf-8", "surrogateescape"), digest_size=16).digest()

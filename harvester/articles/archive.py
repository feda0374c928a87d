"""A WARC as the network: what a crawl recorded answers in place of the servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from harvester import urls
from harvester.articles.warc import Answer, Place, read_answer, responses
from harvester.errors import FetchError, SourceError
from harvester.web.transport import Headers, headers_of

_CHUNK = 65_536
_SET_BY_THE_WIRE = {"content-encoding", "transfer-encoding", "content-length", "connection"}


class Archive:
    """The records of some WARC files as a Transport; nobody is asked. Raises UsageError without warcio.

    Its index holds the place of every recorded address, some 200 bytes each.
    """

    remote = False

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._places: dict[str, Place] = {}
        self._same: dict[str, str] = {}

    async def open(self) -> None:
        """Look through the files once and note what lies where; what is broken ends its file."""
        for file in self._files:
            await asyncio.to_thread(self._note, file)

    async def close(self) -> None:
        """Hold nothing open."""

    @asynccontextmanager
    async def ask(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Recorded]:
        """Give what was recorded of exactly *url*; raises FetchError when nothing was."""
        asked = urls.resolve_web(url) or url
        place = self._places.get(asked) or self._places.get(self._same.get(asked, ""))
        if place is None:
            raise FetchError(f"{urls.legible(url)}: not in the archive", code="not_archived")
        try:
            answer = await asyncio.to_thread(read_answer, place)
        except SourceError as error:
            raise FetchError(error.message, code=error.code) from error
        yield Recorded(answer)

    def _note(self, file: Path) -> None:
        """Note the last good answer of every address, or the last of any kind."""
        with suppress(SourceError):  # the reader of the pages tells it
            for place in responses(file):
                earlier = self._places.get(place.url)
                if place.same_as is not None:
                    self._same[place.url] = urls.resolve_web(place.same_as) or place.same_as
                elif earlier is None or earlier.status != 200 or place.status == 200:
                    self._places[place.url] = place


class Recorded:
    """A recorded answer as an Exchange; its body was decoded when it was read."""

    def __init__(self, answer: Answer) -> None:
        self.status = answer.status
        self.headers: Headers = headers_of(
            (name, value) for name, value in answer.headers if name.lower() not in _SET_BY_THE_WIRE
        )
        self._body = answer.body

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Give the body in pieces."""
        for start in range(0, len(self._body), _CHUNK):
            yield self._body[start : start + _CHUNK]

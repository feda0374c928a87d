"""WARC files: what a crawl recorded. Source: https://iipc.github.io/warc-specifications/"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from msgspec import Struct

from harvester import urls
from harvester.articles.kinds import Recognised
from harvester.articles.reading import Leads, Reading
from harvester.errors import SourceError, UsageError
from harvester.model import Source
from harvester.steps import Lead

LARGEST = 200_000_000
"""Bytes of one recorded answer."""

_NOWHERE = SimpleNamespace(stderr=SimpleNamespace(write=len))
"""Stands in for `sys` in warcio, which looks there for standard error."""
_DECODED = ("", "identity", "gzip", "deflate")
_PAGES = ("text/html", "application/xhtml+xml")


class Place(Struct, frozen=True, kw_only=True):
    """Where an answer lies, and what can be told of it without its body; *type* without parameters.

    *same_as* is the address under which its body was recorded before, where it was not recorded again.
    """

    file: Path
    offset: int
    url: str
    status: int
    type: str
    same_as: str | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """A recorded answer; its body without transfer and content encoding."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


async def warc(source: Recognised, reading: Reading) -> Leads:
    """Give a lead for every page that was recorded, each address once; its answer comes from the same archive.

    Raises UsageError without warcio, and where the archive is not what is asked in place of the network.
    """
    assert source.path is not None, "an archive is a file"
    if reading.web is not None and reading.web.remote:
        raise UsageError(f"{source.given}: an archive is harvested on its own: `harvest {source.given}`.")
    given: set[str] = set()
    try:
        places = responses(source.path)
        while (place := await asyncio.to_thread(next, places, None)) is not None:
            if _is_page(place) and place.url not in given:
                given.add(place.url)
                yield Lead(source=Source(kind="warc", given=source.given), url=place.url)
    except SourceError as error:
        yield error


def responses(file: Path) -> Iterator[Place]:
    """Give the place of every answer in a file.

    Raises SourceError where the file is broken or cannot be read, UsageError without warcio.
    """
    with _fenced(file), file.open("rb") as stream:
        records = _library()(stream)
        for record in records:
            url = urls.resolve_web(record.rec_headers.get_header("WARC-Target-URI") or "")
            if record.rec_type in ("response", "resource", "revisit") and url:
                yield Place(
                    file=file,
                    offset=records.get_record_offset(),
                    url=url,
                    status=_status(record),
                    type=_type(record),
                    same_as=record.rec_headers.get_header("WARC-Refers-To-Target-URI"),
                )
        if records.err_count:
            what = "records are longer than they say; what was read of them may be cut"
            raise SourceError(f"{file}: {records.err_count} {what}", code="broken")


def read_answer(place: Place) -> Answer:
    """Read an answer; raises SourceError when it is broken, larger than LARGEST or cannot be read."""
    with _fenced(place.file), place.file.open("rb") as stream:
        stream.seek(place.offset)
        record = next(iter(_library()(stream)))
        headers = list(record.http_headers.headers) if record.http_headers else []
        if not record.http_headers:
            headers = [("Content-Type", record.rec_headers.get_header("Content-Type") or "")]
        _check_encoding(record, place)
        body = record.content_stream().read(LARGEST + 1)
    if len(body) > LARGEST:
        raise SourceError(f"{place.file}: an answer of more than {LARGEST:,} bytes", code="too_large")
    return Answer(status=place.status, headers=headers, body=body)


def _is_page(place: Place) -> bool:
    return place.status == 200 and place.type in _PAGES and place.same_as is None


def _check_encoding(record: Any, place: Place) -> None:
    """Refuse what warcio would hand over still encoded."""
    coding = (record.http_headers.get_header("Content-Encoding") or "").lower() if record.http_headers else ""
    if coding not in _DECODED:
        raise SourceError(f"{urls.legible(place.url)}: recorded as {coding!r}, which cannot be read", code="encoding")


def _library() -> Any:
    """Import warcio when the first archive is opened; it is an extra.

    What it finds wrong it writes to standard error, with the bytes that it found: it is given none.
    """
    try:
        from warcio import archiveiterator, bufferedreaders
    except ImportError:
        raise UsageError("WARC files need warcio: pip install 'media-harvester[archive]'.") from None
    archiveiterator.sys = bufferedreaders.sys = _NOWHERE
    return archiveiterator.ArchiveIterator


@contextmanager
def _fenced(file: Path) -> Iterator[None]:
    try:
        yield
    except (UsageError, SourceError):
        raise
    except OSError as error:
        raise SourceError(f"{file}: {(error.strerror or str(error)).lower()}", code="unreadable") from error
    except Exception as error:  # the fence: warcio raises anything at what it did not foresee
        why = urls.printable(f"{type(error).__name__}: {error}", 300)
        raise SourceError(f"{file}: a broken WARC ({why})", code="broken") from error


def _status(record: Any) -> int:
    if record.rec_type == "resource" or record.http_headers is None:
        return 200
    code = record.http_headers.get_statuscode() or ""
    return int(code) if code.isdecimal() and len(code) == 3 else 0


def _type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return (headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()

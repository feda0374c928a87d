"""WARC files: the pages that a crawl recorded. Source: https://iipc.github.io/warc-specifications/"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from msgspec import Struct
from msgspec.structs import replace

from harvester import urls
from harvester.articles.sources.reader import Leads, Reading
from harvester.articles.sources.recognise import Recognised
from harvester.articles.sources.warc_records import Readable, body_of, http_headers_of, records_of
from harvester.errors import SourceError, UsageError
from harvester.model import Source
from harvester.steps import Lead

_PAGES = ("text/html", "application/xhtml+xml")
_LONGEST_TYPE = 100


class Record(Struct, frozen=True, kw_only=True):
    """Where a recorded answer is, and what is known without reading its body; *type* without parameters.

    *same_as* is the address under which the same body was recorded before, if it was not recorded again.
    """

    file: Path
    offset: int
    url: str
    status: int
    type: str
    same_as: str | None = None


class Payload(Struct, frozen=True, kw_only=True):
    """A recorded answer: its headers, and its body in pieces, still encoded as Content-Encoding says."""

    headers: list[tuple[str, str]]
    body: Iterator[bytes]


async def warc(source: Recognised, reading: Reading) -> Leads:
    """Yield a lead for every recorded page, each address once; the page itself comes from the same archive.

    Raises UsageError without warcio, and if the archive does not stand in for the network in this run.
    """
    assert source.path is not None, "an archive is a file"
    if reading.web is not None and reading.web.remote:
        raise UsageError(f"{source.given}: an archive is harvested on its own: `harvest {source.given}`.")
    given: set[int] = set()
    try:
        records = responses(source.path)
        while (record := await asyncio.to_thread(next, records, None)) is not None:
            if isinstance(record, SourceError):
                yield record
            elif _is_page(record) and hash(record.url) not in given:
                given.add(hash(record.url))
                yield Lead(source=Source(kind="warc", given=source.given), url=record.url)
    except SourceError as error:
        yield error


def responses(file: Path) -> Iterator[Record | SourceError]:
    """Yield the record of every answer in a file, and an error for one that is not read; the rest follows.

    Raises SourceError where the file is broken or cannot be read, UsageError without warcio.
    """
    with _fenced(file), file.open("rb") as stream:
        records = records_of(stream)
        for record in records:
            if record.rec_type in ("response", "resource", "revisit"):
                found = _record_of(record, file)
                if isinstance(found, Record):
                    found = replace(found, offset=records.get_record_offset())
                if found is not None:
                    yield found
        if records.err_count:
            what = "records are longer than they say; what was read of them may be incomplete"
            raise SourceError(f"{file}: {records.err_count} {what}", code="broken")


def payload_at(record: Record, stream: IO[bytes]) -> Payload:
    """Read the answer at *record* from *stream*, its open file; raises SourceError where it is broken."""
    with _fenced(record.file):
        stream.seek(record.offset)
        raw = next(iter(records_of(stream)))
        http = http_headers_of(raw)
    if http is None:
        headers = [("Content-Type", raw.rec_headers.get_header("Content-Type") or "")]
        return Payload(headers=headers, body=_body(record, raw.raw_stream, chunked=False))
    chunked = (http.get_header("Transfer-Encoding") or "").strip().lower() == "chunked"
    return Payload(headers=list(http.headers), body=_body(record, raw.raw_stream, chunked=chunked))


def _record_of(record: Any, file: Path) -> Record | SourceError | None:
    """Return where an answer is, with offset 0 until that is known, or None for one without an address."""
    url = urls.resolve_web(record.rec_headers.get_header("WARC-Target-URI") or "")
    shown = f"{file}: {urls.legible(url or 'a record')[:500]}"
    if record.is_cut:
        return SourceError(f"{shown}: headers too large for a record; not read", code="too_large")
    if url is None:
        return None
    try:
        http = http_headers_of(record)
    except SourceError as error:
        return SourceError(f"{shown}: {error.message}; not read", code=error.code)
    refers = record.rec_headers.get_header("WARC-Refers-To-Target-URI")
    return Record(file=file, offset=0, url=url, status=_status(http), type=_type(http, record), same_as=refers)


def _body(record: Record, stream: Readable, *, chunked: bool) -> Iterator[bytes]:
    with _fenced(record.file):
        yield from body_of(stream, chunked=chunked)


def _is_page(record: Record) -> bool:
    return record.status == 200 and record.type in _PAGES and record.same_as is None


@contextmanager
def _fenced(file: Path) -> Iterator[None]:
    try:
        yield
    except (UsageError, SourceError):
        raise
    except OSError as error:
        raise SourceError(f"{file}: {(error.strerror or str(error)).lower()}", code="unreadable") from error
    except Exception as error:  # the fence: warcio raises anything when it meets the unforeseen
        why = urls.printable(f"{type(error).__name__}: {error}", 300)
        raise SourceError(f"{file}: a broken WARC ({why})", code="broken") from error


def _status(http: Any) -> int:
    if http is None:
        return 200
    code = http.get_statuscode() or ""
    return int(code) if code.isdecimal() and len(code) == 3 else 0


def _type(http: Any, record: Any) -> str:
    stated = (http or record.rec_headers).get_header("Content-Type") or ""
    return str(stated.partition(";")[0].strip().lower()[:_LONGEST_TYPE])

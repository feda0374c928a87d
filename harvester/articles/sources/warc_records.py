"""The records of a WARC, read with a limit on memory: warcio alone reads lines and chunks whole.

Sources: https://iipc.github.io/warc-specifications/, https://www.rfc-editor.org/rfc/rfc9112#section-7.1
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import IO, Any, Protocol

from harvester.errors import SourceError, UsageError

LONGEST_LINE, MOST_HEADERS = 65_536, 262_144
"""Bytes of one header line of a record, and of all its header lines; real headers have 1 kB."""

PIECE = 65_536
"""Bytes of a body read at once."""

_NOWHERE = SimpleNamespace(stderr=SimpleNamespace(write=len))
"""Stands in for `sys` in warcio, which writes to its standard error."""

_BLOCK = 4_096  # compressed bytes unpacked at once, into at most a thousand times as many
_SIZE = re.compile(rb"\s*([0-9a-fA-F]{1,15})\s*(?:;[^\r\n]*)?\r?\n")


class Readable(Protocol):
    """The stream that a record's body is read from."""

    def read(self, length: int, /) -> bytes:
        """Return at most *length* bytes; nothing at the end."""

    def readline(self, length: int, /) -> bytes:
        """Return at most *length* bytes of a line."""


def records_of(stream: IO[bytes]) -> Any:
    """Return warcio's iterator over the records from the position of *stream*; raises UsageError without warcio.

    Only their WARC headers are read. If header lines are too long or too many, the rest is skipped and the record's
    attribute `is_cut` is true.
    """
    try:
        iterator, reader = _records(), _lines()
    except ImportError:
        raise UsageError("WARC files need warcio: pip install 'media-harvester[archive]'.") from None
    _silence()
    records = iterator(stream, no_record_parse=True, block_size=_BLOCK)
    records.reader = reader(records.fh, block_size=_BLOCK)
    return records


def _silence() -> None:
    """Keep warcio from writing its complaints, and the bytes they are about, to standard error."""
    from warcio import archiveiterator, bufferedreaders

    archiveiterator.sys = bufferedreaders.sys = _NOWHERE


def http_headers_of(record: Any) -> Any:
    """Return the status and header fields at the beginning of a recorded HTTP answer, or None if it has none.

    Raises SourceError if they are longer than MOST_HEADERS; the next record can still be read.
    """
    from warcio.statusandheaders import StatusAndHeadersParser

    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type not in ("response", "revisit") or not record.length or not address.startswith("http"):
        return None
    try:
        return StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1"], verify=False).parse(_Capped(record.raw_stream))
    except EOFError:
        return None


def body_of(stream: Readable, *, chunked: bool) -> Iterator[bytes]:
    """Yield a recorded body in pieces of at most PIECE bytes, without its transfer coding.

    A body that is called *chunked* but is not, as some crawlers record it, is yielded unchanged.
    """
    while chunked:
        line = stream.readline(LONGEST_LINE)
        size = _SIZE.fullmatch(line)
        if size is None:
            yield line
            break
        left = int(size[1], 16)
        if left == 0:
            return
        while left and (piece := stream.read(min(left, PIECE))):
            left -= len(piece)
            yield piece
        stream.readline(2)
    while piece := stream.read(PIECE):
        yield piece


class _Capped:
    """The lines of a record's own headers, until there are too many."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._left = MOST_HEADERS

    def readline(self) -> bytes:
        line = self._stream.readline(self._left)
        self._left -= len(line)
        if self._left <= 0:
            raise SourceError(f"an answer with more than {MOST_HEADERS:,} bytes of headers", code="too_large")
        return line


@cache
def _lines() -> Any:
    """Return warcio's reader, imported when the first archive is opened, as a subclass that keeps to our limits."""
    from warcio.bufferedreaders import DecompressingBufferedReader

    class Lines(DecompressingBufferedReader):  # type: ignore[misc]
        left = MOST_HEADERS
        is_cut = False
        decompressor: Any

        def readline(self, length: int | None = None) -> bytes:
            if length is not None:
                return bytes(super().readline(length))
            line = self._line()
            self.left -= len(line)
            while self.left < 0 and line.strip():  # up to the blank line after the headers
                self.is_cut, line = True, self._line()
            return line

        def _decompress(self, data: bytes) -> bytes:
            if self.decompressor is None or not data:
                return data
            try:
                return bytes(self.decompressor.decompress(data))
            except zlib.error:
                if self.num_block_read:  # damage, which warcio would only print and skip
                    raise
                self.decompressor = None  # it never was compressed
                return data

        def _line(self) -> bytes:
            line = piece = bytes(super().readline(LONGEST_LINE))
            while len(piece) >= LONGEST_LINE and not piece.endswith(b"\n"):
                self.is_cut, piece = True, bytes(super().readline(LONGEST_LINE))
            return line

    return Lines


@cache
def _records() -> Any:
    """Return warcio's iterator as a subclass that marks records with too long headers and prints nothing."""
    from warcio.archiveiterator import ArchiveIterator

    class Records(ArchiveIterator):  # type: ignore[misc]
        INC_RECORD = ""  # warcio would print bytes of the file to the terminal unescaped

        def _next_record(self, next_line: bytes | None) -> Any:
            self.reader.left, self.reader.is_cut = MOST_HEADERS, False
            record = super()._next_record(next_line)
            record.is_cut = self.reader.is_cut
            return record

    return Records

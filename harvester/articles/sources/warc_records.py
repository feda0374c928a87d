"""The records of a WARC, read with a limit on memory: warcio alone reads lines and chunks whole.

Sources: https://iipc.github.io/warc-specifications/, https://www.rfc-editor.org/rfc/rfc9112#section-7.1
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import cache
from io import SEEK_CUR
from types import SimpleNamespace
from typing import IO, Any, Protocol

from harvester.errors import SourceError, UsageError

LONGEST_LINE, MOST_HEADERS = 65_536, 262_144
"""Bytes of one header line of a record, and of all its header lines; real headers have 1 kB."""

PIECE = 65_536
"""Bytes of a body read at once."""

MOST_CHUNKS = 100_000
"""Of a body that was sent in chunks; those of real servers have some kilobytes each."""

_NOWHERE = SimpleNamespace(stderr=SimpleNamespace(write=len))
"""Stands in for `sys` in warcio, which writes to its standard error."""

_BLOCK = 4_096  # compressed bytes that are unpacked at once, into a thousand times as many at most
_LENGTH_OR_END = re.compile(
    rb"\n(?:content-length[ \t]{0,9}:[ \t]{0,9}(\d{1,15})[ \t]{0,9}(?=\r?\n)|\r?\n)", re.IGNORECASE
)
_LONGEST_LENGTH = 64  # bytes in which it is found
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
        iterator, reader = _classes()
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
    """Yield a recorded body in pieces of some PIECE bytes, without its transfer coding.

    What is said to be *chunked* and is not, as some crawlers record it, is given as it is. Raises SourceError for more
    than MOST_CHUNKS chunks.
    """
    gathered = bytearray()
    for piece in _unchunked(stream) if chunked else _pieces(stream):
        gathered += piece
        if len(gathered) >= PIECE:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def _unchunked(stream: Readable) -> Iterator[bytes]:
    for _ in range(MOST_CHUNKS):
        line = stream.readline(LONGEST_LINE)
        size = _SIZE.fullmatch(line)
        if size is None:
            yield line
            yield from _pieces(stream)
            return
        left = int(size[1], 16)
        if left == 0:
            return
        while left and (piece := stream.read(min(left, PIECE))):
            left -= len(piece)
            yield piece
        stream.readline(2)
    raise SourceError(f"a body in more than {MOST_CHUNKS:,} chunks", code="too_large")


def _pieces(stream: Readable) -> Iterator[bytes]:
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


class _Lines:
    """What warcio's reader of lines does otherwise: it holds no line that is too long, nor headers that are too many.

    *left* is what they may still take, *is_cut* says that they took more, *is_between* that no record has begun.
    """

    left = MOST_HEADERS
    is_cut = is_between = False
    before = b"\n"
    buff: Any
    decompressor: Any
    num_block_read: int

    def readline(self, length: int | None = None) -> bytes:
        read = super().readline  # type: ignore[misc]
        if length is not None:
            return bytes(read(length))
        if self.is_between and self._pass_blank_lines():
            return b"\r\n"
        if self.left < 0:
            return self._behind_headers()
        line = piece = bytes(read(LONGEST_LINE))
        while piece and not piece.endswith(b"\n"):
            piece = bytes(read(LONGEST_LINE))
            self.is_cut = self.is_cut or bool(piece)
        self.left -= len(line)
        return line

    def _behind_headers(self) -> bytes:
        """Pass over further header lines to the blank one behind them, or to one that says where the record ends."""
        self.is_cut, tail = True, self.before
        while rest := self._buffered():
            found = _LENGTH_OR_END.search(tail + rest)
            if found is not None:
                self.buff.seek(found.end() - len(tail) - len(rest), SEEK_CUR)
                self.before = b""
                return b"Content-Length: %s\r\n" % found[1] if found[1] else b"\r\n"
            tail = (tail + rest)[-_LONGEST_LENGTH:]
        return b""

    def _pass_blank_lines(self) -> bool:
        """Return whether there were some."""
        passed = False
        while rest := self._buffered():
            kept = rest.lstrip(b"\r\n")
            passed = passed or len(kept) < len(rest)
            if kept:
                self.buff.seek(-len(kept), SEEK_CUR)
                break
        return passed

    def _buffered(self) -> bytes:
        self._fillbuff()  # type: ignore[attr-defined]
        return b"" if self.empty() else bytes(self.buff.read())  # type: ignore[attr-defined]

    def _decompress(self, packed: bytes) -> bytes:
        if self.decompressor is None or not packed:
            return packed
        try:
            return bytes(self.decompressor.decompress(packed))
        except zlib.error:
            if self.num_block_read:  # damage, which warcio would tell the terminal and pass over
                raise
            self.decompressor = None  # it never was compressed
            return packed


class _Records:
    """What warcio's iterator does otherwise: it says which records have headers that are too long, and nothing else."""

    INC_RECORD = ""  # warcio would write what stands between records to the terminal, as it is
    reader: _Lines

    def _next_record(self, next_line: bytes | None) -> Any:
        self.reader.left, self.reader.is_cut, self.reader.before = MOST_HEADERS, False, b"\n"
        record = super()._next_record(next_line)  # type: ignore[misc]
        record.is_cut = self.reader.is_cut
        return record

    def _consume_blanklines(self) -> Any:
        self.reader.is_between, self.reader.left = True, MOST_HEADERS
        try:
            return super()._consume_blanklines()  # type: ignore[misc]
        finally:
            self.reader.is_between = False


@cache
def _classes() -> tuple[Any, Any]:
    """Put ours before warcio's, which is imported when the first archive is opened."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.bufferedreaders import DecompressingBufferedReader

    return type("Records", (_Records, ArchiveIterator), {}), type("Lines", (_Lines, DecompressingBufferedReader), {})

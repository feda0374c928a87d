"""XML read as a stream: elements as they end, without a tree, so that a document of any size takes the same memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.parsers import expat

from harvester.articles.feeds.xml_safety import refused
from harvester.errors import SourceError
from harvester.markup import reader_of

_DEEPEST = 200
_LONGEST = 20_000  # characters of an element's text that are kept
_MOST_NAMES = 10_000  # of elements and attributes, which expat keeps to its end
_LONGEST_TAG = 1_000_000  # bytes of a tag or a comment, which expat holds as a whole
_DECLARATION = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml\s[^>]{0,80}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})[\"'][^>]{0,80}\?>"
)


class Element(NamedTuple):
    """An element that has ended: its name and its parent's without prefixes, in lower case, and its own text."""

    name: str
    parent: str
    text: str
    attributes: dict[str, str]


def elements(chunks: Iterable[bytes], name: str) -> Iterator[Element]:
    """Yield the elements of a document in the order in which they end, so children come before their parents.

    Raises SourceError where the document is broken, after yielding all elements before that point, and where it
    declares entities. Prefixes need not be declared, since sitemaps forget to. An unknown encoding is read as UTF-8.
    """
    reader = None
    for chunk in chunks:
        reader = reader or _Reader(name, _foreign_encoding(chunk))
        yield from reader.read(chunk)
    yield from (reader or _Reader(name)).read(b"", last=True)


def _foreign_encoding(start: bytes) -> str | None:
    """Return the encoding that a document declares if expat cannot read it (multi-byte, or unknown), else None."""
    declared = _DECLARATION.match(start)
    if declared is None:
        return None
    try:
        expat.ParserCreate().Parse(declared[0])
    except (expat.ExpatError, LookupError, ValueError):
        return declared[1].decode("latin-1")
    return None


class _Reader:
    def __init__(self, name: str, encoding: str | None = None) -> None:
        self._name = name
        self._decoder = reader_of(encoding) if encoding is not None else None
        self._found: list[Element] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._room: list[int] = []  # characters of text that each open element may still keep
        self._parser = expat.ParserCreate("utf-8" if encoding is not None else None)
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._entity
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.DefaultHandlerExpand = self._anything
        self._moved = False
        self._waiting: list[bytes] = []  # what arrived since expat last reported anything
        self._size = self._given = 0  # its bytes, and how many of them expat has been given

    def read(self, chunk: bytes, *, last: bool = False) -> list[Element]:
        """Return the elements that end in *chunk*."""
        self._found = []
        try:
            self._parse(self._decoder.decode(chunk, last).encode() if self._decoder else chunk, last=last)
        except (expat.ExpatError, LookupError, ValueError) as error:
            if not self._found:
                raise SourceError(f"{self._name}: broken XML ({error})", code="broken") from error
            # what ended before the break is returned first; the next chunk meets the break again
        return self._found

    def _parse(self, chunk: bytes, *, last: bool) -> None:
        """Hand *chunk* to expat, which scans a tag or comment from its beginning each time more of it arrives.

        So for one that does not end, expat is given twice as much each time, up to _LONGEST_TAG.
        """
        self._waiting.append(chunk)
        self._size += len(chunk)
        if self._size < 2 * self._given and not last:
            return
        self._moved = False
        self._parser.Parse(b"".join(self._waiting), last)
        self._waiting = []
        self._size = self._given = 0 if self._moved else self._size
        if self._size > _LONGEST_TAG:
            raise SourceError(f"{self._name}: a tag or comment of more than {_LONGEST_TAG:,} bytes", code="too_large")

    def _anything(self, text: str) -> None:
        self._moved = True

    def _doctype(self, name: str, system: str | None, public: str | None, has_subset: bool) -> None:
        if has_subset:
            raise refused(self._name)

    def _entity(self, *declared: object) -> None:
        raise refused(self._name)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._moved = True
        if len(self._parser.intern) > _MOST_NAMES:
            raise SourceError(f"{self._name}: more than {_MOST_NAMES:,} names of elements", code="too_large")
        if len(self._open) >= _DEEPEST:
            raise SourceError(f"{self._name}: nested more than {_DEEPEST} deep", code="broken")
        self._open.append((_local(name), attributes, []))
        self._room.append(_LONGEST)

    def _end(self, name: str) -> None:
        self._moved = True
        own, attributes, parts = self._open.pop()
        self._room.pop()
        parent = self._open[-1][0] if self._open else ""
        self._found.append(Element(own, parent, "".join(parts).strip(), attributes))

    def _text(self, text: str) -> None:
        self._moved = True
        if self._room and self._room[-1] > 0:
            self._open[-1][2].append(text[: self._room[-1]])
            self._room[-1] -= len(text)


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()

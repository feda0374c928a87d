"""A feed in XML, cut into its entries before any parser sees it, so that the cost of each one is bounded.

feedparser reads a document as a whole and needs quadratic time for some shapes. This module only finds the entries, and
the children of an entry that is too large; repairing the markup is left to feedparser.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from harvester.articles.feeds.xml_safety import refused_size

MOST_ENTRIES, MOST_MARKS = 50_000, 1_000_000
"""Limits of a feed: its entries, as many as a sitemap may have, and its marks: tags, and references at four a mark."""

_LARGE, _MANY = 65_536, 1_000  # letters and marks above which an entry is examined more closely
_MOST_SAME = 500  # children with the same name
_BODIES = frozenset("description summary content encoded body div fullitem".split())
_BODY, _OTHER = (2_000_000, 20_000), (100_000, 2_000)  # letters and marks of one child of an entry
_HEAD = 1_000_000  # letters within which the elements around the entries open
_SHELL = 50_000  # letters kept of what surrounds the entries
_DEEPEST = 20
_LARGEST_TAG = 65_536
_ROOTS = frozenset("rss rdf feed channel".split())
_ENTRY = re.compile(r"<!--|<!\[CDATA\[|<(/?)((?:[\w.-]+:)?(?:item|entry))(?=[\s/>])", re.IGNORECASE)
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?[^<>]*>|<(?P<end>/?)(?P<name>[\w:.-]+)(?P<rest>[^<>]*)>",
    re.DOTALL,
)


class Piece(Struct, frozen=True, kw_only=True):
    """An entry as written, and descriptions for people of what was too large and left out."""

    text: str
    marks: int
    left_out: tuple[str, ...] = ()


class Frame(Struct, frozen=True, kw_only=True):
    """What surrounds the entries: the tags that open and close around them, and all the rest as a document."""

    opening: str
    closing: str
    shell: str

    def around(self, pieces: list[Piece]) -> str:
        """Return a document with these entries and no others."""
        return "".join((self.opening, *(piece.text for piece in pieces), self.closing))


def frame_of(text: str, name: str) -> Frame:
    """Return what surrounds the entries of a feed; raises SourceError if the tags around them are too large."""
    spans, outside, position = _spans(text), "", 0
    first = len(text)
    for start, end, _ in spans:
        first = min(first, start)
        outside += text[position : min(start, position + _SHELL)]
        position = end
        if len(outside) >= _SHELL:
            break
    else:
        outside += text[position : position + _SHELL]
    opened = _open_at(text[: min(first, _HEAD)], whole=first <= _HEAD)
    opening = "".join(tag for _, tag in opened)
    if len(opening) > _LARGEST_TAG:
        raise refused_size(name, f"tags of more than {_LARGEST_TAG:,} letters around its entries")
    closing = "".join(f"</{tag}>" for tag, _ in reversed(opened))
    return Frame(opening=opening, closing=closing, shell=outside[:_SHELL])


def pieces_of(text: str) -> Iterator[Piece]:
    """Yield the entries of a feed in order, without oversized children."""
    for start, end, marks in _spans(text):
        piece = Piece(text=text[start:end], marks=marks)
        yield _lightened(piece) if end - start > _LARGE or marks > _MANY else piece


def _spans(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and marks of each entry. An entry that begins inside another of the same name ends it."""
    position, start, name, marks = 0, -1, "", 0
    while found := _ENTRY.search(text, position):
        here = found.start()
        marks += _marks(text, position, here)
        tag = (found[2] or "").lower()
        position = found.end() if tag else _end_of_section(text, found[0], here)
        if not tag or (start >= 0 and tag != name):
            marks += 1
        elif not found[1]:
            if start >= 0:
                yield start, here, marks
            start, name, marks = here, tag, 1
        elif start >= 0:
            position = text.find(">", position) + 1 or len(text)
            yield start, position, marks + 1
            start, marks = -1, 0
    if start >= 0:
        yield start, len(text), marks + _marks(text, position, len(text))


def _marks(text: str, start: int, end: int) -> int:
    return text.count("<", start, end) + text.count("&", start, end) // 4


def _end_of_section(text: str, opening: str, start: int) -> int:
    """Return where a comment or CDATA section ends: the end of the text if it is not closed."""
    closing = "-->" if opening == "<!--" else "]]>"
    end = text.find(closing, start + len(opening))
    return end + len(closing) if end >= 0 else len(text)


def _open_at(head: str, *, whole: bool) -> list[tuple[str, str]]:
    """Return the names and tags of the elements that are open at the end of *head*, outermost first."""
    opened: list[tuple[str, str]] = []
    for found in _TAG.finditer(head):
        name = found["name"]
        if name is None or found["rest"].endswith("/"):
            continue
        if not found["end"]:
            opened += [(name, found[0])] if len(opened) < _DEEPEST else []
        elif name in (names := [tag for tag, _ in opened]):
            del opened[len(names) - 1 - names[::-1].index(name) :]
    return [(name, tag) for name, tag in opened if whole or _local(name) in _ROOTS]


def _lightened(piece: Piece) -> Piece:
    """Return an entry without the children that are too large or too many."""
    kept: list[str] = []
    out: list[str] = []
    seen: Counter[str] = Counter()
    begins, body, ends = _parts(piece.text)
    for name, start, end in body:
        local = _local(name)
        seen[local] += 1
        letters, marks = _BODY if local in _BODIES else _OTHER
        if seen[local] > _MOST_SAME:
            continue
        if end - start > letters or _marks_outside(piece.text[start:end]) > marks:
            out.append(f"a <{name}> of {end - start:,} letters")
        else:
            kept.append(piece.text[start:end])
    out += [f"{count - _MOST_SAME:,} of its {count:,} <{name}>" for name, count in seen.items() if count > _MOST_SAME]
    if not out:
        return piece
    text = "".join((begins, *kept, ends))
    return Piece(text=text, marks=_marks_outside(text), left_out=tuple(out))


def _parts(text: str) -> tuple[str, list[tuple[str, int, int]], str]:
    """Return an entry's opening tag, the name, start and end of each child, and its closing tag."""
    own = _TAG.match(text)
    if own is None or own["name"] is None:
        return "", [("entry", 0, len(text))], ""
    children: list[tuple[str, int, int]] = []
    name, start, depth = "", 0, 0
    for found in _TAG.finditer(text, own.end()):
        tag = found["name"]
        empty = tag is not None and found["rest"].endswith("/")
        if tag is None or (name and (tag != name or empty)) or (not name and found["end"]):
            continue
        if empty:
            children.append((tag, found.start(), found.end()))
        elif not name:
            name, start, depth = tag, found.start(), 1
        else:
            depth += -1 if found["end"] else 1
            if depth == 0:
                children.append((name, start, found.end()))
                name = ""
    if name:
        children.append((name, start, len(text)))
    return own[0], children, f"</{own['name']}>"


def _marks_outside(text: str) -> int:
    """Return the number of marks in *text*, without those in CDATA sections."""
    position = marks = 0
    while (start := text.find("<![CDATA[", position)) >= 0:
        marks += _marks(text, position, start) + 1
        position = _end_of_section(text, "<![CDATA[", start)
    return marks + _marks(text, position, len(text))


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()

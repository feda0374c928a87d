"""Columns of text, laid out by hand: a table of rich's costs 2 ms for each image of a page, this a fifth."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size
from rich.text import Span, Text

from harvester import urls

Line = tuple[str, str]
"""A text, which may come from outside, and its style."""
Cell = Sequence[Line]
"""Lines, one under the other."""
Row = Sequence[Cell]

INDENT, GAP = "  ", "  "
NARROWEST = 24
"""Columns that the last cell of a row keeps, however wide the others would be."""
LEAST = 6
"""Columns to which the others may shrink for that."""


def laid_out(rows: Sequence[Row], room: int, heads: Sequence[str] = ()) -> Iterator[Text]:
    """Yield the lines of *rows* in aligned columns that fit in *room*.

    In the last column sentences are wrapped, and what has no blank, such as a URL, loses its middle; in the others what
    is too long loses its end.
    """
    rows = [*([[[(head, "dim")] for head in heads]] if heads else []), *rows]
    widths = _widths(rows, room)
    rest = room - len(INDENT) - sum(width + len(GAP) for width in widths)
    for *cells, last in rows:
        sized = [[(urls.printable(text), style) for text, style in cell] for cell in cells]
        yield from _lines([*sized, _fitted(last, rest)], widths)


def shortened(url: str, room: int) -> str:
    """Cut the middle out of *url* so that it fits in *room* columns, two thirds of them for its end."""
    if len(url) <= room:
        return url
    head = (room - 1) // 3
    return f"{url[:head]}…{url[len(url) - (room - 1 - head) :]}"


def _widths(rows: Sequence[Row], room: int) -> list[int]:
    """Return the width of every column but the last: what it wants, less what the widest must give for the last one."""
    columns = zip(*(row[:-1] for row in rows), strict=True)
    widths = [
        max((cell_len(urls.printable(text)) for cell in column for text, _ in cell), default=0) for column in columns
    ]
    left = room - NARROWEST - len(INDENT) - len(GAP) * len(widths)
    while sum(widths) > left and max(widths, default=0) > LEAST:
        widest = widths.index(max(widths))
        widths[widest] = max(LEAST, widths[widest] - (sum(widths) - left))
    return widths


def _fitted(cell: Cell, room: int) -> list[Line]:
    room = max(room, NARROWEST)
    return [(part, style) for text, style in cell for part in _parts(urls.printable(text), room)]


def _parts(text: str, room: int) -> list[str]:
    if " " not in text:
        return [shortened(text, room)]
    return textwrap.wrap(text, room * len(text) // max(len(text), cell_len(text)))  # CJK letters are two columns wide


def _lines(cells: Sequence[Cell], widths: Sequence[int]) -> Iterator[Text]:
    for *parts, last in zip_longest(*cells, fillvalue=("", "")):
        sized = [(_sized(text, width), style) for (text, style), width in zip(parts, widths, strict=True)]
        yield _line([*sized, last])


def _line(parts: Iterable[Line]) -> Text:
    """Put texts beside each other, styled in one go: to append them one by one takes rich three times as long."""
    line, spans = INDENT, []
    for text, style in parts:
        if style:
            spans.append(Span(len(line), len(line) + len(text.rstrip()), style))
        line += text + GAP
    return Text(line.rstrip(), spans=spans)


def _sized(text: str, width: int) -> str:
    return set_cell_size(text, width) if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…"

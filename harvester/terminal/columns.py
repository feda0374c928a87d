"""Columns of text, laid out by hand: a table of rich's costs 2 ms for each image of a page, this a fifth."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from harvester import urls

Line = tuple[str, str]
"""A text, which may come from outside, and its style."""
Cell = Sequence[Line]
"""Lines, one under the other."""
Row = Sequence[Cell]

INDENT, GAP = "  ", "  "
NARROWEST = 24
"""Columns that the last cell of a row keeps, however wide the others would be."""


def laid_out(rows: Sequence[Row], room: int, heads: Sequence[str] = ()) -> Iterator[Text]:
    """Give the lines of *rows* in aligned columns that fit in *room*.

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
    """Give the width of every column but the last: what its widest text wants, as long as the last one has room."""
    columns = len(rows[0]) - 1 if rows else 0
    wanted = [
        max(cell_len(urls.printable(text)) for row in rows for text, _ in row[column]) for column in range(columns)
    ]
    over = len(INDENT) + sum(width + len(GAP) for width in wanted) + NARROWEST - room
    if over > 0:
        widest = max(range(columns), key=lambda column: wanted[column])
        wanted[widest] = max(6, wanted[widest] - over)
    return wanted


def _fitted(cell: Cell, room: int) -> list[Line]:
    lines: list[Line] = []
    for text, style in cell:
        shown = urls.printable(text)
        parts = textwrap.wrap(shown, max(room, NARROWEST)) if " " in shown else [shortened(shown, max(room, NARROWEST))]
        lines += [(part, style) for part in parts]
    return lines


def _lines(cells: Sequence[Cell], widths: Sequence[int]) -> Iterator[Text]:
    for *parts, last in zip_longest(*cells, fillvalue=("", "")):
        line = Text(INDENT)
        for (text, style), width in zip(parts, widths, strict=True):
            line.append(_sized(text, width), style).append(GAP)
        line.append(*last).rstrip()
        yield line


def _sized(text: str, width: int) -> str:
    return set_cell_size(text, width) if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…"

"""TIFF (revision 6) and BigTIFF: the chain of directories, and where each says its pixels lie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Allowance, Contents, broken, truncated

WIDTH, HEIGHT, STRIPS, STRIP_SIZES, TILES, TILE_SIZES, C2PA = 256, 257, 273, 279, 324, 325, 0xCD41
LOOKED_AT = {WIDTH, HEIGHT, STRIPS, STRIP_SIZES, TILES, TILE_SIZES, C2PA}
NUMBERS = {3: 2, 4: 4, 16: 8}
"""Field types that hold the numbers looked for, and their size in bytes: SHORT, LONG, LONG8."""


class Layout(Struct, frozen=True):
    """How a file writes: its byte order, the bytes of an offset, of a directory's count and of an entry."""

    order: Literal["little", "big"]
    offset: int
    count: int
    entry: int


def walk(file: Buffer) -> Contents:
    """Follow the directories; raises AssetError when one, or the pixels it speaks of, lie beyond the end."""
    allowance = Allowance()
    order: Literal["little", "big"] = "little" if file[:2] == b"II" else "big"
    big = int.from_bytes(file[2:4], order) == 43
    layout = Layout(order, 8, 8, 20) if big else Layout(order, 4, 2, 12)
    directories = list(_directories(file, 8 if big else 4, layout, allowance))
    for fields in directories:
        _check_pixels(file, fields)
    first = directories[0]
    width, height = (next(iter(first.get(tag, ())), None) for tag in (WIDTH, HEIGHT))
    return Contents(width=width, height=height, frames=allowance.frames, c2pa=C2PA in first)


def _directories(file: Buffer, position: int, layout: Layout, allowance: Allowance) -> Iterator[dict[int, list[int]]]:
    seen: set[int] = set()
    at = _number(file, position, layout.offset, layout)
    while at:
        if at in seen:
            broken("its directories run in a circle")
        seen.add(at)
        allowance.frame()
        entries = _number(file, at, layout.count, layout)
        first = at + layout.count
        allowance.pieces(entries)
        yield dict(_fields(file, first, entries, layout, allowance))
        at = _number(file, first + entries * layout.entry, layout.offset, layout)


def _fields(
    file: Buffer, first: int, entries: int, layout: Layout, allowance: Allowance
) -> Iterator[tuple[int, list[int]]]:
    if first + entries * layout.entry > len(file):
        truncated("a directory lies beyond its end")
    for at in range(first, first + entries * layout.entry, layout.entry):
        tag = _number(file, at, 2, layout)
        if tag in LOOKED_AT:
            yield tag, _values(file, at, layout, allowance)


def _values(file: Buffer, at: int, layout: Layout, allowance: Allowance) -> list[int]:
    """Read a field's numbers, from the entry itself when they fit there."""
    size = NUMBERS.get(_number(file, at + 2, 2, layout), 0)
    count = _number(file, at + 4, layout.offset, layout)
    start = at + 4 + layout.offset
    if size * count > layout.offset:
        start = _number(file, start, layout.offset, layout)
    if start + size * count > len(file):
        truncated("a list of its strips lies beyond its end")
    allowance.pieces(count)
    return [_number(file, start + i * size, size, layout) for i in range(count if size else 0)]


def _check_pixels(file: Buffer, fields: dict[int, list[int]]) -> None:
    for starts, sizes in ((STRIPS, STRIP_SIZES), (TILES, TILE_SIZES)):
        pieces = zip(fields.get(starts, ()), fields.get(sizes, ()), strict=False)
        if any(start + size > len(file) for start, size in pieces):
            truncated("its pixels lie beyond its end")


def _number(file: Buffer, position: int, size: int, layout: Layout) -> int:
    raw = file[position : position + size]
    if len(raw) < size:
        truncated("a directory lies beyond its end")
    return int.from_bytes(raw, layout.order)

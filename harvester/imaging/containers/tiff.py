"""TIFF (revision 6) and BigTIFF: the chain of directories, and where each says its data and its pixels lie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Allowance, Contents, broken, truncated

WIDTH, HEIGHT, STRIPS, STRIP_SIZES, TILES, TILE_SIZES, C2PA = 256, 257, 273, 279, 324, 325, 0xCD41
READ = {WIDTH, HEIGHT, STRIPS, STRIP_SIZES, TILES, TILE_SIZES}
FIELD_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of one value of each field type."""

Directory = dict[int, list[int]]
"""The numbers of the fields that are read; of other fields that they are there."""


class Layout(Struct, frozen=True):
    """How a file writes: its byte order, and the bytes of an offset, of a directory's count and of an entry."""

    order: Literal["little", "big"]
    offset: int
    count: int
    entry: int


def walk(file: Buffer) -> Contents:
    """Follow the directories; raises AssetError when one, or anything it points to, lies beyond the end."""
    allowance = Allowance()
    order: Literal["little", "big"] = "little" if file[:2] == b"II" else "big"
    is_big = int.from_bytes(file[2:4], order) == 43
    layout = Layout(order, 8, 8, 20) if is_big else Layout(order, 4, 2, 12)
    directories = list(_directories(file, 8 if is_big else 4, layout, allowance))
    if not directories:
        broken("it has no directory")
    for directory in directories:
        _check_pixels(file, directory)
    first = directories[0]
    width, height = (next(iter(first.get(tag, ())), None) for tag in (WIDTH, HEIGHT))
    return Contents(width=width, height=height, frames=allowance.frames, c2pa=C2PA in first)


def _directories(file: Buffer, position: int, layout: Layout, allowance: Allowance) -> Iterator[Directory]:
    seen: set[int] = set()
    at = _number(file, position, layout.offset, layout)
    while at:
        if at in seen:
            broken("its directories run in a circle")
        seen.add(at)
        allowance.frame()
        entries = _number(file, at, layout.count, layout)
        allowance.pieces(entries)
        first, end = at + layout.count, at + layout.count + entries * layout.entry
        yield dict(_field(file, entry, layout, allowance) for entry in range(first, end, layout.entry))
        at = _number(file, end, layout.offset, layout)


def _field(file: Buffer, at: int, layout: Layout, allowance: Allowance) -> tuple[int, list[int]]:
    """Read a field's tag and, of those that matter, its numbers: from the entry itself when they fit there."""
    tag, kind = _number(file, at, 2, layout), _number(file, at + 2, 2, layout)
    size, count = FIELD_SIZES.get(kind, 0), _number(file, at + 4, layout.offset, layout)
    start = at + 4 + layout.offset
    if size * count > layout.offset:
        start = _number(file, start, layout.offset, layout)
    if start + size * count > len(file):
        truncated(f"its field {tag} lies beyond its end")
    if tag not in READ or size == 0:
        return tag, []
    allowance.pieces(count)
    return tag, [_number(file, start + i * size, size, layout) for i in range(count)]


def _check_pixels(file: Buffer, directory: Directory) -> None:
    for starts, sizes in ((STRIPS, STRIP_SIZES), (TILES, TILE_SIZES)):
        pieces = zip(directory.get(starts, ()), directory.get(sizes, ()), strict=False)
        if any(start + size > len(file) for start, size in pieces):
            truncated("its pixels lie beyond its end")


def _number(file: Buffer, position: int, size: int, layout: Layout) -> int:
    raw = file[position : position + size]
    if len(raw) < size:
        truncated("a directory lies beyond its end")
    return int.from_bytes(raw, layout.order)

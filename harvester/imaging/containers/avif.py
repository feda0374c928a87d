"""AVIF: the size of its coded pictures, whatever its boxes claim."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers import av1, boxes, exif
from harvester.imaging.containers.contents import Allowance, Contents, check_frames
from harvester.imaging.containers.items import Extent, Item, boxes_in, content, items_of, samples_of

GRID_FLAGS = 1
"""Where a grid (ISO/IEC 23008-12, 6.6.2.3) says whether its size has 4 bytes a side or 2."""
EXIF_OFFSET = 4
"""Bytes before the EXIF block of an item (ISO/IEC 23008-12, A.2.1)."""


def walk(file: Buffer) -> Contents:
    """Read the boxes, items and samples; raises AssetError when one is cut, or the coded pictures make no sense."""
    outer = boxes.walk(file)
    allowance = Allowance()
    unpacked = altogether = moving = 0
    for kind, start, length in boxes.outermost(file):
        if kind == b"meta":
            for largest, passed in _items(file, items_of(file, start, start + length, allowance), allowance):
                unpacked, altogether = max(unpacked, largest), altogether + passed
        elif kind == b"moov":
            for samples in _tracks(file, start, start + length, allowance):
                largest, dearest, passed = _sequence(file, samples, allowance)
                unpacked, altogether, moving = max(unpacked, largest), altogether + dearest, moving + passed
    return Contents(frames=None, unpacked=unpacked, altogether=altogether, moving=moving, c2pa=outer.c2pa)


def _items(file: Buffer, items: list[Item], allowance: Allowance) -> Iterator[av1.Coded]:
    """Yield, for every item, the pixels of its largest picture and of all its pictures."""
    for item in items:
        if item.kind == b"av01":
            yield from av1.coded([content(file, item.extents)], allowance)
        elif item.kind == b"grid":
            pixels = _canvas(content(file, item.extents))
            yield pixels, pixels
        elif item.kind == b"Exif":
            exif.check(content(file, item.extents)[EXIF_OFFSET:])


def _canvas(grid: bytes) -> int:
    """Return the pixels of the picture that a grid assembles from its tiles."""
    side = 4 if grid[GRID_FLAGS : GRID_FLAGS + 1] and grid[GRID_FLAGS] & 1 else 2
    return int.from_bytes(grid[4 : 4 + side]) * int.from_bytes(grid[4 + side : 4 + 2 * side])


def _tracks(file: Buffer, start: int, end: int, allowance: Allowance) -> Iterator[list[Extent]]:
    for kind, at, stop in boxes_in(file, start, end, allowance):
        if kind == b"trak":
            yield samples_of(file, at, stop, allowance)


def _sequence(file: Buffer, samples: list[Extent], allowance: Allowance) -> tuple[int, int, int]:
    """Return the pixels of a track's largest picture, of its most expensive sample, and of all its pictures."""
    check_frames(len(samples))
    unpacked = dearest = passed = 0
    for largest, made in av1.coded((content(file, [sample]) for sample in samples), allowance):
        unpacked, dearest, passed = max(unpacked, largest), max(dearest, made), passed + made
    return unpacked, dearest, passed

"""TIFF (revision 6) and BigTIFF: the chain of directories, and where each says its data and its pixels lie."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.errors import AssetError
from harvester.imaging.buffers import Buffer
from harvester.imaging.containers import exif
from harvester.imaging.containers.contents import Allowance, Contents, broken, too_complex, truncated
from harvester.imaging.containers.directories import Directory, Field, Layout, directory_at, layout_of, numbers

WIDTH, HEIGHT, STRIPS, STRIP_SIZES, TILES, TILE_SIZES, C2PA = 256, 257, 273, 279, 324, 325, 0xCD41
SAMPLES, STRIP_ROWS, PLANES, TILE_WIDTH, TILE_HEIGHT = 277, 278, 284, 322, 323
SINGLE = (WIDTH, HEIGHT, SAMPLES, STRIP_ROWS, PLANES, TILE_WIDTH, TILE_HEIGHT)
LISTS = (STRIPS, STRIP_SIZES, TILES, TILE_SIZES)
APART = 2
"""Value of the field `PLANES` that says that each sample has strips or tiles of its own."""
PADDING = 4
"""How many times its own pixels a picture's tiles may have: at its right and lower edge they are padded."""
ONE_TILE = 2048 * 2048
"""Pixels that the tiles of any picture may have, however small it is."""
SHARED = 16
"""How many times over strips or tiles may name the bytes of their file: those that are alike may share them."""

Numbers = dict[int, list[int]]
"""The numbers of the fields that are read."""


def walk(file: Buffer) -> Contents:
    """Follow the directories; raises AssetError when one, or anything it points to, lies beyond the end.

    So it does when the first has more strips or tiles than its picture can have, or far larger ones.
    """
    if file[:4] == b"MM\0+":
        raise AssetError("BigTIFF pictures in big-endian order are not opened.", code="unsupported_type")
    allowance = Allowance()
    layout, at = layout_of(file)
    directories = list(_directories(file, at, layout, allowance))
    if not directories:
        broken("it has no directory")
    pages = [_read(file, directory, layout) for directory in directories]
    for page in pages:
        _check_pixels(file, page)
    exif.check_from(file, at, layout, Allowance())
    first = pages[0]
    unpacked, altogether = _laid_out(first)
    return Contents(
        width=_one(first, WIDTH),
        height=_one(first, HEIGHT),
        frames=allowance.frames,
        unpacked=unpacked,
        altogether=altogether,
        c2pa=C2PA in directories[0].fields,
    )


def _directories(file: Buffer, at: int, layout: Layout, allowance: Allowance) -> Iterator[Directory]:
    seen: set[int] = set()
    while at:
        if at in seen:
            broken("its directories run in a circle")
        seen.add(at)
        allowance.frame()
        directory = directory_at(file, at, layout, allowance)
        yield directory
        at = directory.following


def _read(file: Buffer, directory: Directory, layout: Layout) -> Numbers:
    for tag, field in directory.fields.items():
        if field.end > len(file):
            truncated(f"its field {tag} lies beyond its end")
    if twice := directory.repeated & {*SINGLE, *LISTS}:
        broken(f"its field {min(twice)} is there twice")
    single = {tag: _single(field) for tag, field in directory.fields.items() if tag in SINGLE}
    lists = {tag: field for tag, field in directory.fields.items() if tag in LISTS}
    return {tag: numbers(file, field, layout) for tag, field in (single | lists).items() if field.size}


def _single(field: Field) -> Field:
    return Field(field.kind, min(field.count, 1), field.size, field.start)


def _one(page: Numbers, tag: int) -> int | None:
    return next(iter(page.get(tag, ())), None)


def _check_pixels(file: Buffer, page: Numbers) -> None:
    for starts, sizes in ((STRIPS, STRIP_SIZES), (TILES, TILE_SIZES)):
        pieces = zip(page.get(starts, ()), page.get(sizes, ()), strict=False)
        if any(start + size > len(file) for start, size in pieces):
            truncated("its pixels lie beyond its end")
        if sum(page.get(sizes, ())) > SHARED * len(file):
            too_complex("has strips or tiles that share their bytes")


def _laid_out(page: Numbers) -> tuple[int, int]:
    """Give the pixels of one strip or tile, and of all."""
    width, height = _one(page, WIDTH) or 0, _one(page, HEIGHT) or 0
    planes = (_one(page, SAMPLES) or 1) if _one(page, PLANES) == APART else 1
    rows = min(_one(page, STRIP_ROWS) or height, height) or 1
    _check_count(page, STRIPS, _ceiling(height, rows) * planes)
    if TILE_WIDTH not in page and TILE_HEIGHT not in page:
        return width * rows, width * height
    across, down = _one(page, TILE_WIDTH) or 0, _one(page, TILE_HEIGHT) or 0
    if not across or not down:
        broken("its tiles have no size")
    columns, lines = _ceiling(width, across), _ceiling(height, down)
    _check_count(page, TILES, columns * lines * planes)
    altogether = columns * across * lines * down
    if altogether > max(PADDING * width * height, ONE_TILE):
        too_complex(f"of {width} x {height} pixels is cut into tiles that have {altogether:,}")
    return across * down, altogether


def _check_count(page: Numbers, tag: int, most: int) -> None:
    if len(page.get(tag, ())) > most:
        broken(f"it has {len(page[tag]):,} strips or tiles, where its size has room for {most:,}")


def _ceiling(number: int, by: int) -> int:
    return -(-number // by)

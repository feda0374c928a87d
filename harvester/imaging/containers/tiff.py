"""TIFF (revision 6) and BigTIFF: the chain of directories, and where each says its data and its pixels are."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from harvester.errors import AssetError
from harvester.imaging.buffers import Buffer
from harvester.imaging.containers import exif
from harvester.imaging.containers.contents import Allowance, Contents, broken, too_complex, truncated
from harvester.imaging.containers.directories import Directory, Layout, directory_at, first_number, layout_of, numbers

WIDTH, HEIGHT, STRIPS, STRIP_SIZES, TILES, TILE_SIZES, C2PA = 256, 257, 273, 279, 324, 325, 0xCD41
SAMPLES, STRIP_ROWS, PLANES, TILE_WIDTH, TILE_HEIGHT = 277, 278, 284, 322, 323
SINGLE = (WIDTH, HEIGHT, SAMPLES, STRIP_ROWS, PLANES, TILE_WIDTH, TILE_HEIGHT)
LISTS = (STRIPS, STRIP_SIZES, TILES, TILE_SIZES)
APART = 2
"""The value of the field `PLANES` that gives each sample strips or tiles of its own."""
PADDING = 4
"""How many times the picture's pixels its tiles may have: they are padded at the right and lower edges."""
ONE_TILE = 2048 * 2048
"""Pixels that the tiles of any picture may have, however small the picture is."""
SHARED = 16
"""How many times over strips or tiles may refer to the bytes of their file: equal ones may share them."""


class TiffPage(Struct, frozen=True):
    """The fields of a directory that are needed: *single* numbers, and *lists* of them."""

    single: dict[int, int]
    lists: dict[int, list[int]]


def walk(file: Buffer) -> Contents:
    """Follow the directories; raises AssetError when one, or anything it points to, is beyond the end of the file.

    It also raises AssetError when the first has more strips or tiles than its picture can have, or far larger ones.
    """
    if file[:4] == b"MM\0+":
        raise AssetError("BigTIFF pictures in big-endian order are not opened.", code="unsupported_type")
    allowance = Allowance()
    layout, at = layout_of(file)
    directories = list(_directories(file, at, layout, allowance))
    if not directories:
        broken("it has no directory")
    pages = [_page(file, directory, layout, allowance) for directory in directories]
    for page in pages:
        _check_pixels(file, page)
    exif.check_from(file, at, layout)
    first = pages[0]
    unpacked, altogether = _laid_out(first)
    return Contents(
        width=first.single.get(WIDTH),
        height=first.single.get(HEIGHT),
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
        if directory.following is None:
            truncated("a directory lies beyond its end")
        yield directory
        at = directory.following


def _page(file: Buffer, directory: Directory, layout: Layout, allowance: Allowance) -> TiffPage:
    fields = directory.fields
    for tag, field in fields.items():
        if field.end > len(file):
            truncated(f"its field {tag} lies beyond its end")
    if twice := directory.repeated & {*SINGLE, *LISTS}:
        broken(f"its field {min(twice)} is there twice")
    single = {tag: first_number(file, fields[tag], layout) for tag in SINGLE if tag in fields}
    lists = {tag: numbers(file, fields[tag], layout, allowance) for tag in LISTS if tag in fields}
    return TiffPage({tag: number for tag, number in single.items() if number is not None}, lists)


def _check_pixels(file: Buffer, page: TiffPage) -> None:
    for starts, sizes in ((STRIPS, STRIP_SIZES), (TILES, TILE_SIZES)):
        pieces = zip(page.lists.get(starts, ()), page.lists.get(sizes, ()), strict=False)
        if any(start + size > len(file) for start, size in pieces):
            truncated("its pixels lie beyond its end")
        if sum(page.lists.get(sizes, ())) > SHARED * len(file):
            too_complex("has strips or tiles that share their bytes")


def _laid_out(page: TiffPage) -> tuple[int, int]:
    """Return the pixels of one strip or tile, and of all of them."""
    single = page.single
    width, height = single.get(WIDTH, 0), single.get(HEIGHT, 0)
    planes = single.get(SAMPLES, 1) if single.get(PLANES) == APART else 1
    rows = min(single.get(STRIP_ROWS, height), height) or 1
    _check_count(page, STRIPS, _ceiling(height, rows) * planes)
    if TILE_WIDTH not in single and TILE_HEIGHT not in single:
        return width * rows, width * height
    across, down = single.get(TILE_WIDTH, 0), single.get(TILE_HEIGHT, 0)
    if not across or not down:
        broken("its tiles have no size")
    columns, lines = _ceiling(width, across), _ceiling(height, down)
    _check_count(page, TILES, columns * lines * planes)
    altogether = columns * across * lines * down
    if altogether > max(PADDING * width * height, ONE_TILE):
        too_complex(f"of {width} x {height} pixels is cut into tiles that have {altogether:,}")
    return across * down, altogether


def _check_count(page: TiffPage, tag: int, most: int) -> None:
    count = len(page.lists.get(tag, ()))
    if count > most:
        broken(f"it has {count:,} strips or tiles, where its size has room for {most:,}")


def _ceiling(number: int, by: int) -> int:
    return -(-number // by)

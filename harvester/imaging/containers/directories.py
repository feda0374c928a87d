"""The directories of TIFF (revision 6, section 2) and BigTIFF; EXIF uses them too."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Allowance, too_much_metadata, truncated

FIELD_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of one value of each field type."""
KEPT_AS_BYTES = {1, 2, 6, 7}
"""Field types whose values a reader keeps as bytes; other values it turns into numbers one by one."""
FRACTIONS = {5, 10}
FRACTION = 10
"""How many numbers one fraction costs."""
SHARED = 4
"""How many times over the fields of one directory may refer to the bytes of their file: once in real files."""


class Layout(Struct, frozen=True):
    """How a file is written: its byte order, and the bytes of an offset, of a directory's count and of an entry."""

    order: Literal["little", "big"]
    offset: int
    count: int
    entry: int


class Field(Struct, frozen=True):
    """A field: its type, the number of its values, the bytes of each, and where they start."""

    kind: int
    count: int
    size: int
    start: int

    @property
    def end(self) -> int:
        """Where its values end."""
        return self.start + self.size * self.count


class Directory(Struct, frozen=True):
    """The fields of a directory by their tags, and the tags that are repeated.

    *following* is where the next directory is, 0 if there is none, None if the file ends before it.
    """

    fields: dict[int, Field]
    repeated: set[int]
    following: int | None


def layout_of(file: Buffer) -> tuple[Layout, int]:
    """Return how a file is written, and where its first directory is."""
    order: Literal["little", "big"] = "little" if file[:2] == b"II" else "big"
    is_big = file[2:3] == b"+"  # the test that Pillow uses; other readers check the next byte too
    layout = Layout(order, 8, 8, 20) if is_big else Layout(order, 4, 2, 12)
    return layout, number(file, 8 if is_big else 4, layout.offset, layout)


def directory_at(file: Buffer, at: int, layout: Layout, allowance: Allowance) -> Directory:
    """Read a directory, or as much as there is of a cut one; raises AssetError when its fields would fill memory."""
    entries = number(file, at, layout.count, layout)
    allowance.pieces(entries)
    first, end = at + layout.count, at + layout.count + entries * layout.entry
    last = min(end, len(file) - layout.entry + 1)
    fields: dict[int, Field] = {}
    repeated: set[int] = set()
    for entry in range(first, last, layout.entry):
        tag = number(file, entry, 2, layout)
        if tag in fields:
            repeated.add(tag)
        else:
            fields[tag] = _field(file, entry, layout)
    _check_cost(file, list(fields.values()), allowance)
    is_whole = end + layout.offset <= len(file)
    return Directory(fields, repeated, number(file, end, layout.offset, layout) if is_whole else None)


def first_number(file: Buffer, field: Field, layout: Layout) -> int | None:
    """Return the first value of a field as a whole number, or None if there is none."""
    is_there = field.size and field.count and field.start + field.size <= len(file)
    return number(file, field.start, field.size, layout) if is_there else None


def numbers(file: Buffer, field: Field, layout: Layout, allowance: Allowance) -> list[int]:
    """Return the values of a field as whole numbers; raises AssetError when there are too many."""
    if not field.size:
        return []
    allowance.pieces(field.count)
    return [number(file, field.start + i * field.size, field.size, layout) for i in range(field.count)]


def number(file: Buffer, position: int, size: int, layout: Layout) -> int:
    """Return a whole number; raises AssetError when the file ends inside it."""
    raw = file[position : position + size]
    if len(raw) < size:
        truncated("a directory lies beyond its end")
    return int.from_bytes(raw, layout.order)


def _field(file: Buffer, at: int, layout: Layout) -> Field:
    """Read an entry; values that fit are inside it."""
    kind, count = number(file, at + 2, 2, layout), number(file, at + 4, layout.offset, layout)
    size, start = FIELD_SIZES.get(kind, 0), at + 4 + layout.offset
    if size * count > layout.offset:
        start = number(file, start, layout.offset, layout)
    return Field(kind, count, size, start)


def _check_cost(file: Buffer, fields: list[Field], allowance: Allowance) -> None:
    """Refuse fields that share their bytes, so that few bytes become many, and more numbers than any real file has."""
    there = [field for field in fields if field.size and field.end <= len(file)]
    if sum(field.size * field.count for field in there) > SHARED * len(file):
        too_much_metadata("its fields share their bytes")
    for field in there:
        if field.kind not in KEPT_AS_BYTES:
            allowance.pieces(field.count * (FRACTION if field.kind in FRACTIONS else 1))

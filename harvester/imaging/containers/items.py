"""Where the parts of an AVIF are: its items (ISO/IEC 23008-12) and the samples of its tracks (ISO/IEC 14496-12)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise

from msgspec import Struct

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Allowance, broken, too_complex, truncated

FULL = 4
"""Bytes of version and flags with which many boxes start."""
SHARED = 4
"""How many times over all parts together may refer to the bytes of their file."""
TRACK = (b"mdia", b"minf", b"stbl")
CHUNKS = {b"stco": 4, b"co64": 8}
"""Tables of the starts of chunks, and the bytes of an offset in each."""
FROM_FILE, FROM_IDAT = 0, 1
Extent = tuple[int, int]
"""Where some bytes start in the file, and where they end."""


class Item(Struct, frozen=True):
    """A part of a picture: its type, in four letters, and the extents of its bytes, in order."""

    kind: bytes
    extents: list[Extent]


class Reader:
    """Reads numbers from a range of a file, highest byte first; raises AssetError beyond its end."""

    def __init__(self, file: Buffer, start: int, end: int) -> None:
        self._file, self._at, self._end = file, start, end

    def take(self, size: int) -> int:
        """Return the number in the next *size* bytes."""
        return int.from_bytes(self.raw(size))

    def raw(self, size: int) -> bytes:
        """Return the next *size* bytes."""
        start, self._at = self._at, self._at + size
        if self._at > self._end:
            truncated("one of its boxes is cut")
        return self._file[start : self._at]


def boxes_in(file: Buffer, start: int, end: int, allowance: Allowance) -> Iterator[tuple[bytes, int, int]]:
    """Yield the type of each box in a range, and where its body starts and ends; raises AssetError when one is cut."""
    while start < end:
        allowance.pieces()
        reader = Reader(file, start, end)
        size, kind, head = reader.take(4), reader.raw(4), 8
        if size == 1:
            size, head = reader.take(8), 16
        stop = start + size if size else end
        if stop > end or stop < start + head:
            truncated(f"its {kind.decode('latin-1')} box is cut")
        yield kind, start + head, stop
        start = stop


def items_of(file: Buffer, start: int, end: int, allowance: Allowance) -> list[Item]:
    """Return the items of the `meta` box whose body is given; raises AssetError when it makes no sense."""
    boxes = _once(file, start + FULL, end, {b"iloc", b"iinf", b"idat"}, allowance)
    if not {b"iloc", b"iinf"} <= boxes.keys():
        return []
    kinds: dict[int, set[bytes]] = {}
    for number, kind in _kinds(file, *boxes[b"iinf"], allowance):
        kinds.setdefault(number, set()).add(kind)
    places = list(_places(Reader(file, *boxes[b"iloc"]), boxes.get(b"idat", (0, 0)), allowance))
    check_shared(file, [extent for _, extents in places for extent in extents])
    return [Item(kind, extents) for number, extents in places for kind in kinds.get(number, ())]


def samples_of(file: Buffer, start: int, end: int, allowance: Allowance) -> list[Extent]:
    """Return the samples of the `trak` box whose body is given; empty if it has no table of them."""
    for inner in TRACK:
        found = _once(file, start, end, {inner}, allowance)
        if inner not in found:
            return []
        start, end = found[inner]
    tables = _once(file, start, end, {b"stsz", b"stsc", b"stco", b"co64"}, allowance)
    if not {b"stsz", b"stsc"} <= tables.keys() or not {b"stco", b"co64"} & tables.keys():
        return []
    readers = {kind: Reader(file, at + FULL, stop) for kind, (at, stop) in tables.items()}
    sizes, runs = _sizes(readers[b"stsz"], allowance), _runs(readers[b"stsc"], allowance)
    chunks = [
        start for kind, width in CHUNKS.items() if kind in readers for start in _chunks(readers[kind], width, allowance)
    ]
    samples = list(_samples(sizes, chunks, runs))
    check_shared(file, samples)
    return samples


def content(file: Buffer, extents: list[Extent]) -> bytes:
    """Return the bytes of an item; raises AssetError when they are beyond the end of the file."""
    if any(end > len(file) for _, end in extents):
        truncated("its pixels lie beyond its end")
    return b"".join(file[start:end] for start, end in extents)


def check_shared(file: Buffer, extents: list[Extent]) -> None:
    """Refuse parts that refer to the same bytes again and again, since each of them is decoded."""
    if sum(end - start for start, end in extents) > SHARED * len(file):
        too_complex("has parts that share their bytes")


def _once(file: Buffer, start: int, end: int, wanted: set[bytes], allowance: Allowance) -> dict[bytes, Extent]:
    """Return the boxes of *wanted* types; raises AssetError when one is there twice, since readers could use either."""
    found: dict[bytes, Extent] = {}
    for kind, at, stop in boxes_in(file, start, end, allowance):
        if kind in found:
            broken(f"its {kind.decode('latin-1')} box is there twice")
        if kind in wanted:
            found[kind] = at, stop
    return found


def _kinds(file: Buffer, start: int, end: int, allowance: Allowance) -> Iterator[tuple[int, bytes]]:
    """Yield the number and type of every item (`iinf`, 8.11.6)."""
    version = Reader(file, start, end).take(1)
    for kind, at, stop in boxes_in(file, start + FULL + (4 if version else 2), end, allowance):
        reader = Reader(file, at, stop)
        if kind == b"infe" and (version := reader.take(1)) >= 2:
            reader.raw(3)
            number = reader.take(2 if version == 2 else 4)
            reader.raw(2)
            yield number, reader.raw(4)


def _places(reader: Reader, inline: Extent, allowance: Allowance) -> Iterator[tuple[int, list[Extent]]]:
    """Yield number and extents of every item (`iloc`, 8.11.3); *inline* is the `idat` box, which holds some of them."""
    version = reader.take(1)
    reader.raw(3)
    sizes = reader.take(1)
    offset_size, length_size = sizes >> 4, sizes & 15
    sizes = reader.take(1)
    base_size, index_size = sizes >> 4, sizes & 15 if version else 0
    for _ in range(reader.take(4 if version == 2 else 2)):
        number = reader.take(4 if version == 2 else 2)
        method = reader.take(2) & 15 if version else FROM_FILE
        if method not in (FROM_FILE, FROM_IDAT) or version > 2:
            broken("an item lies where none can")
        reader.raw(2)
        base = reader.take(base_size) + (inline[0] if method == FROM_IDAT else 0)
        count = reader.take(2)
        allowance.pieces(count + 1)
        extents = []
        for _ in range(count):
            reader.raw(index_size)
            start = base + reader.take(offset_size)
            extents.append((start, start + reader.take(length_size)))
        yield number, extents


def _sizes(reader: Reader, allowance: Allowance) -> list[int]:
    """Return the sizes of the samples (`stsz`, 8.7.3)."""
    size, count = reader.take(4), reader.take(4)
    allowance.pieces(count)
    return [size or reader.take(4) for _ in range(count)]


def _chunks(reader: Reader, width: int, allowance: Allowance) -> list[int]:
    """Return where the chunks start (`stco` and `co64`, 8.7.5)."""
    count = reader.take(4)
    allowance.pieces(count)
    return [reader.take(width) for _ in range(count)]


def _runs(reader: Reader, allowance: Allowance) -> list[tuple[int, int]]:
    """Return the runs of chunks with equally many samples: the first chunk (from 1) and that number (`stsc`, 8.7.4)."""
    count = reader.take(4)
    allowance.pieces(count)
    return [(reader.take(4), reader.take(8) >> 32) for _ in range(count)]


def _samples(sizes: list[int], chunks: list[int], runs: list[tuple[int, int]]) -> Iterator[Extent]:
    position, run, per_chunk = 0, 0, 0
    for number, start in enumerate(chunks, 1):
        while run < len(runs) and runs[run][0] <= number:
            per_chunk = runs[run][1]
            run += 1
        here = sizes[position : position + per_chunk]
        position += per_chunk
        ends = list(accumulate(here, initial=start))
        yield from pairwise(ends)

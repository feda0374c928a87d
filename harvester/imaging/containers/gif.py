"""GIF89a: every block up to the trailer."""

from __future__ import annotations

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Allowance, Contents, broken, truncated

SCREEN = 13
DESCRIPTOR = 10
EXTENSION, IMAGE, TRAILER, PADDING = 0x21, 0x2C, 0x3B, 0x00
APPLICATION = 0xFF


def walk(file: Buffer) -> Contents:
    """Read the blocks up to the trailer; raises AssetError when it is missing or there are too many frames."""
    try:
        return _walk(file)
    except IndexError:
        truncated("its trailer is missing")


def _walk(file: Buffer) -> Contents:
    """Read the blocks one by one; raises IndexError beyond the end of the file."""
    allowance = Allowance()
    width, height, c2pa = *_pair(file, 6), False
    position = SCREEN + _table(file[10])
    while (kind := file[position]) != TRAILER:
        if kind == IMAGE:
            allowance.frame()
            (left, top), (across, down) = _pair(file, position + 1), _pair(file, position + 5)
            width, height = max(width, left + across), max(height, top + down)
            start = position + DESCRIPTOR + _table(file[position + 9]) + 1
            position = _after_blocks(file, start, allowance)
        elif kind == EXTENSION:
            c2pa = c2pa or (file[position + 1] == APPLICATION and file[position + 3 : position + 11] == b"C2PA_GIF")
            start, position = position, _after_blocks(file, position + 2, allowance)
            allowance.metadata(position - start)
        elif kind == PADDING:
            position += 1
        else:
            broken("there is no block where one should start")
    if not allowance.frames:
        broken("it has no frame")
    return Contents(width=width, height=height, frames=allowance.frames, c2pa=c2pa)


def _pair(file: Buffer, position: int) -> tuple[int, int]:
    raw = file[position : position + 4]
    return int.from_bytes(raw[:2], "little"), int.from_bytes(raw[2:], "little")


def _table(flags: int) -> int:
    """Return the size of a colour table in bytes."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(file: Buffer, position: int, allowance: Allowance) -> int:
    """Skip sub-blocks, each preceded by its length, up to the empty one; return where they end."""
    while size := file[position]:
        allowance.pieces()
        position += size + 1
    return position + 1

"""JPEG XL (ISO/IEC 18181-1, D.2 and 18181-2): the size at the start of its codestream, bare or in boxes."""

from __future__ import annotations

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers import boxes
from harvester.imaging.containers.contents import Contents, broken

HEAD = 16
"""Bytes that hold the signature and the size."""
RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
LENGTHS = (9, 13, 18, 30)


class LowBitsFirst:
    """Reads numbers from bytes, lowest bit first."""

    def __init__(self, raw: bytes) -> None:
        self._left = int.from_bytes(raw, "little")

    def take(self, count: int) -> int:
        """Return the number in the next *count* bits."""
        number = self._left & ((1 << count) - 1)
        self._left >>= count
        return number


def walk(file: Buffer) -> Contents:
    """Read the boxes, if any, and the size; raises AssetError when a box is cut or there is no codestream."""
    if file[:2] == b"\xff\x0a":
        width, height = _size(file[2:HEAD])
        return Contents(width=width, height=height, frames=None)
    boxed = boxes.walk(file)
    width, height = _size(_codestream(file)[2:])
    return Contents(width=width, height=height, frames=None, c2pa=boxed.c2pa)


def _codestream(file: Buffer) -> bytes:
    """Return the start of the codestream; one in parts has a 4-byte counter before each part."""
    for kind, start, _ in boxes.outermost(file):
        if kind == b"jxlc":
            return file[start : start + HEAD]
        if kind == b"jxlp":
            return file[start + 4 : start + 4 + HEAD]
    return broken("it has no codestream")


def _size(raw: bytes) -> tuple[int, int]:
    bits = LowBitsFirst(raw)
    eighths = bits.take(1)
    height = _length(bits, eighths)
    ratio = bits.take(3)
    if ratio == 0:
        return _length(bits, eighths), height
    across, down = RATIOS[ratio - 1]
    return height * across // down, height


def _length(bits: LowBitsFirst, eighths: int) -> int:
    if eighths:
        return (bits.take(5) + 1) * 8
    return bits.take(LENGTHS[bits.take(2)]) + 1

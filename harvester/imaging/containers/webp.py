"""WebP (RFC 9649): the chunks of its RIFF container."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Allowance, Contents, broken, truncated

FIRST = 12
PIXELS = {b"VP8 ", b"VP8L", b"ANMF", b"ALPH"}


def walk(file: Buffer) -> Contents:
    """Read the chunks; raises AssetError when the file is shorter than it says."""
    allowance = Allowance()
    width, height, c2pa = 0, 0, False
    for kind, start, length in _chunks(file, allowance):
        if kind in (b"VP8X", b"VP8 ", b"VP8L") and not width:
            width, height = _size(kind, file[start : start + 10])
        if kind == b"ANMF":
            allowance.frame()
        if kind not in PIXELS:
            allowance.metadata(length)
        c2pa = c2pa or kind == b"C2PA"
    if not width:
        broken("it has no picture chunk")
    return Contents(width=width, height=height, frames=max(1, allowance.frames), c2pa=c2pa)


def _chunks(file: Buffer, allowance: Allowance) -> Iterator[tuple[bytes, int, int]]:
    """Yield each chunk's name, where its body starts and how long it is."""
    end = 8 + int.from_bytes(file[4:8], "little")
    if end > len(file):
        truncated(f"{end - len(file):,} bytes are missing")
    position = FIRST
    while position + 8 <= end:
        allowance.pieces()
        length = int.from_bytes(file[position + 4 : position + 8], "little")
        if position + 8 + length > end:
            truncated("its last chunk is cut")
        yield file[position : position + 4], position + 8, length
        position += 8 + length + (length & 1)


def _size(kind: bytes, body: bytes) -> tuple[int, int]:
    """Read the canvas (VP8X), or the size in the head of the bitstream (RFC 6386, 9.1; RFC 9649, 3.4)."""
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    bits = int.from_bytes(body[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1

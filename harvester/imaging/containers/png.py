"""PNG and APNG (W3C PNG, third edition): every chunk, its checksum, and the end."""

from __future__ import annotations

import zlib

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Allowance, Contents, broken, too_much_metadata, truncated

SIGNATURE = 8
BLOCK = 1 << 20
"""Bytes processed at a time: a chunk may be as large as the file, which may be mapped."""
METADATA = {b"tEXt", b"zTXt", b"iTXt", b"eXIf"}
MAX_INFLATED = 1_000_000
"""Bytes to which one compressed text or profile may grow."""


def walk(file: Buffer) -> Contents:
    """Read the chunks up to the end; raises AssetError when one is cut, damaged or a bomb."""
    allowance = Allowance()
    width, height, late, c2pa = 0, 0, False, False
    has_pixels = False
    position, kind = SIGNATURE, b""
    while kind != b"IEND":
        allowance.pieces()
        kind, start, length = _chunk(file, position)
        position = start + length + 4
        if kind in (b"IDAT", b"fdAT"):
            has_pixels = True
            continue
        allowance.metadata(length)
        body = file[start : start + length]
        allowance.metadata(_inflated(kind, body))
        if kind == b"IHDR":
            width, height = int.from_bytes(body[:4]), int.from_bytes(body[4:8])
        elif kind == b"fcTL":
            allowance.frame()
        late = late or (has_pixels and kind in METADATA)
        c2pa = c2pa or kind == b"caBX"
    return Contents(width=width, height=height, frames=max(1, allowance.frames), late=late, c2pa=c2pa)


def _chunk(file: Buffer, position: int) -> tuple[bytes, int, int]:
    """Return a chunk's type, where its body starts and how long it is, after verifying its checksum."""
    length, kind = int.from_bytes(file[position : position + 4]), file[position + 4 : position + 8]
    end = position + 8 + length
    if end + 4 > len(file):
        truncated(f"it ends within its {kind.decode('latin-1')} chunk" if kind else "its end chunk is missing")
    if _check_sum(file, position + 8, end, zlib.crc32(kind)) != int.from_bytes(file[end : end + 4]):
        broken(f"the checksum of its {kind.decode('latin-1')} chunk is wrong")
    return kind, position + 8, length


def _check_sum(file: Buffer, start: int, end: int, so_far: int) -> int:
    for block in range(start, end, BLOCK):
        so_far = zlib.crc32(file[block : min(block + BLOCK, end)], so_far)
    return so_far


def _inflated(kind: bytes, body: bytes) -> int:
    """Return the inflated size of a compressed chunk; raises AssetError when it is a bomb."""
    deflated = _deflated(kind, body)
    if not deflated:
        return 0
    stream = zlib.decompressobj()
    try:
        size = len(stream.decompress(deflated, MAX_INFLATED))
    except zlib.error:
        return 0  # unreadable metadata are ignored: the picture is none the worse
    if stream.unconsumed_tail:
        too_much_metadata(f"its {kind.decode('latin-1')} chunk grows beyond {MAX_INFLATED:,} bytes")
    return size


def _deflated(kind: bytes, body: bytes) -> bytes:
    """Return the compressed part of a chunk: after a name and a method, in iTXt after a flag and two more names."""
    if kind in (b"zTXt", b"iCCP"):
        return body.partition(b"\0")[2][1:]
    if kind == b"iTXt":
        rest = body.partition(b"\0")[2]
        return rest[2:].partition(b"\0")[2].partition(b"\0")[2] if rest[:1] == b"\1" else b""
    return b""

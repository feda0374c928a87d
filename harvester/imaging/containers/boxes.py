"""AVIF, HEIC and boxed JPEG XL: the outermost boxes of an ISO base media file (ISO/IEC 14496-12, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Allowance, Contents, truncated

KNOWN = {
    *(b"ftyp", b"meta", b"mdat", b"moov", b"moof", b"free", b"skip", b"uuid", b"jumb", b"idat", b"mfra", b"sidx"),
    *(b"JXL ", b"jxlc", b"jxlp", b"jxll", b"jxli", b"jbrd", b"Exif", b"xml ", b"brob", b"emsg", b"styp", b"wide"),
}
PIXELS = {b"mdat", b"idat", b"jxlc", b"jxlp", b"moof"}
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""The extended type of a box that holds a C2PA manifest (C2PA specification, embedding in ISO base media files)."""


def walk(file: Buffer) -> Contents:
    """Read the outermost boxes; size and frames are left to the decoder. Raises AssetError when a box is cut."""
    allowance = Allowance()
    c2pa = False
    for kind, start, length in outermost(file):
        allowance.pieces()
        if kind not in PIXELS:
            allowance.metadata(length)
        c2pa = c2pa or (kind == b"uuid" and file[start : start + 16] == C2PA) or kind == b"jumb"
    return Contents(frames=None, c2pa=c2pa)


def outermost(file: Buffer) -> Iterator[tuple[bytes, int, int]]:
    """Yield each box's type, where its body starts and how long it is; stop after the last known box."""
    position = 0
    while file[position + 4 : position + 8] in KNOWN:
        head, size = 8, int.from_bytes(file[position : position + 4])
        if size == 1:
            head, size = 16, int.from_bytes(file[position + 8 : position + 16])
        if size == 0:
            size = len(file) - position
        if position + size > len(file) or size < head:
            truncated(f"its {file[position + 4 : position + 8].decode('latin-1')} box is cut")
        yield file[position + 4 : position + 8], position + head, size - head
        position += size

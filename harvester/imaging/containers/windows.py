"""BMP and ICO: device-independent bitmaps, alone or as icons; an icon may also be a PNG."""

from __future__ import annotations

from harvester.errors import AssetError
from harvester.imaging.buffers import Buffer
from harvester.imaging.containers import png
from harvester.imaging.containers.contents import Contents, broken, truncated

FILE_HEADER = 14
OS2_HEADER = 12
UNCOMPRESSED = {0, 3, 6}
"""Values of the compression field that mean none: plain, or with masks that give the bits of each colour."""
PNG_SIGNATURE = b"\x89PNG"


def walk_bmp(file: Buffer) -> Contents:
    """Read the header; raises AssetError when pixels are missing or run-length coded, which is slow to decode."""
    width, height, bits, compression = _header(file[FILE_HEADER : FILE_HEADER + 40])
    if compression not in UNCOMPRESSED:
        raise AssetError("Compressed BMP pictures are not opened.", code="unsupported_type")
    start = _number(file, 10, 4)
    stride = (width * bits + 31) // 32 * 4
    if start + stride * height > len(file):
        truncated(f"{start + stride * height - len(file):,} bytes are missing")
    return Contents(width=width, height=height)


def walk_ico(file: Buffer) -> Contents:
    """Read every icon of the file; return the contents of the largest. Raises AssetError for shared or missing bytes.

    Each may have to be read to its end, so thousands of entries for the same icon would take hours.
    """
    largest, passed = Contents(width=0, height=0), 0
    for entry in range(_number(file, 4, 2)):
        size, start = _number(file, 6 + entry * 16 + 8, 4), _number(file, 6 + entry * 16 + 12, 4)
        if start + size > len(file):
            truncated("an icon lies beyond its end")
        passed += size
        if passed > len(file):
            broken("its icons share their bytes")
        icon = _icon(file[start : start + size])
        if (icon.width or 0) * (icon.height or 0) > (largest.width or 0) * (largest.height or 0):
            largest = icon
    return largest


def _icon(file: bytes) -> Contents:
    if file.startswith(PNG_SIGNATURE):
        return png.walk(file)
    width, height, _, compression = _header(file[:40])
    if compression not in UNCOMPRESSED:
        broken("an icon is compressed")
    return Contents(width=width, height=height // 2)  # a mask of the same size lies above the pixels


def _header(raw: bytes) -> tuple[int, int, int, int]:
    """Read width, height, bits a pixel and compression (BITMAPCOREHEADER or BITMAPINFOHEADER and its successors)."""
    if _number(raw, 0, 4) == OS2_HEADER:
        return _number(raw, 4, 2), _number(raw, 6, 2), _number(raw, 10, 2), 0
    height = int.from_bytes(raw[8:12], "little", signed=True)  # negative: the first row is the topmost
    return _number(raw, 4, 4), abs(height), _number(raw, 14, 2), _number(raw, 16, 4)


def _number(file: Buffer, position: int, size: int) -> int:
    raw = file[position : position + size]
    if len(raw) < size:
        truncated("its header is cut")
    return int.from_bytes(raw, "little")

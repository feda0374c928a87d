"""JPEG (ITU-T T.81, annex B): segments up to the first scan."""

from __future__ import annotations

import re

from harvester.errors import AssetError
from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Allowance, Contents, broken, truncated

MARKER = re.compile(rb"\xff+([^\x00\xff])", re.DOTALL)
STANDALONE = {0x01, *range(0xD0, 0xD9)}
START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
START_OF_SCAN = 0xDA
APP11 = 0xEB
METADATA = {*range(0xE0, 0xF0), 0xFE}
MAX_STRAY = 65_536
"""Bytes that may lie between two segments: some cameras leave a few, nobody this many."""
MAX_SCANS = 100
"""Each scan of a progressive picture is a pass over all of it, however few bytes it has; usual are 6 to 14."""


def walk(file: Buffer) -> Contents:
    """Read the segments; raises AssetError when the picture has no end or is not to be decoded."""
    allowance = Allowance()
    frame, width, height, c2pa = 0, 0, 0, False
    marker, start = _next_marker(file, 2, allowance)
    while marker != START_OF_SCAN:
        length = 0 if marker in STANDALONE else _number(file, start)
        if marker in START_OF_FRAME:
            frame, height, width = marker, _number(file, start + 3), _number(file, start + 5)
        elif marker in METADATA:
            allowance.metadata(length)
            c2pa = c2pa or (marker == APP11 and b"c2pa" in file[start : start + length])
        marker, start = _next_marker(file, start + length, allowance)
    _check_scans(file, start, progressive=frame in PROGRESSIVE)
    return Contents(width=width, height=height, c2pa=c2pa)


def _next_marker(file: Buffer, position: int, allowance: Allowance) -> tuple[int, int]:
    """Give the next marker and where its segment starts."""
    allowance.pieces()
    found = MARKER.search(file, position, position + MAX_STRAY)
    if found is not None:
        return found[1][0], found.end()
    if position + MAX_STRAY < len(file):
        broken("no segment starts where one should")
    return truncated("it ends before the picture starts")


def _number(file: Buffer, position: int) -> int:
    return int.from_bytes(file[position : position + 2])


def _check_scans(file: Buffer, start: int, *, progressive: bool) -> None:
    """Look for the end and count the passes; within a scan 0xFF is followed by zero, so what looks a marker is one."""
    if file.rfind(b"\xff\xd9", start) < 0:
        truncated("the end of the picture is missing")
    scans = 1
    while progressive and (start := file.find(b"\xff\xda", start) + 2) > 1:
        scans += 1
        if scans > MAX_SCANS:
            raise AssetError(f"The picture is drawn in more than {MAX_SCANS} passes.", code="too_complex")

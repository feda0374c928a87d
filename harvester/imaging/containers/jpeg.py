"""JPEG (ITU-T T.81, annex B): segments up to the first scan."""

from __future__ import annotations

import re

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers import exif
from harvester.imaging.containers.contents import Allowance, Contents, broken, too_complex, too_much_metadata, truncated

MARKER = re.compile(rb"\xff+([^\x00\xff])", re.DOTALL)
STANDALONE = {0x01, *range(0xD0, 0xD9)}
START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
START_OF_SCAN = 0xDA
APP1, APP2, APP11 = 0xE1, 0xE2, 0xEB
METADATA = {*range(0xE0, 0xF0), 0xFE}
MAX_STRAY = 65_536
"""Bytes that may be between two segments: some cameras leave a few, none this many."""
MAX_SEGMENTS = 2_000
"""Segments of metadata: 16 MB take 250 segments of 64 kB."""
MAX_EXIF = 64
"""Segments of EXIF, which readers join one by one; real files have one."""
MAX_SCANS = 100
MAX_SCANNED = 1_000_000_000
"""Pixels that all scans together may cover, if there are more scans than `USUAL_SCANS`."""
USUAL_SCANS = 20
"""Scans of a progressive picture, each a pass over all of it, however few bytes it has; 6 to 14 are usual."""


def walk(file: Buffer) -> Contents:
    """Read the segments; raises AssetError when the picture has no end or must not be decoded."""
    allowance, notes = Allowance(), Notes()
    frame, width, height = 0, 0, 0
    marker, start = _next_marker(file, 2, allowance)
    while marker != START_OF_SCAN:
        length = 0 if marker in STANDALONE else _number(file, start)
        if marker in START_OF_FRAME:
            frame, height, width = marker, _number(file, start + 3), _number(file, start + 5)
        elif marker in METADATA:
            allowance.metadata(length)
            notes.add(marker, file[start + 2 : start + length])
        marker, start = _next_marker(file, start + length, allowance)
    notes.check()
    _check_end(file, start)
    if frame in PROGRESSIVE:
        _check_scans(file, start, min(MAX_SCANS, max(USUAL_SCANS, MAX_SCANNED // (width * height or 1))))
    return Contents(width=width, height=height, c2pa=notes.c2pa)


class Notes:
    """The metadata of one picture, some of which decoders read as soon as they open it."""

    def __init__(self) -> None:
        self.c2pa = False
        self._segments = 0
        self._exif: list[bytes] = []

    def add(self, marker: int, body: bytes) -> None:
        """Add a segment; raises AssetError when there are too many, or when it would cost too much to read."""
        self._segments += 1
        self.c2pa = self.c2pa or (marker == APP11 and b"c2pa" in body)
        if marker == APP1 and body.startswith(b"Exif\0\0"):
            self._exif.append(body[6:] if self._exif else body)
        elif marker == APP2 and body.startswith(b"MPF\0"):
            exif.check(body[4:])
        if self._segments > MAX_SEGMENTS or len(self._exif) > MAX_EXIF:
            too_much_metadata(f"it stands in more than {MAX_SEGMENTS:,} segments, or EXIF in more than {MAX_EXIF}")

    def check(self) -> None:
        """Raise AssetError when EXIF, which may stand in several segments, would cost too much to read."""
        exif.check(b"".join(self._exif))


def _next_marker(file: Buffer, position: int, allowance: Allowance) -> tuple[int, int]:
    """Return the next marker and where its segment starts."""
    allowance.pieces()
    found = MARKER.search(file, position, position + MAX_STRAY)
    if found is not None:
        return found[1][0], found.end()
    if position + MAX_STRAY < len(file):
        broken("no segment starts where one should")
    return truncated("it ends before the picture starts")


def _number(file: Buffer, position: int) -> int:
    return int.from_bytes(file[position : position + 2])


def _check_end(file: Buffer, start: int) -> None:
    if file.rfind(b"\xff\xd9", start) < 0:
        truncated("the end of the picture is missing")


def _check_scans(file: Buffer, start: int, most: int) -> None:
    """Count the scans; inside one, 0xFF is followed by zero, so anything that looks like a marker is one."""
    scans = 1
    while (start := file.find(b"\xff\xda", start) + 2) > 1:
        scans += 1
        if scans > most:
            too_complex(f"is drawn in more than {most} passes")

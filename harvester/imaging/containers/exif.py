"""What an EXIF block, or the index of a multi-picture file (CIPA DC-007), may cost its readers."""

from __future__ import annotations

import re

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Allowance
from harvester.imaging.containers.directories import Layout, directory_at, first_number, layout_of

INNER = {34665, 34853, 40965}
"""Fields that lead to a directory of their own: EXIF, GPS, interoperability (CIPA DC-008, 4.6.3)."""
DEEPEST = 3
SHORTEST = 16
"""Bytes in the header of the longer of the two layouts."""
START = re.compile(rb"(?:Exif\0\0){1,2}")


def check(block: bytes) -> None:
    """Raise AssetError when a block would cost far more than its bytes; a damaged one is left to its readers."""
    start = START.match(block)
    whole = block[start.end() :] if start else block
    if len(whole) >= SHORTEST:
        layout, first = layout_of(whole)
        check_from(whole, first, layout)


def check_from(file: Buffer, at: int, layout: Layout) -> None:
    """Check the directory at offset *at* and those that it leads to; raises AssetError."""
    allowance = Allowance()
    waiting = [(at, 1)]
    while waiting:
        at, depth = waiting.pop()
        if at + layout.count > len(file):
            continue
        fields = directory_at(file, at, layout, allowance).fields
        inner = [first_number(file, fields[tag], layout) for tag in INNER & fields.keys()]
        waiting += [(place, depth + 1) for place in inner if place and depth < DEEPEST]

"""What an EXIF block, or the list of a multi-picture file (CIPA DC-007), may cost those who read it."""

from __future__ import annotations

import re

from harvester.errors import AssetError
from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Allowance
from harvester.imaging.containers.directories import Layout, directory_at, layout_of, numbers

INNER = {34665, 34853, 40965}
"""Fields that lead to a directory of their own: EXIF, GPS, interoperability (CIPA DC-008, 4.6.3)."""
DEEPEST = 3
START = re.compile(rb"(?:Exif\0\0){1,2}")


def check(block: bytes) -> None:
    """Raise AssetError when a block would cost far more than its bytes; a damaged one is left to its readers."""
    start = START.match(block)
    whole = block[start.end() :] if start else block
    try:
        layout, first = layout_of(whole)
        check_from(whole, first, layout, Allowance())
    except AssetError as error:
        if error.code != "truncated":
            raise


def check_from(file: Buffer, at: int, layout: Layout, allowance: Allowance, depth: int = 1) -> None:
    """Go through the directory at a place and those that it leads to; raises AssetError."""
    directory = directory_at(file, at, layout, allowance)
    for tag in INNER & directory.fields.keys() if depth < DEEPEST else ():
        for inner in numbers(file, directory.fields[tag], layout)[:1]:
            check_from(file, inner, layout, allowance, depth + 1)

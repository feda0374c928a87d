"""What a file claims is no promise: whatever lies behind its head, decoding it stays below a cap of memory and time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support.examining import Taken, examined
from tests.support.hostile import CAP
from tests.support.hostile_table import HOSTILE, LARGEST

A_PIXEL = 16
"""Bytes for each pixel that is allowed: four pictures of four channels."""
SPARE = 40
"""Megabytes beyond them: the file itself, thumbnails, what an allocator keeps."""
MOVING = 160
"""Megabytes that the frames of moving thumbnails may take besides."""
MOST = A_PIXEL * CAP / 1_000_000 + SPARE
SECONDS = 60.0
"""Of the processor; without a budget some of them take hours."""


def taken(folder: Path, makers: Mapping[str, Callable[[], bytes]]) -> dict[str, Taken]:
    for number, make in enumerate(makers.values()):
        (folder / f"{number:02}").write_bytes(make())
    return examined(folder, makers, max_pixels=CAP)


@pytest.mark.slow
def test_a_hostile_file_is_refused_or_decoded_below_the_cap(tmp_path: Path) -> None:
    told = taken(tmp_path, {name: make for name, (_, make) in HOSTILE.items()})

    assert {name: one.code for name, one in told.items() if one.code not in HOSTILE[name][0]} == {}
    allowed = {name: MOST + (MOVING if "frames" in name else 0) for name in told}
    assert {name: one.megabytes for name, one in told.items() if one.megabytes > allowed[name]} == {}
    assert {name: one.seconds for name, one in told.items() if one.seconds > SECONDS} == {}


@pytest.mark.slow
def test_the_largest_picture_allowed_is_decoded_below_the_cap_whatever_its_type(tmp_path: Path) -> None:
    told = taken(tmp_path, LARGEST)

    assert {one.code for one in told.values()} == {"accepted"}
    assert {name: one.megabytes for name, one in told.items() if one.megabytes > MOST} == {}


def test_each_hostile_file_is_small() -> None:
    sizes = {name: len(make()) for name, (_, make) in HOSTILE.items()}

    assert {name: size for name, size in sizes.items() if size > 9_000_000} == {}

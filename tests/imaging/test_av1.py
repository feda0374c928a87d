"""How large the pictures are that an AV1 bitstream codes is read from the bitstream, whatever says otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.errors import AssetError
from harvester.imaging.containers import avif
from harvester.imaging.containers.av1 import coded
from harvester.imaging.containers.contents import Allowance
from tests.support.hostile import avif as avif_of
from tests.support.hostile import coded as coded_by
from tests.support.hostile import flat, grid
from tests.support.pictures import ENCODINGS, moving

WHOLE = b"\x0a", b"\x32"
"""Heads of a unit that is a sequence header and of one that is a frame, with a length behind each."""


CODES = {"broken", "truncated", "too_complex", "too_much_metadata", "too_many_frames"}


def bits(*numbers: tuple[int, int]) -> bytes:
    """Write numbers, each in so many bits, and fill the last byte."""
    text = "".join(f"{number:0{count}b}" for number, count in numbers if count)
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8)


def unit(head: bytes, body: bytes) -> bytes:
    return head + bytes([len(body)]) + body


def sequence(width: int, height: int, side_bits: int = 16) -> bytes:
    """Write a header of many frames: no timing, one operating point, no identifiers, frames decide for themselves."""
    head = (0, 3), (0, 2), (0, 1), (0, 1), (0, 5), (0, 17)
    size = (side_bits - 1, 4), (side_bits - 1, 4), (width - 1, side_bits), (height - 1, side_bits)
    return unit(WHOLE[0], bits(*head, *size, (0, 1), (0, 7), (0, 1), (1, 1), (1, 1)))


def frame(*, own_size: bool) -> bytes:
    """Write the start of a key frame that is shown."""
    return unit(WHOLE[1], bits((0, 1), (0, 2), (1, 1), (0, 1), (0, 1), (own_size, 1), (0, 40)))


def told(*units: bytes) -> tuple[int, int]:
    return next(coded([b"".join(units)], Allowance()))


@pytest.mark.parametrize("size", [(1, 1), (64, 48), (1000, 999), (1921, 1080), (3000, 2500)])
@pytest.mark.parametrize("subsampling", ["4:2:0", "4:4:4", "4:0:0"])
def test_the_size_is_that_of_an_encoders_stream(size: tuple[int, int], subsampling: str) -> None:
    stream = coded_by(flat("AVIF", size, speed=10, subsampling=subsampling))

    assert told(stream) == (size[0] * size[1],) * 2


def test_all_frames_of_a_moving_one_count() -> None:
    contents = avif.walk(moving("AVIF", frames=5, size=(96, 64), speed=10))

    assert contents.unpacked == 96 * 64
    assert contents.moving >= 5 * 96 * 64


def test_a_frame_that_gives_its_own_size_counts_as_the_most_it_can_say() -> None:
    assert told(sequence(100, 100), frame(own_size=False)) == (10_000, 10_000)
    assert told(sequence(100, 100), frame(own_size=True))[0] == 1 << 32
    assert told(sequence(100, 100, side_bits=7), frame(own_size=True))[0] == 1 << 14


def test_frames_that_are_coded_again_and_again_count_each_time() -> None:
    assert told(sequence(100, 50), *[frame(own_size=False)] * 9) == (5_000, 45_000)


def test_a_picture_of_tiles_counts_with_its_canvas() -> None:
    tile = coded_by(flat("AVIF", (64, 64), speed=10))
    contents = avif.walk(avif_of((b"grid", grid(1, 2, (128, 64))), (b"av01", tile), (b"av01", tile)))

    assert (contents.unpacked, contents.altogether) == (128 * 64, 2 * 128 * 64)


def became(measure: Callable[[], int]) -> int | str:
    """Give what was measured, or the code of the error."""
    try:
        return measure()
    except AssetError as error:
        return error.code


@given(st.binary(max_size=80))
def test_any_bitstream_is_measured_or_refused(stream: bytes) -> None:
    result = became(lambda: told(stream)[0])

    assert isinstance(result, int) or result in CODES


@given(at=st.integers(12, 400), byte=st.integers(0, 255))
def test_any_boxes_are_measured_or_refused(at: int, byte: int) -> None:
    spoilt = bytearray(ENCODINGS["avif moving"][1]())
    spoilt[at] = byte

    result = became(lambda: avif.walk(bytes(spoilt)).unpacked)

    assert isinstance(result, int) or result in CODES

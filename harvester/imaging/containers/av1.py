"""AV1 (version 1.0.0 with errata 1, section 5): the size of the pictures in a bitstream, whatever its container.

Only sequence headers and the start of frame headers are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from harvester.imaging.containers.bits import Bits
from harvester.imaging.containers.contents import Allowance, truncated

SEQUENCE_HEADER = 1
FRAME_HEADERS = {3, 6}
"""Types of units that start a frame: a header, or header and tiles in one; another type repeats a header."""
KEY, SWITCH = 0, 3
"""Types of frames."""
SELECT = 2
"""The value that leaves a choice to each frame."""
HEAD = 1_000
"""Bytes read of a header: a sequence header with 32 operating points has some 500."""
LONGEST_LENGTH = 8
"""Bytes of the longest length, with 7 bits in each."""


Coded = tuple[int, int]
"""Pixels of the largest picture in a part of a bitstream, and of all pictures in it, shown or not."""


class Sequence(Struct, frozen=True, kw_only=True):
    """The fields of a sequence header that are needed to read the start of a frame header; sizes in pixels.

    *largest* is the most that a frame with a size of its own can have.
    """

    pixels: int
    largest: int
    is_reduced: bool = False
    time_bits: int = 0
    identifier_bits: int = 0
    screen_content: int = SELECT
    whole_motion: int = SELECT


NOTHING_YET = Sequence(pixels=0, largest=0, is_reduced=True)


def coded(streams: Iterable[bytes], allowance: Allowance) -> Iterator[Coded]:
    """Yield how much each part of one bitstream codes; raises AssetError when it makes no sense."""
    sequence = NOTHING_YET
    for stream in streams:
        largest = altogether = 0
        for kind, body in _units(stream, allowance):
            if kind == SEQUENCE_HEADER:
                sequence = _sequence(Bits(body))
                largest = max(largest, sequence.pixels)
            elif kind in FRAME_HEADERS:
                pixels = _frame(Bits(body), sequence)
                largest, altogether = max(largest, pixels), altogether + pixels
        yield largest, max(largest, altogether)


def _units(stream: bytes, allowance: Allowance) -> Iterator[tuple[int, bytes]]:
    """Yield each unit's type and the start of its body (5.3)."""
    position = 0
    while position < len(stream):
        allowance.pieces()
        head = stream[position]
        position += 2 if head & 4 else 1
        length = len(stream) - position
        if head & 2:
            length, position = _length(stream, position)
        if length < 0 or position + length > len(stream):
            truncated("a unit of its coded picture is cut")
        yield head >> 3 & 15, stream[position : position + min(length, HEAD)]
        position += length


def _length(stream: bytes, position: int) -> tuple[int, int]:
    """Read a length, the lowest 7 bits first (4.10.5); return it and where it ends."""
    length = 0
    for place, byte in enumerate(stream[position : position + LONGEST_LENGTH]):
        length |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return length, position + place + 1
    return truncated("a length in its coded picture is cut")


def _sequence(bits: Bits) -> Sequence:
    bits.take(3 + 1)  # profile, whether it is a still picture
    is_reduced = bits.flag()
    time_bits = 0
    if is_reduced:
        bits.take(5)
    else:
        time_bits = _timing_and_points(bits)
    across, down = bits.take(4) + 1, bits.take(4) + 1
    width, height = bits.take(across) + 1, bits.take(down) + 1
    pixels, largest = width * height, 1 << across + down
    if is_reduced:
        return Sequence(pixels=pixels, largest=pixels, is_reduced=True)
    identifier_bits = bits.take(4) + 2 + bits.take(3) + 1 if bits.flag() else 0
    screen_content, whole_motion = _tools(bits)
    return Sequence(
        pixels=pixels,
        largest=largest,
        time_bits=time_bits,
        identifier_bits=identifier_bits,
        screen_content=screen_content,
        whole_motion=whole_motion,
    )


def _timing_and_points(bits: Bits) -> int:
    """Skip timing and operating points (5.5.1); return how many bits of time each shown frame has."""
    time_bits = delay_bits = 0
    is_regular = has_model = False
    if bits.flag():
        bits.take(64)
        if is_regular := bits.flag():
            _skip_count(bits)
        if has_model := bits.flag():
            delay_bits = bits.take(5) + 1
            bits.take(32 + 5)
            time_bits = bits.take(5) + 1
    has_delays = bits.flag()
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        bits.take(1 if bits.take(5) > 7 else 0)
        if has_model and bits.flag():
            bits.take(2 * delay_bits + 1)
        if has_delays and bits.flag():
            bits.take(4)
    return 0 if is_regular else time_bits


def _skip_count(bits: Bits) -> None:
    """Skip a number written as some zeros, a one and as many bits as zeros (4.10.3)."""
    zeros = 0
    while not bits.flag():
        zeros += 1
    bits.take(zeros if zeros < 32 else 0)


def _tools(bits: Bits) -> tuple[int, int]:
    """Skip the coding tools; return the choices for screen content and for motion by whole pixels."""
    bits.take(3 + 4)
    has_order = bits.flag()
    bits.take(2 if has_order else 0)
    screen_content = SELECT if bits.flag() else bits.take(1)
    whole_motion = SELECT
    if screen_content:
        whole_motion = SELECT if bits.flag() else bits.take(1)
    return screen_content, whole_motion


def _frame(bits: Bits, sequence: Sequence) -> int:
    """Return the pixels of a frame; if it gives a size of its own, the most that it can have (5.9.2).

    Decoders do not check such a size against that of the sequence.
    """
    if sequence.is_reduced:
        return sequence.pixels
    if bits.flag():  # it shows a frame that is already decoded
        return 0
    kind, is_shown = bits.take(2), bits.flag()
    bits.take(sequence.time_bits if is_shown else 1)
    if not (kind == SWITCH or (kind == KEY and is_shown)):
        bits.take(1)
    bits.take(1)
    screen_content = bits.take(1) if sequence.screen_content == SELECT else sequence.screen_content
    if screen_content and sequence.whole_motion == SELECT:
        bits.take(1)
    bits.take(sequence.identifier_bits)
    return sequence.largest if kind == SWITCH or bits.flag() else sequence.pixels

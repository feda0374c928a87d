"""Decode a picture once in a process that may take only so much memory and time, before it is decoded here.

For decoders whose need cannot be told from the head of a file: JPEG XL has frames larger than its canvas, and thousands
of hidden channels, behind a few entropy-coded bytes, and HEIC has parts of many kinds.

python -m harvester.imaging.decoding.confined MAX_PIXELS < FILE
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import msgspec

from harvester.errors import AssetError
from harvester.imaging.buffers import Buffer
from harvester.imaging.decoding.decoder import load, need_decoder, open_picture
from harvester.imaging.sniff import type_of

BYTES_A_PIXEL = 16
"""Four pictures of four channels, for each pixel that is allowed."""
FLOOR = 64_000_000
"""Bytes that any decoder may take, whatever is allowed."""
SECONDS = 30
"""Of the processor."""
PATIENCE = 90.0
"""Seconds after which the process is killed, whatever it waits for."""
PAGES = Path("/proc/self/statm")


class Refusal(msgspec.Struct, frozen=True):
    """What went wrong, empty where nothing did."""

    code: str = ""
    message: str = ""


def check_confined(file: Buffer, *, max_pixels: int) -> None:
    """Raise AssetError if a picture does not decode, or takes more memory or time than one of *max_pixels* may."""
    command = [sys.executable, "-m", "harvester.imaging.decoding.confined", str(max_pixels)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own module, and a number
            command, input=file[:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=PATIENCE, check=False
        )
        verdict = msgspec.json.decode(ended.stdout, type=Refusal)
    except (subprocess.TimeoutExpired, msgspec.DecodeError):
        message = "Decoding it takes more memory or time than any picture of the size allowed."
        raise AssetError(message, code="too_complex") from None
    if verdict.code:
        raise AssetError(verdict.message, code=verdict.code)


def main(max_pixels: int) -> None:
    """Decode what comes in, and write what went wrong."""
    file = sys.stdin.buffer.read()
    verdict = Refusal()
    try:
        kind = type_of(file)
        need_decoder(kind)
        _confine(BYTES_A_PIXEL * max_pixels + FLOOR)
        load(open_picture(file, kind), (1, 1))
    except AssetError as error:
        verdict = Refusal(error.code, error.message)
    sys.stdout.buffer.write(msgspec.json.encode(verdict))


def _confine(memory: int) -> None:
    """Limit this process to *memory* bytes more than it has, where the system tells that, and to some seconds."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if PAGES.exists():
        now = int(PAGES.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + memory, now + memory))


if __name__ == "__main__":
    main(int(sys.argv[1]))

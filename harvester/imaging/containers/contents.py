"""What a walk through a container returns, and what it refuses."""

from __future__ import annotations

from typing import NoReturn

from msgspec import Struct

from harvester.errors import AssetError

MAX_FRAMES = 5_000
MAX_METADATA = 16_000_000
"""Bytes of comments, profiles and the like in one picture, after decompression."""
MAX_PIECES = 500_000
"""Blocks, chunks or segments of one picture: a 100 MB GIF in full blocks has 400,000, other types have far fewer."""


class Contents(Struct, frozen=True, kw_only=True):
    """What a container says about its picture. Width and height are in pixels as stored; they and *frames* are None
    where only a decoder can tell.

    Where the container tells, *unpacked* is the pixels of the largest part (a tile, a coded picture) that a decoder
    unpacks for the first frame, and *altogether* those of all its parts: a header may claim less than follows it.
    *moving* is the pixels of all frames together, where that may exceed what their number suggests.

    *late* says whether metadata come after the pixels, where a decoder finds them last; *c2pa* whether a C2PA manifest
    (signed provenance) is embedded, which is not verified.
    """

    width: int | None = None
    height: int | None = None
    frames: int | None = 1
    unpacked: int = 0
    altogether: int = 0
    moving: int = 0
    late: bool = False
    c2pa: bool = False


class Allowance:
    """How many pieces, frames and bytes of metadata a walk may still read."""

    def __init__(self) -> None:
        self.frames = 0
        self._pieces = 0
        self._metadata = 0

    def pieces(self, count: int = 1) -> None:
        """Count blocks, chunks or segments; raises AssetError `too_complex` when there are too many."""
        self._pieces += count
        if self._pieces > MAX_PIECES:
            too_complex(f"is made of more than {MAX_PIECES:,} pieces")

    def frame(self) -> None:
        """Count a frame; raises AssetError `too_many_frames`."""
        self.frames += 1
        check_frames(self.frames)

    def metadata(self, size: int) -> None:
        """Count bytes of metadata; raises AssetError `too_much_metadata`."""
        self._metadata += size
        if self._metadata > MAX_METADATA:
            raise AssetError(
                f"The picture carries more than {MAX_METADATA:,} bytes of metadata.", code="too_much_metadata"
            )


def check_frames(frames: int) -> None:
    """Raise AssetError, code `too_many_frames`, when there are more than any real picture has."""
    if frames > MAX_FRAMES:
        raise AssetError(f"The picture has more than {MAX_FRAMES:,} frames.", code="too_many_frames")


def too_complex(why: str) -> NoReturn:
    """Raise AssetError, code `too_complex`: decoding it takes more work than its picture is worth."""
    raise AssetError(f"The picture {why}.", code="too_complex")


def too_much_metadata(why: str) -> NoReturn:
    """Raise AssetError, code `too_much_metadata`."""
    raise AssetError(f"The picture carries too much metadata: {why}.", code="too_much_metadata")


def truncated(missing: str) -> NoReturn:
    """Raise AssetError, code `truncated`, saying what is missing."""
    raise AssetError(f"The file is truncated: {missing}.", code="truncated")


def broken(why: str) -> NoReturn:
    """Raise AssetError, code `broken`: the file contradicts its own format."""
    raise AssetError(f"The file is damaged: {why}.", code="broken")

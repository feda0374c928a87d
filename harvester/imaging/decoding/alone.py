"""Decode a picture in a process of its own, used for a picture during whose decoding an earlier run died.

python -m harvester.imaging.decoding.alone FILE MAX_PIXELS
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from harvester.errors import AssetError
from harvester.imaging.examine import opened

PATIENCE = 60.0
"""Seconds that the decoding of one picture may take."""


def check_survival(path: Path, *, max_pixels: int, patience: float = PATIENCE) -> None:
    """Raise AssetError (`decoder_crash`) if decoding the picture at *path* kills a process; only a child is lost.

    A child that takes longer than *patience* seconds is killed.
    """
    command = [sys.executable, "-m", "harvester.imaging.decoding.alone", str(path), str(max_pixels)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own module, and a path of ours
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=patience, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        ended = -9
    if ended < 0:
        raise AssetError(
            f"Decoding this file killed the process twice (signal {-ended}); it is not tried again.",
            code="decoder_crash",
        )


def main(path: str, max_pixels: str) -> None:
    """Decode a picture and forget it; errors are reported when the picture is decoded for real."""
    try:
        with opened(Path(path), max_pixels=int(max_pixels)):
            pass
    except AssetError:
        pass


if __name__ == "__main__":
    main(*sys.argv[1:3])

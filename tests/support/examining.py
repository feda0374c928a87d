"""Examine files in processes of their own: what becomes of each, and how much time and memory it takes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

EXAMINE = """
import os, sys, time
from pathlib import Path
from harvester.config import Thumbnails
from harvester.errors import AssetError
from harvester.imaging.examine import opened

def kilobytes(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])

def examine(path):
    source = path if sys.argv[2] == "file" else path.read_bytes()
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak
    before, started = kilobytes("VmRSS"), time.process_time()
    try:
        with opened(source, max_pixels=int(sys.argv[3])) as picture:
            picture.thumbnails(Thumbnails(animated=True))
            code = "accepted"
    except AssetError as error:
        code = error.code
    print(code, time.process_time() - started, (kilobytes("VmHWM") - before) / 1000, flush=True)

for path in sorted(Path(sys.argv[1]).iterdir()):
    if (child := os.fork()) == 0:
        examine(path)
        os._exit(0)
    os.waitpid(child, 0)
"""


class Taken(Struct, frozen=True):
    """What became of one file, in how many seconds, and how many megabytes more than before it took at most."""

    code: str
    seconds: float
    megabytes: float


def examined(folder: Path, names: Iterable[str], *, max_pixels: int, kind: str = "bytes") -> dict[str, Taken]:
    """Examine the files of a folder, in order, as *kind* (bytes, file); *names* are what they are called here."""
    command = [sys.executable, "-W", "error", "-c", EXAMINE, str(folder), kind, str(max_pixels)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    lines = (line.split() for line in ran.stdout.splitlines())
    told = (Taken(code, float(seconds), float(megabytes)) for code, seconds, megabytes in lines)
    return dict(zip(names, told, strict=True))

"""Small real films, drawn and sounded by ffmpeg's test sources; made once and kept while the tests run."""

from __future__ import annotations

import subprocess
import tempfile
from functools import cache
from pathlib import Path

import imageio_ffmpeg

SECONDS = 2
_PICTURE = ["-f", "lavfi", "-i", f"testsrc2=duration={SECONDS}:size=640x360:rate=25"]
_SOUND = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={SECONDS}"]
_H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]


def ffmpeg() -> str:
    """The program."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())


@cache
def picture() -> bytes:
    """An MP4 with a picture and no sound."""
    return _made([*_PICTURE, *_H264, "-an"], "mp4")


@cache
def sound() -> bytes:
    """An M4A with sound and no picture."""
    return _made([*_SOUND, "-c:a", "aac", "-vn"], "m4a")


@cache
def both() -> bytes:
    """A smaller MP4 with picture and sound."""
    return _made([*_PICTURE, *_SOUND, "-vf", "scale=320:180", *_H264, "-c:a", "aac", "-shortest"], "mp4")


@cache
def webm() -> bytes:
    """A WebM with picture and sound."""
    return _made([*_PICTURE, *_SOUND, "-vf", "scale=160:90", "-c:v", "libvpx", "-c:a", "libopus", "-shortest"], "webm")


def streams(path: Path) -> str:
    """What ffmpeg says is in a file: its lines about streams."""
    told = subprocess.run([ffmpeg(), "-hide_banner", "-i", path], capture_output=True, text=True, check=False).stderr
    return "\n".join(line.strip() for line in told.splitlines() if "Stream #" in line)


def _made(arguments: list[str], ending: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="harvester-tests-") as folder:
        path = Path(folder) / f"film.{ending}"
        subprocess.run([ffmpeg(), "-v", "error", "-y", *arguments, path], check=True, stdin=subprocess.DEVNULL)
        return path.read_bytes()

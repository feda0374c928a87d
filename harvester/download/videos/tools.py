"""The programs and packages that videos need: where they are, how old, and what to install. None is imported."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from functools import cache
from importlib import metadata
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

OLD = 90
"""Days after which yt-dlp is likely to have fallen behind the sites it reads."""
NODE = 22
"""The oldest Node that yt-dlp accepts as a JavaScript runtime."""
_INSTALL = "pip install -U 'media-harvester[video]'"


class Tools(Struct, frozen=True, kw_only=True):
    """The programs that were found: ffmpeg, and JavaScript runtimes by yt-dlp's names for them."""

    ffmpeg: str | None = None
    runtimes: dict[str, str] = {}


class Tool(Struct, frozen=True, kw_only=True):
    """One tool that videos need. *version* is null if it is missing, *problem* and *remedy* if all is well."""

    name: str
    purpose: str
    version: str | None = None
    path: str | None = None
    age_days: int | None = None
    problem: str | None = None
    remedy: str | None = None


@cache
def find_tools() -> Tools:
    """Find ffmpeg and JavaScript runtimes, on the path or in the packages of this environment."""
    runtimes = {name: path for name in ("deno", "node") if (path := _program(name))}
    return Tools(ffmpeg=_program("ffmpeg") or _packaged_ffmpeg(), runtimes=runtimes)


def survey(today: date | None = None, tools: Tools | None = None) -> tuple[Tool, ...]:
    """Return, for each tool, whether it is there, how old it is, and how to fix a problem. Runs the programs."""
    found = tools or find_tools()
    return (
        _with_age(_package("yt-dlp", "reads the video sites", "videos cannot be downloaded"), today),
        _package("requests", "asks the servers for yt-dlp", "videos cannot be downloaded"),
        _joiner(found.ffmpeg),
        _runtime(found.runtimes),
        _package("yt-dlp-ejs", "solves the challenges of YouTube's player", "some formats are out of reach"),
    )


def _with_age(tool: Tool, today: date | None) -> Tool:
    """Add the age of yt-dlp, which its version shows, and advice if it is old."""
    day = re.match(r"(\d{4})\.(\d{1,2})\.(\d{1,2})", tool.version or "")
    if day is None:
        return tool
    age = ((today or datetime.now(UTC).date()) - date(*map(int, day.groups()))).days
    tool = replace(tool, age_days=age)
    if age <= OLD:
        return tool
    return replace(tool, problem=f"{age} days old; sites change faster", remedy="pip install -U yt-dlp yt-dlp-ejs")


def _joiner(path: str | None) -> Tool:
    tool = Tool(name="ffmpeg", purpose="joins picture and sound")
    if path is None:
        return replace(tool, problem="missing: the best single file is taken instead", remedy=_INSTALL)
    return replace(tool, path=path, version=_version_of(path, "-version"))


def _runtime(runtimes: dict[str, str]) -> Tool:
    """Return the JavaScript runtime that yt-dlp would use: deno, or Node from version 22."""
    purpose, loss = "runs the code of YouTube's player", "some formats are out of reach"
    for name, path in runtimes.items():
        version = _version_of(path, "--version")
        if name == "deno" or int((version or "0").partition(".")[0]) >= NODE:
            return Tool(name=name, purpose=purpose, path=path, version=version)
    return Tool(name="deno", purpose=purpose, problem=f"missing: {loss}", remedy=_INSTALL)


def _package(name: str, purpose: str, loss: str) -> Tool:
    try:
        return Tool(name=name, purpose=purpose, version=metadata.version(name))
    except metadata.PackageNotFoundError:
        return Tool(name=name, purpose=purpose, problem=f"missing: {loss}", remedy=_INSTALL)


def _version_of(path: str, question: str) -> str | None:
    """Return the version that a program prints, or None if it does not answer."""
    try:
        done = subprocess.run(  # noqa: S603 - a program that was found, with an argument of ours
            [path, question], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\d+(?:\.\d+)+", done.stdout)
    return found[0] if found else None


def _program(name: str) -> str | None:
    beside = Path(sys.executable).with_name(name)
    return shutil.which(name) or (str(beside) if beside.is_file() else None)


def _packaged_ffmpeg() -> str | None:
    package = importlib.util.find_spec("imageio_ffmpeg")
    if package is None or package.origin is None:
        return None
    found = sorted((Path(package.origin).parent / "binaries").glob("ffmpeg-*"))
    return next(map(str, found), None)

"""The programs and packages that videos need: where they are, how old, and what to install. Nothing is imported."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from datetime import UTC, date, datetime
from functools import cache
from importlib import metadata
from pathlib import Path

from msgspec import Struct

OLD = 90
"""Days after which yt-dlp is likely to have fallen behind the sites it reads."""
_INSTALL = "pip install -U 'media-harvester[video]'"


class Tools(Struct, frozen=True, kw_only=True):
    """The programs that were found: ffmpeg, and JavaScript runtimes by yt-dlp's names for them."""

    ffmpeg: str | None = None
    runtimes: dict[str, str] = {}


class Tool(Struct, frozen=True, kw_only=True):
    """One thing that videos need. *version* is null where it is missing, *problem* and *remedy* where all is well."""

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


def survey(today: date | None = None) -> tuple[Tool, ...]:
    """Say of each tool whether it is there, how old it is, and what to do where it is not well."""
    found = find_tools()
    return (
        _yt_dlp(today or datetime.now(UTC).date()),
        _package("requests", "asks the servers for yt-dlp", "without it videos cannot be downloaded"),
        _program_tool("ffmpeg", "joins picture and sound", found.ffmpeg, "the best single file is taken instead"),
        _program_tool(
            "deno", "runs the player's code", next(iter(found.runtimes.values()), None), "some formats are out of reach"
        ),
        _package("yt-dlp-ejs", "solves the player's challenges", "some formats are out of reach"),
    )


def _yt_dlp(today: date) -> Tool:
    tool = _package("yt-dlp", "reads the video sites", "videos cannot be downloaded")
    if tool.version is None:
        return tool
    age = (today - date(*(int(part) for part in tool.version.split(".")[:3]))).days
    if age <= OLD:
        return Tool(name=tool.name, purpose=tool.purpose, version=tool.version, age_days=age)
    return Tool(
        name=tool.name,
        purpose=tool.purpose,
        version=tool.version,
        age_days=age,
        problem=f"{age} days old; sites change faster",
        remedy="pip install -U yt-dlp yt-dlp-ejs",
    )


def _package(name: str, purpose: str, loss: str) -> Tool:
    try:
        return Tool(name=name, purpose=purpose, version=metadata.version(name))
    except metadata.PackageNotFoundError:
        return Tool(name=name, purpose=purpose, problem=f"missing: {loss}", remedy=_INSTALL)


def _program_tool(name: str, purpose: str, path: str | None, loss: str) -> Tool:
    if path is None:
        return Tool(name=name, purpose=purpose, problem=f"missing: {loss}", remedy=_INSTALL)
    return Tool(name=Path(path).name.split("-")[0], purpose=purpose, version="found", path=path)


def _program(name: str) -> str | None:
    beside = Path(sys.executable).with_name(name)
    return shutil.which(name) or (str(beside) if beside.is_file() else None)


def _packaged_ffmpeg() -> str | None:
    package = importlib.util.find_spec("imageio_ffmpeg")
    if package is None or package.origin is None:
        return None
    found = sorted((Path(package.origin).parent / "binaries").glob("ffmpeg-*"))
    return next((str(path) for path in found if path.suffix != ".md"), None)

"""What earlier runs left beside the articles, as a clock may trust it that was once wrong: parts, pages, reports."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from harvester.clock import SLACK, is_ahead
from harvester.runs.report import run_at
from harvester.stores.folder import PRIVATE


def newest_first(output: Path) -> list[Path]:
    """Return the reports of an output, last those whose names lie ahead of the clock: nobody knows when that was."""
    latest = _latest()
    return sorted(_all(output), key=lambda path: (path.name <= latest, path.name), reverse=True)


def marked(work: Path) -> dict[Path, float]:
    """Mark the files below *work* as written now whose times of writing lie ahead of the clock, and return those times.

    Or parts and pages of the journal would be kept until then.
    """
    now = time.time()
    found: dict[Path, float] = {}
    for path in (path for pattern in ("*", "*/*") for path in work.glob(pattern)):
        with suppress(OSError):
            written = path.lstat().st_mtime
            if is_ahead(written, now):
                os.utime(path, (now, now), follow_symlinks=False)
                found[path] = written
    return found


def ahead(output: Path) -> dict[Path, float]:
    """Return the reports whose names lie ahead of the clock, with the times in them (Unix seconds)."""
    latest = _latest()
    return {path: moment for path in _all(output) if path.name > latest and (moment := _began(path)) is not None}


def forget(output: Path, kept: float) -> None:
    """Remove the reports of runs that began more than *kept* seconds ago.

    Where a name lies ahead of the clock, the time at which the file was written decides.
    """
    before = max(0.0, time.time() - kept)
    oldest = run_at(datetime.fromtimestamp(before, UTC))
    unsure = set(ahead(output))
    for path in _all(output):
        with suppress(OSError):
            if path.name < oldest or (path in unsure and path.stat().st_mtime < before):
                path.unlink()


def _all(output: Path) -> list[Path]:
    return list((output / PRIVATE / "runs").glob("[0-9]*.json"))


def _latest() -> str:
    return f"{run_at(datetime.fromtimestamp(time.time() + SLACK, UTC))}~"


def _began(path: Path) -> float | None:
    try:
        return datetime.strptime(path.name.partition("Z")[0], "%Y%m%dT%H%M%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None

"""A job's own configuration: its tables override the sections of the file."""

from __future__ import annotations

import difflib
import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from harvester.config.reading import build, tables
from harvester.config.sections import CENTURY, Config, Job
from harvester.errors import UsageError

SECTIONS = ("output", "web", "candidates", "choice", "thumbnails", "videos", "state")
_SPAN = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([smhd]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


def of_job(config: Config, job: Job, where: str = "config.toml") -> Config:
    """Return the configuration under which a job runs; raises UsageError that names the job and the key."""
    laid: dict[str, Any] = {name: {**table} for name, table in tables(config).items() if name in SECTIONS}
    for section in SECTIONS:
        laid[section] |= getattr(job, section)
    laid["state"]["revisit"] = job.state.get("revisit", job.revisit)
    return build(laid, f"{where}: job {job.name!r}")


def check_jobs(config: Config, where: str) -> None:
    """Raise UsageError if a job is not valid, or two have the same name."""
    names = [job.name for job in config.job]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{where}: two jobs are called {name!r}; a job's name tells it from the others.")
    for job in config.job:
        of_job(config, job, where)
        _check_patterns(job, f"{where}: job {job.name!r}")
        _check_timezone(job, f"{where}: job {job.name!r}")


def span(text: str) -> float:
    """Return a length of time (`90s`, `20m`, `1.5h`, `3d`; `90` are seconds) in seconds, a century at most.

    Raises ValueError for anything else. The configuration allows whole numbers with a unit only.
    """
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return min(float(found[1]) * _UNITS[found[2]], float(CENTURY))


def _check_patterns(job: Job, where: str) -> None:
    for key in ("allow", "deny"):
        for pattern in getattr(job, key):
            try:
                re.compile(pattern)
            except re.error as error:
                raise UsageError(f"{where}: {key}: {pattern!r} is not a regular expression: {error}") from None


def _check_timezone(job: Job, where: str) -> None:
    if job.timezone is None:
        return
    try:
        ZoneInfo(job.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(job.timezone, available_timezones(), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else 'as in "Europe/Lisbon"; `pip install tzdata` brings all.'
        raise UsageError(f"{where}: timezone: {job.timezone!r} is not known here; {hint}") from None

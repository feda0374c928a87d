"""`harvester status`: what an output holds, what failed and why, what waits until when. Needs no lock."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from harvester import urls
from harvester.errors import FolderError
from harvester.manifest.folder import read_inside
from harvester.runs.upkeep.past_files import newest_first
from harvester.runs.upkeep.rebuild import Tell, looked_at
from harvester.state import State
from harvester.stores.folder import Store

LAST_RUNS = 10


class Held(Struct, frozen=True, kw_only=True):
    """A host that is not asked until *until* (ISO 8601)."""

    host: str
    until: str
    why: str


class Status(Struct, frozen=True, kw_only=True):
    """An output at a glance. *runs* are the reports of the last runs, newest first; sizes are bytes."""

    output: str
    articles: int
    articles_with_failures: int
    files: int
    bytes: int
    disk_free: int
    failures_by_cause: dict[str, int]
    failures_by_host: dict[str, int]
    may_heal: int
    held: tuple[Held, ...]
    runs: tuple[dict[str, Any], ...]


class _Drawn(Struct, frozen=True, kw_only=True):
    """What is drawn of a report: one in which it is not what it must be is damaged."""

    seconds: float = 0.0
    bytes: int = 0
    articles: dict[str, int] = {}
    assets: dict[str, int] = {}
    causes: dict[str, int] = {}


def status(output: Path, configured_state: str = "", tell: Tell = lambda said: None) -> Status:
    """Read what the state and the reports of *output* tell; an output without any is empty.

    Where the state was lost, *tell* hears of each folder from which nothing can be told.
    """
    with looked_at(Store(output), configured_state, tell) as state:
        return _status(output, state)


def _status(output: Path, state: State) -> Status:
    failures = state.failures()
    return Status(
        output=str(output),
        **state.totals(),
        disk_free=shutil.disk_usage(next(path for path in (output, *output.absolute().parents) if path.exists())).free,
        failures_by_cause=dict(Counter(failure.code for failure in failures).most_common()),
        failures_by_host=dict(Counter(urls.host(failure.url) for failure in failures).most_common()),
        may_heal=sum(failure.retryable for failure in failures),
        held=_held(state),
        runs=tuple(_last_runs(output)),
    )


def _held(state: State) -> tuple[Held, ...]:
    now = time.time()
    return tuple(
        Held(host=host, until=datetime.fromtimestamp(until, UTC).isoformat(timespec="seconds"), why=why)
        for host, (until, why) in state.holds().items()
        if until > now
    )


def _last_runs(output: Path) -> list[dict[str, Any]]:
    """The reports of the last runs, newest first."""
    reports: list[dict[str, Any]] = []
    for path in newest_first(output)[:LAST_RUNS]:
        try:
            report = msgspec.json.decode(read_inside(path.parent, path.name) or b"", type=dict[str, Any])
            msgspec.convert(report, _Drawn)
        except (msgspec.DecodeError, RecursionError, FolderError):
            continue
        reports.append(report)
    return reports

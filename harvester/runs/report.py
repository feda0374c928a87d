"""What a run did, counted from its events; the file `.harvester/runs/<run>.json` and the exit status come from it."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from msgspec import Struct

from harvester import __version__, events
from harvester.errors import HarvesterError, Interrupted, StorageError, UsageError
from harvester.runs.lock import OutputLocked


class Exit(IntEnum):
    """Exit statuses; when several hold, the first of BUG, STORAGE, INTERRUPTED, NOTHING, SOME is told."""

    DONE = 0
    BUG = 1
    USAGE = 2
    SOME = 3
    NOTHING = 4
    STORAGE = 5
    DAMAGE = 9
    LOCKED = 75
    INTERRUPTED = 130
    TERMINATED = 143


class FailureSeen(Struct, frozen=True, kw_only=True):
    """One article or asset that failed in this run."""

    article: str
    url: str
    kind: str
    code: str
    message: str
    retryable: bool


class Report:
    """The counts of one run, kept up to date by its events."""

    MOST_FAILURES = 1000
    """Failures told one by one; more are counted only."""

    def __init__(self, run: str | None = None, job: str | None = None) -> None:
        self.run = run or new_run()
        self.job = job
        self.started_at = datetime.now(UTC)
        self.ended_at: datetime | None = None
        self.articles: Counter[str] = Counter()
        self.assets: Counter[str] = Counter()
        self.saved: Counter[str] = Counter()  # by kind
        self.causes: Counter[str] = Counter()
        self.bytes_by_host: Counter[str] = Counter()
        self.held: dict[str, tuple[float, str]] = {}
        self.warnings: dict[str, str] = {}
        self.failures: list[FailureSeen] = []
        self.interrupted: Exit | None = None
        self.out_of_time = False  # the deadline came before everything was done
        self.storage: str | None = None
        self.refused: tuple[Exit, str] | None = None  # nothing was begun: how that ends, and why

    def hear(self, event: events.Event) -> None:
        """Count an event."""
        match event:
            case events.BytesReceived():
                self.bytes_by_host[event.host] += event.bytes
            case events.AssetSaved():
                self.assets["saved"] += 1
                self.saved[event.kind] += 1
            case events.AssetFailed():
                self._asset_failed(event)
            case events.ArticleWritten():
                self.articles["unchanged" if event.unchanged else "written"] += 1
                self.assets["known_failures"] += event.failed
            case events.ArticleLost():
                self.articles["lost"] += 1
                self._failed(event.url, event.url, "article", event.code, event.message, event.retryable)
            case events.ArticleSkipped():
                self.articles["skipped"] += 1
            case events.HostHeld():
                self.held[event.host] = (event.seconds, event.why)
            case events.Warned():
                self.warnings.setdefault(event.code, event.message)
            case _:
                pass

    def refuse(self, status: Exit, why: str) -> None:
        """Note that the run could not begin, with the exit status that this has."""
        self.refused = (status, why)
        self.end()

    def end(self) -> None:
        """Note when the run ended."""
        self.ended_at = datetime.now(UTC)

    @property
    def seconds(self) -> float:
        """How long the run took, or has taken so far."""
        return ((self.ended_at or datetime.now(UTC)) - self.started_at).total_seconds()

    @property
    def bytes(self) -> int:
        """How many bytes of bodies came in."""
        return self.bytes_by_host.total()

    @property
    def error(self) -> str | None:
        """What kept the run from beginning, or from writing."""
        return self.refused[1] if self.refused else self.storage

    def exit_status(self) -> Exit:
        """Return how the run ended, as the command line's exit status."""
        if self.refused is not None:
            return self.refused[0]
        had = self.articles["written"] + self.articles["unchanged"]
        if self.causes["bug"]:
            return Exit.BUG
        if self.storage is not None:
            return Exit.STORAGE
        if self.interrupted is not None:
            return self.interrupted
        if self.articles["lost"] and not had:
            return Exit.NOTHING
        return Exit.SOME if self.causes else Exit.DONE

    @property
    def ended_well(self) -> bool:
        """Say that the run harvested what could be had: that a picture is gone calls nobody."""
        return self.exit_status() in (Exit.DONE, Exit.SOME)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "run": self.run,
            "job": self.job,
            "version": __version__,
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "seconds": round(self.seconds, 3),
            "exit_status": int(self.exit_status()),
            "out_of_time": self.out_of_time,
            "articles": dict(self.articles),
            "assets": dict(self.assets),
            "bytes": self.bytes,
            "bytes_by_host": dict(self.bytes_by_host.most_common()),
            "causes": dict(self.causes.most_common()),
            "failures": self.failures,
            "held": {host: {"seconds": seconds, "why": why} for host, (seconds, why) in self.held.items()},
            "warnings": self.warnings,
            "error": self.error,
        }

    def _asset_failed(self, event: events.AssetFailed) -> None:
        """Count what is missing; posters are extras and refused videos nobody's failure: the manifest tells of them."""
        if event.kind == "poster":
            self.assets["posters_missing"] += 1
        elif event.excused:
            self.assets["refused"] += 1
        else:
            self.assets["failed"] += 1
            self._failed(event.article, event.url, event.kind, event.code, event.message, event.retryable)

    def _failed(self, article: str, url: str, kind: str, code: str, message: str, retryable: bool) -> None:
        self.causes[code] += 1
        if len(self.failures) < self.MOST_FAILURES:
            seen = FailureSeen(article=article, url=url, kind=kind, code=code, message=message, retryable=retryable)
            self.failures.append(seen)


def status_of(error: HarvesterError) -> Exit:
    """Say with which exit status a command ends that *error* ended."""
    match error:
        case UsageError():
            return Exit.USAGE
        case StorageError():
            return Exit.STORAGE
        case OutputLocked():
            return Exit.LOCKED
        case Interrupted():
            return Exit.INTERRUPTED
        case _:
            return Exit.NOTHING


def new_run() -> str:
    """Name a run: when it started, and enough chance that two never share a name."""
    return f"{run_at(datetime.now(UTC))}-{secrets.token_hex(2)}"


def run_at(moment: datetime) -> str:
    """Return what the names of runs begin with that started at *moment*; they sort by time."""
    return f"{moment:%Y%m%dT%H%M%SZ}"

"""What is remembered of a job's last run, a small file each: `.harvester/jobs/<job>.json` in the job's output."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from harvester.errors import StorageError
from harvester.runs.report import Exit, Report
from harvester.stores import disk
from harvester.stores.folder import PRIVATE, Store


class LastRun(Struct, frozen=True, kw_only=True):
    """When a job ran last, how it ended, and when it last succeeded."""

    job: str
    run: str
    started_at: datetime
    ended_at: datetime
    exit_status: int
    succeeded_at: datetime | None = None


def last_run(output: Path, job: str, mark: str = "") -> LastRun | None:
    """Return what is remembered of a job's last run into *output*; None when it never ran or the file is damaged."""
    try:
        ran = msgspec.json.decode(disk.read(_path(output, job, mark)) or b"", type=LastRun)
    except (StorageError, msgspec.DecodeError, RecursionError):
        return None
    succeeded = ran.succeeded_at and min(ran.succeeded_at, datetime.now(UTC))  # or nobody would miss the next success
    return replace(ran, succeeded_at=succeeded)


def remember(output: Path, job: str, report: Report, status: Exit, mark: str = "") -> None:
    """Remember that a job's run ended with *status*; where the disk refuses, the job stays due."""
    before = last_run(output, job, mark)
    ended = report.ended_at or datetime.now(UTC)
    now = LastRun(
        job=job,
        run=report.run,
        started_at=report.started_at,
        ended_at=ended,
        exit_status=status,
        succeeded_at=ended if status in (Exit.DONE, Exit.SOME) else before.succeeded_at if before else None,
    )
    store = Store(output, sync=False)
    with suppress(StorageError):
        store.write(_path(output, job, mark), msgspec.json.encode(now))


def _path(output: Path, job: str, mark: str) -> Path:
    return output / PRIVATE / "jobs" / f"{job}{mark}.json"

"""Metrics, for those who asked for them; for all others nothing is counted, and their library not imported."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from harvester import events
from harvester.config import Config
from harvester.errors import StorageError, UsageError
from harvester.events import Emit
from harvester.runs import named_files
from harvester.runs.report import Report

if TYPE_CHECKING:
    from harvester.runs.metrics import Metrics
    from harvester.runs.scheduling.jobs import JobFlags

LOOPBACK = "127.0.0.1"


class MetricsOutput:
    """Counts what happens, for a file that is written whenever a run ends, or for those who ask at an address."""

    def __init__(self, file: Path | None = None, at: tuple[str, int] | None = None) -> None:
        if file is not None:
            _check(file)
        self._file = file
        self._emit: Emit = events.nobody
        self._metrics = _metrics() if file is not None or at is not None else None
        if self._metrics is not None and at is not None:
            self._metrics.serve(*at)

    def beside(self, emit: Emit) -> Emit:
        """Listen to what *emit* is told."""
        self._emit = emit
        return emit if self._metrics is None else self._metrics.beside(emit)

    def recall(self, config: Config, asked: JobFlags) -> None:
        """Tell when the jobs of *config* last succeeded, also those that do not run now."""
        if self._metrics is not None:
            self._metrics.recall(config, asked)

    def end(self, report: Report) -> None:
        """Note how a run ended; a file that cannot be written is told and stops nothing."""
        if self._metrics is None:
            return
        self._metrics.end(report)
        if self._file is not None:
            try:
                self._metrics.write(self._file)
            except StorageError as error:
                self._emit(events.Warned(code="metrics", message=error.message))


def _check(file: Path) -> None:
    """Raise UsageError for a place at which no metrics may be written: only a file of ours is replaced."""
    from harvester.runs.metrics import MARK

    if not os.access(file.parent, os.W_OK):
        raise UsageError(f"--metrics {file}: {file.parent} is no folder that can be written.")
    try:
        kind = named_files.kind_of(file)
        is_ours = kind is None and named_files.begins_with(file, MARK)
    except OSError as error:
        raise UsageError(f"--metrics {file}: {(error.strerror or str(error)).lower()}.") from None
    if file.is_dir() and not file.is_symlink():
        raise UsageError(f"--metrics {file}: is a folder; give a file in it, as in {file / 'harvester.prom'}.")
    if not is_ours:
        what = kind or "a file that holds no metrics of harvester"
        raise UsageError(f"--metrics {file}: is {what}, which is not replaced. Give a file of its own for the metrics.")


def address(text: str) -> tuple[str, int]:
    """Read `PORT` or `HOST:PORT`; without a host only this machine is answered. Raises UsageError for anything else."""
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise UsageError(f"--metrics-port {text}: expected a port, as in 9465, or HOST:PORT, as in 0.0.0.0:9465.")
    return host.strip("[]") or LOOPBACK, int(port)


def _metrics() -> Metrics:
    from harvester.runs.metrics import Metrics

    return Metrics()

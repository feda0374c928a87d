"""The log for machines: JSON lines on standard error, by structlog, which is loaded only when they are asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from harvester import events, urls
from harvester.manifest import codec
from harvester.runs.report import Report
from harvester.terminal.screens.console import write_log_line

_STEPS = (
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    structlog.processors.JSONRenderer(ensure_ascii=False),
)


class JsonLog:
    """Events as JSON objects: `event` in snake case, its fields, `time`, and within jobs `job` and `run`."""

    def __init__(self, write: Callable[[bytes], None] = write_log_line) -> None:
        self._log: structlog.BoundLogger = structlog.wrap_logger(
            _Lines(write), processors=_STEPS, wrapper_class=structlog.BoundLogger
        )

    def tell(self, event: events.Event) -> None:
        """Write a line about an event."""
        fields = msgspec.structs.asdict(event)
        if isinstance(event, events.JobStarted):
            self._log = self._log.new(**fields)
        self._write(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(event).__name__).lower(), fields)

    def tell_report(self, report: Report) -> None:
        """Write a line about how a run ended, with the counts of its report; the failures had their own lines."""
        told = report.as_json()
        told.pop("failures")
        self._write("run_ended", told)

    def _write(self, event: str, fields: dict[str, Any]) -> None:
        told = {name: urls.without_logins(said) if isinstance(said, str) else said for name, said in fields.items()}
        self._log.msg(event, **told)


class _Lines:
    """What structlog writes its lines to."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write

    def msg(self, line: str) -> None:
        try:
            self._write(line.encode())
        except UnicodeEncodeError:  # a byte of a file's name that is no UTF-8
            self._write(codec.encoded(json.loads(line)))

"""The log for machines: JSON lines on standard error."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from harvester import events, urls
from harvester.manifest import codec
from harvester.runs.report import Report
from harvester.terminal.screens.console import write_log_line


class JsonLog:
    """Events as JSON objects: `event` in snake case, its fields, `time`, and within jobs `job` and `run`."""

    def __init__(self, write: Callable[[bytes], None] = write_log_line) -> None:
        self._write = write
        self._job: dict[str, Any] = {}

    def tell(self, event: events.Event) -> None:
        """Write a line about an event."""
        fields = msgspec.structs.asdict(event)
        if isinstance(event, events.JobStarted):
            self._job = fields
        self._write_line(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(event).__name__).lower(), fields)

    def tell_report(self, report: Report) -> None:
        """Write a line about how a run ended, with the counts of its report; the failures had their own lines."""
        counts = report.as_json()
        counts.pop("failures")
        self._write_line("run_ended", counts)

    def _write_line(self, event: str, fields: dict[str, Any]) -> None:
        harmless = {name: urls.without_logins(said) if isinstance(said, str) else said for name, said in fields.items()}
        time = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        self._write(codec.encoded({**self._job, **harmless, "event": event, "time": time}))

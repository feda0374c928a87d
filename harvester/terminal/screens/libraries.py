"""What libraries say of their own accord, in logs and warnings: it may quote a file from anywhere.

Python writes it to standard error as it is where nobody listens.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

LONGEST = 300
"""Characters that are told of a message."""


def listen(arguments: Sequence[str]) -> None:
    """Hear all of it and tell in harmless lines what asyncio calls an error, which is a bug of ours; with -v the rest.

    *arguments* are those of the command line; they also say whether a line of the log is JSON.
    """
    verbose = bool({"-v", "--verbose"} & set(arguments))
    json = bool({"json", "--log-format=json"} & set(arguments))
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    logging.getLogger().addHandler(_Lines(verbose=verbose, json=json))


class _Lines(logging.Handler):
    def __init__(self, *, verbose: bool, json: bool) -> None:
        super().__init__(logging.WARNING)
        self._verbose = verbose
        self._json = json

    def emit(self, record: logging.LogRecord) -> None:
        if not self._verbose and (record.name != "asyncio" or record.levelno < logging.ERROR):
            return
        from harvester.urls import printable  # only what is told pays for it

        said = printable(_said(record), LONGEST)
        line = f"{printable(record.name, 80)}: {said}".encode()
        if self._json:
            line = _as_json(record.name, said)
        _write(line)


def _said(record: logging.LogRecord) -> str:
    """Return the message, and the error that it is about."""
    try:
        said = record.getMessage()
    except (TypeError, ValueError, KeyError):  # arguments that do not fit the message
        said = str(record.msg)
    error = record.exc_info[1] if record.exc_info else None
    return said if error is None else f"{said} ({type(error).__name__}: {error})"


def _as_json(name: str, said: str) -> bytes:
    import msgspec

    told = {"event": "library", "library": name, "message": said, "time": datetime.now(UTC).isoformat()}
    return msgspec.json.encode(told)


def _write(line: bytes) -> None:
    from harvester.terminal.screens.console import write_log_line

    write_log_line(line)

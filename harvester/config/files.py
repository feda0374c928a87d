"""A configuration from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from harvester.config.jobs import check_jobs
from harvester.config.reading import build
from harvester.config.sections import Config
from harvester.errors import UsageError

LARGEST = 10_000_000
"""Bytes of a configuration file."""
DEEPEST = 8
"""Levels of nested tables and lists; the headers of a host in a job have five."""


def load(path: Path) -> Config:
    """Read and check a configuration file; raises UsageError that names the file, the key and the remedy."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as UTF-8 text ({error}). Give another file with -c.") from None
    if len(raw) > LARGEST:
        raise UsageError(
            f"{path}: larger than {LARGEST:,} bytes, which no configuration is. Give another file with -c."
        )
    return parse(text, str(path))


def parse(text: str, where: str = "config.toml") -> Config:
    """Parse and check the text of a configuration; *where* is its name in error messages."""
    try:
        raw = msgspec.toml.decode(text)
    except (msgspec.DecodeError, ValueError) as error:  # ValueError for a number with more digits than Python reads
        raise UsageError(f"{where}: not valid TOML: {error}") from None
    except RecursionError:
        raise _too_deep(where) from None
    if _is_deep(raw):
        raise _too_deep(where)
    config = build(raw, where)
    check_jobs(config, where)
    return config


def _is_deep(raw: dict[str, Any]) -> bool:
    """Return whether tables and lists are nested deeper than any key needs."""
    layer: list[Any] = [raw]
    for _ in range(DEEPEST):
        layer = [
            inner
            for table in layer
            for inner in (table.values() if isinstance(table, dict) else table)
            if isinstance(inner, dict | list)
        ]
    return bool(layer)


def _too_deep(where: str) -> UsageError:
    return UsageError(f"{where}: nested deeper than any configuration is; see `harvester config init`")

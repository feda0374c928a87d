"""A configuration from a file."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harvester.config.jobs import check_jobs
from harvester.config.reading import build
from harvester.config.sections import Config
from harvester.errors import UsageError


def load(path: Path) -> Config:
    """Read and check a configuration file; raises UsageError that names the file, the key and the remedy."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as UTF-8 text ({error}). Give another file with -c.") from None
    return parse(text, str(path))


def parse(text: str, where: str = "config.toml") -> Config:
    """Check the text of a configuration; *where* is what its errors call it."""
    try:
        raw = msgspec.toml.decode(text)
    except msgspec.DecodeError as error:
        raise UsageError(f"{where}: not valid TOML: {error}") from None
    config = build(raw, where)
    check_jobs(config, where)
    return config

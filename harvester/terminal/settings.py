"""Which configuration applies: the file that is named, or found, with the command line's flags over it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from harvester import config as configuration
from harvester import urls
from harvester.config import Config
from harvester.errors import StorageError
from harvester.runs.upkeep.folders import articles
from harvester.stores.folder import PRIVATE


class Settings(Struct, frozen=True, kw_only=True):
    """A configuration and the file it came from; *path* is None when nothing but the defaults applies."""

    config: Config
    path: Path | None


def read(given: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the configuration that applies; raises UsageError when the file is wrong, or named and not there."""
    path = given or next((place for place in _places(environment) if place.is_file()), None)
    return Settings(config=configuration.load(path) if path else Config(), path=path)


def under_flags(
    config: Config, *, output: Path | None = None, scope: str | None = None, no_video: bool = False
) -> Config:
    """Lay the flags that say the same as a key over the configuration."""
    if output is not None:
        config = replace(config, output=replace(config.output, directory=str(output)))
    if scope is not None:
        config = replace(config, candidates=replace(config.candidates, scope=scope))
    if no_video:
        config = replace(config, videos=replace(config.videos, download=False))
    return config


def without_logins(config: Config) -> Config:
    """Return the configuration as it may be shown: the proxy and the sources of jobs without user info."""

    def shown(value: Any) -> Any:
        if isinstance(value, dict):
            return {shown(key): shown(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [shown(inner) for inner in value]
        return urls.without_logins(value) if isinstance(value, str) else value

    return msgspec.convert(shown(msgspec.to_builtins(config)), Config)


def output_of(config: Config) -> Path:
    """Return the folder of an output that is looked after; raises StorageError where nothing was ever harvested.

    A mistyped folder, or the empty place of a disk that is not mounted, must not pass for an output in good order.
    """
    root = Path(config.output.directory)
    if not (root / PRIVATE).is_dir() and next(articles(root), None) is None:
        raise StorageError(f"{root}: nothing was harvested here. OUTPUT or `-c FILE` say where; is its disk mounted?")
    return root


def _places(environment: Mapping[str, str]) -> list[Path]:
    """Where a configuration may lie, the nearest first: here, then the user's (XDG Base Directory Specification)."""
    here = Path("config.toml")
    if environment.get("XDG_CONFIG_HOME"):
        return [here, Path(environment["XDG_CONFIG_HOME"]) / "harvester" / "config.toml"]
    if environment.get("HOME"):
        return [here, Path(environment["HOME"]) / ".config" / "harvester" / "config.toml"]
    return [here]

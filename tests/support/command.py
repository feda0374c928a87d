"""The command line as its users have it: a child process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from harvester.terminal.main import app


def environment(**changes: str) -> dict[str, str]:
    """Give a plain environment: no terminal settings, no configuration of whoever runs the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONWARNINGS": "error", **changes}


def harvester(
    *arguments: str | Path, cwd: Path | None = None, given: str = "", **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run `harvester` to its end with *given* on standard input and *changes* in its environment."""
    return subprocess.run(
        [sys.executable, "-m", "harvester", *map(str, arguments)],
        input=given,
        cwd=cwd,
        env=environment(**changes),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def flags() -> Iterator[tuple[str, str]]:
    """Every command with each of its flags, as the command line itself has them: ("config show", "-c")."""
    commands = _under(typer.main.get_command(app()))
    for name, command in commands.items():
        for called, inner in {name: command, **_under(command, f"{name} ")}.items():
            yield from ((called, flag) for parameter in inner.params for flag in parameter.opts if flag[0] == "-")


def _under(command: object, prefix: str = "") -> dict[str, typer.core.TyperCommand]:
    inner: dict[str, typer.core.TyperCommand] = getattr(command, "commands", {})
    return {f"{prefix}{name}": command for name, command in inner.items()}

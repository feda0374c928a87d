"""A run as the person at the terminal sees it: progress, the summary, the exit status."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct
from rich.text import Text

from harvester import events
from harvester.config import Config
from harvester.events import Emit
from harvester.manifest import codec
from harvester.pipeline.article import Harvested
from harvester.pipeline.boundary import Lost
from harvester.runs.report import Report
from harvester.terminal.actions import interrupts
from harvester.terminal.screens import progress, results
from harvester.terminal.screens.console import Stream, safe, write_json

R = TypeVar("R")
Work = Callable[[Emit, asyncio.Event], Awaitable[R]]
"""Something that reports what it does, and stops when its event is set."""

YOUNG = 10_000
"""Objects between two looks for dead cycles among them; a page makes Python's own 700 many times over."""


class Voice(Struct, frozen=True, kw_only=True):
    """How much is said, and how: *json* is the log's form on standard error, *still* leaves the display away."""

    quiet: bool = False
    verbose: bool = False
    json: bool = False
    still: bool = False


def run(work: Work[R], *, voice: Voice, stream: Stream) -> R:
    """Do *work* with progress on *stream*; Ctrl-C and SIGTERM are obeyed."""

    async def heard(stopping: asyncio.Event) -> R:
        shown = progress.shown(stream, quiet=voice.quiet, verbose=voice.verbose, json=voice.json, still=voice.still)
        with shown as emit:
            return await work(emit, stopping)

    gc.freeze()  # the modules stay: walking them again and again would hold up the loop for tens of milliseconds
    gc.set_threshold(YOUNG)
    return interrupts.run(heard, lambda said: _stopping(said, voice, stream))


def close(report: Report, config: Config, found: Path | None, *, voice: Voice, stream: Stream) -> None:
    """Tell how the run ended, unless only machines listen or nothing went wrong and quiet was asked for."""
    if voice.json:
        from harvester.terminal.screens.json_log import JsonLog

        JsonLog().tell_report(report)
        return
    if report.error is not None:
        stream.print(safe(f"Error: {report.error}", "red"))
    if not voice.quiet and report.refused is None:
        told = str(found) if found else "none found, defaults"
        stream.show([Text(), *results.summary(report, Path(config.output.directory), told, stream.width)])


def _stopping(said: str, voice: Voice, stream: Stream) -> None:
    """Say that the run is stopping, in a line of the log where machines read it."""
    if voice.json:
        from harvester.terminal.screens.json_log import JsonLog

        JsonLog().tell(events.Warned(code="stopping", message=said))
    else:
        stream.print(Text(said, "yellow"))


def print_json(result: Harvested | Lost, output: Path) -> None:
    """Print what became of an article as one line: its manifest and folder, or what was given and the error."""
    match result:
        case Harvested(manifest=manifest, folder=folder):
            line = {"folder": str(output / folder), **codec.builtins(manifest)}
        case Lost(given=given, problem=problem):
            line = {"given": given, "error": msgspec.to_builtins(problem)}
    write_json(line)

"""What the user wants done when a run has ended: a command that gets the report."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress

from harvester import events
from harvester.events import Emit
from harvester.manifest import codec
from harvester.runs.report import Report

PATIENCE = 60.0
"""Seconds that the command may take; then it and what it started are ended."""


async def tell(command: Sequence[str], report: Report, emit: Emit, *, patience: float = PATIENCE) -> None:
    """Start *command* without a shell, give it the report as JSON on standard input, and wait for its end.

    What it prints goes to standard error. That it fails, hangs or is not there is told and changes nothing else.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=sys.__stderr__ or DEVNULL, start_new_session=True
        )
    except (OSError, ValueError) as error:
        _complain(command, getattr(error, "strerror", None) or str(error), emit)
        return
    try:
        await asyncio.wait_for(process.communicate(codec.encoded(report.as_json())), patience)
    except TimeoutError:
        _complain(command, f"not done after {patience:.0f} s, and ended", emit)
    else:
        if process.returncode:
            _complain(command, f"exit status {process.returncode}", emit)
    finally:
        if process.returncode is None:
            await _end(process)


async def _end(process: Process) -> None:
    """End the command and what it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _complain(command: Sequence[str], why: str, emit: Emit) -> None:
    emit(events.Warned(code="on_finish", message=f"on_finish: {command[0]}: {why}"))

"""What `verify` says: the damaged files, then the counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.text import Text

from harvester.config import Config
from harvester.manifest.verify import Checked
from harvester.runs.execution import Options, execution
from harvester.runs.report import Report
from harvester.runs.upkeep import verify as audit
from harvester.runs.upkeep.verify import Audit
from harvester.terminal.screens.columns import Cell, Row, laid_out
from harvester.terminal.screens.console import Stream, counted, safe, size, warn, write_json
from harvester.workers import Workers

MOST = 50


def print_json(checked: Checked) -> None:
    """Print one file as a line of JSON."""
    write_json(checked)


def silent(checked: Checked) -> None:
    """Print nothing: the summary will tell."""


async def look(root: Path, tell: audit.Tell, stream: Stream, *, quiet: bool) -> Audit:
    """Verify an output and tell what was found on *stream*."""
    async with Workers(emit=warn) as workers:
        found = await audit.audit(root, workers, tell)
    if not (quiet and found.is_sound):
        stream.show(summary(found, stream.width))
    return found


async def repair(found: Audit, root: Path, config: Config, wait: float, stream: Stream, *, quiet: bool) -> None:
    """Make whole what *found* says is not, under the output's lock."""
    report = Report()
    async with execution(root, config, Options(wait=wait), report, emit=warn) as kit:
        await audit.repair(found.wrong, kit)
    if report.failures:
        stream.show([safe(f"Not repaired: {failure.message}", "red") for failure in report.failures[:MOST]])
    if report.storage is not None:
        stream.print(Text(f"Error: {report.storage}", "red"))
    elif not quiet:
        stream.print(Text(f"Repaired with {counted(report.assets['saved'], 'download')}; looking again.", "dim"))


def summary(found: Audit, room: int) -> Iterator[Text]:
    """Draw the files that are not what they were, and the counts."""
    yield from laid_out(list(_told(found)), room)
    counts = ", ".join(f"{number:,} {name}" for name, number in sorted(found.found.items()))
    line = f"{counted(found.articles, 'article')}, {size(found.bytes)}: {counts or 'no files'}."
    yield Text(line, "green" if found.is_sound else "red")
    if found.wrong:
        yield Text("`harvester verify --repair` fetches again what it can.", "dim")
    if found.unreadable:
        yield Text("A manifest that cannot be read is made again when its article is harvested again.", "dim")


def _told(found: Audit) -> Iterator[Row]:
    for some, style in ((found.unreadable, "red"), (found.wrong, "red"), (found.strays, "yellow")):
        for checked in some[:MOST]:
            yield [(checked.found, style)], _named(checked)
        if len(some) > MOST:
            yield [], [(f"and {len(some) - MOST} more: --json tells all", "dim")]


def _named(checked: Checked) -> Cell:
    path = f"{checked.folder}/{checked.path}"
    return [(path, ""), (checked.why, "dim")] if checked.why else [(path, "")]

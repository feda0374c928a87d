"""What `verify` says: the damaged files, then the counts."""

from __future__ import annotations

from pathlib import Path

import msgspec
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from harvester.config import Config
from harvester.manifest.verify import Checked
from harvester.runs import audit
from harvester.runs.audit import Audit
from harvester.runs.execution import Options, execution
from harvester.runs.report import Report
from harvester.terminal.console import Stream, counted, safe, size, write_line
from harvester.workers import Workers

MOST = 50


def print_json(checked: Checked) -> None:
    """Print one file as a line of JSON."""
    write_line(msgspec.json.encode(checked))


def silent(checked: Checked) -> None:
    """Print nothing: the summary will tell."""


async def look(root: Path, tell: audit.Tell, stream: Stream, *, quiet: bool) -> Audit:
    """Verify an output and tell what was found on *stream*."""
    async with Workers() as workers:
        found = await audit.audit(root, workers, tell)
    if not (quiet and found.is_sound):
        stream.print(summary(found))
    return found


async def repair(found: Audit, root: Path, config: Config, wait: float, stream: Stream, *, quiet: bool) -> None:
    """Make whole what *found* says is not, under the output's lock."""
    report = Report()
    async with execution(root, config, Options(wait=wait), report) as kit:
        await audit.repair(found.wrong, kit)
    if report.storage is not None:
        stream.print(Text(f"Error: {report.storage}", "red"))
    elif not quiet:
        stream.print(Text(f"Repaired with {counted(report.assets['saved'], 'download')}; looking again.", "dim"))


def summary(found: Audit) -> RenderableType:
    """Draw the files that are not what they were, and the counts."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    for folder in found.unreadable:
        table.add_row(Text("unreadable", "red"), safe(f"{folder}/manifest.json"))
    for checked in found.wrong[:MOST]:
        table.add_row(Text(checked.found, "red"), safe(f"{checked.folder}/{checked.path}"))
    if len(found.wrong) > MOST:
        table.add_row("", Text(f"and {len(found.wrong) - MOST} more: --json tells all", "dim"))
    counts = ", ".join(f"{number:,} {name}" for name, number in sorted(found.found.items()))
    line = f"{counted(found.articles, 'article')}, {size(found.bytes)}: {counts or 'no files'}."
    style = "green" if found.is_sound else "red"
    advice = [] if found.is_sound else [Text("`harvester verify --repair` fetches again what it can.", "dim")]
    return Group(*([table] if table.row_count else []), Text(line, style), *advice)

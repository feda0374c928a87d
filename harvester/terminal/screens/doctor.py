"""What `doctor` says of the tools, drawn for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from harvester.download.videos.tools import Tool
from harvester.terminal.screens.columns import Cell, Row, laid_out
from harvester.terminal.screens.console import counted


def drawn(tools: Sequence[Tool], room: int) -> Iterator[Text]:
    """Draw each tool with its version and age, and what to do where it is not well."""
    yield from laid_out([_row(tool) for tool in tools], room, ("", "tool", "version", "what for"))
    yield Text()
    lacking = sum(tool.problem is not None for tool in tools)
    said = f"{counted(lacking, 'tool')} to look after." if lacking else "Everything is here."
    yield Text(f"{said} Pictures need none of these.", "yellow" if lacking else "green")


def _row(tool: Tool) -> Row:
    mark = ("!", "yellow") if tool.problem else ("✓", "green")
    age = f"{tool.age_days} days old" if tool.age_days is not None else ""
    why: Cell = [(tool.purpose, "")]
    if tool.problem:
        why = [*why, (tool.problem, "yellow"), (tool.remedy or "", "dim")]
    return [mark], [(tool.name, "")], [(tool.version or "missing", ""), (age, "dim")], why

"""What `status` says of an output, drawn for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harvester.runs.status import Held, Status
from harvester.terminal.console import counted, safe, size


def drawn(status: Status) -> RenderableType:
    """Draw a status: what is there, what failed, what waits, and the last runs."""
    parts: list[RenderableType] = [_holdings(status)]
    if status.failures_by_cause:
        parts += ["", _failures(status)]
    if status.held:
        parts += ["", Text("Postponed", "bold"), _padded(_held(status.held))]
    parts += ["", Text("Last runs", "bold"), _padded(_runs(status.runs))] if status.runs else []
    return Group(*parts)


def _holdings(status: Status) -> RenderableType:
    line = Text.assemble((status.output, "bold"), f": {counted(status.articles, 'article')}, ")
    line.append(f"{counted(status.files, 'file')}, {size(status.bytes)} ({size(status.disk_free)} free)")
    if status.articles_with_failures:
        line.append(f"; {counted(status.articles_with_failures, 'article')} lack something", "yellow")
    return line.append(".")


def _failures(status: Status) -> RenderableType:
    table = _table("cause", "files", "host", "files")
    causes, hosts = list(status.failures_by_cause.items()), list(status.failures_by_host.items())
    for row in range(min(10, max(len(causes), len(hosts)))):
        table.add_row(*_cells(causes, row), *_cells(hosts, row))
    advice = f"{counted(status.may_heal, 'file')} may heal: `harvester retry` tries again."
    return Group(Text("Failed", "bold"), _padded(table), *([Text(advice, "dim")] if status.may_heal else []))


def _cells(items: list[tuple[str, int]], row: int) -> tuple[Text, Text]:
    if row >= len(items):
        return Text(), Text()
    name, count = items[row]
    return safe(name), Text(f"{count:,}")


def _held(held: tuple[Held, ...]) -> Table:
    table = _table("host", "until", "why")
    for one in held:
        table.add_row(safe(one.host), safe(one.until), safe(one.why))
    return table


def _runs(runs: tuple[Mapping[str, Any], ...]) -> Table:
    table = _table("started", "took", "articles", "files", "failed", "bytes", "exit")
    for run in runs:
        articles, assets = run.get("articles", {}), run.get("assets", {})
        unchanged = articles.get("unchanged", 0)
        table.add_row(
            safe(str(run.get("started_at"))),
            f"{run.get('seconds', 0):.1f} s",
            f"{articles.get('written', 0):,}" + (f" (+{unchanged:,} as they were)" if unchanged else ""),
            f"{assets.get('saved', 0):,}",
            f"{sum(run.get('causes', {}).values()):,}",
            size(run.get("bytes", 0)),
            Text(str(run.get("exit_status")), "green" if run.get("exit_status") == 0 else "yellow"),
        )
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _padded(what: RenderableType) -> RenderableType:
    return Padding(what, (0, 0, 0, 2))

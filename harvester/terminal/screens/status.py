"""What `status` says of an output, drawn for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from rich.text import Text

from harvester.runs.upkeep.status import Held, Status
from harvester.terminal.screens.columns import Row, laid_out
from harvester.terminal.screens.console import counted, safe, size

MOST = 10
"""Causes and hosts that are told; `--json` tells all."""


def drawn(status: Status, room: int) -> Iterator[Text]:
    """Draw a status: what is there, what failed, what waits, and the last runs."""
    yield _holdings(status)
    if status.failures_by_cause:
        yield from _section("Failed", ("cause", "files", "host", "files"), _failures(status), room)
        if status.may_heal:
            yield Text(f"  {counted(status.may_heal, 'file')} may heal: `harvester retry` tries again.", "dim")
    if status.held:
        yield from _section("Postponed", ("host", "until", "why"), map(_held, status.held), room)
    if status.runs:
        heads = ("started", "job", "took", "articles", "files", "failed", "bytes", "exit")
        yield from _section("Last runs", heads, map(_run, status.runs), room)


def _section(name: str, heads: tuple[str, ...], rows: Iterator[Row], room: int) -> Iterator[Text]:
    yield Text()
    yield Text(name, "bold")
    yield from laid_out(list(rows), room, heads)


def _holdings(status: Status) -> Text:
    line = Text.assemble(safe(status.output, "bold"), f": {counted(status.articles, 'article')}, ")
    line.append(f"{counted(status.files, 'file')}, {size(status.bytes)} ({size(status.disk_free)} free)")
    if status.articles_with_failures:
        verb = "lacks" if status.articles_with_failures == 1 else "lack"
        line.append(f"; {counted(status.articles_with_failures, 'article')} {verb} something", "yellow")
    return line.append(".")


def _failures(status: Status) -> Iterator[Row]:
    causes, hosts = list(status.failures_by_cause.items())[:MOST], list(status.failures_by_host.items())[:MOST]
    for cause, host in zip_longest(causes, hosts, fillvalue=("", 0)):
        yield [[(text, "")] for name, count in (cause, host) for text in (name, f"{count:,}" if count else "")]


def _held(held: Held) -> Row:
    return [(held.host, "")], [(held.until, "")], [(held.why, "")]


def _run(run: Mapping[str, Any]) -> Row:
    articles, assets = run.get("articles", {}), run.get("assets", {})
    unchanged = articles.get("unchanged", 0)
    told = (
        str(run.get("started_at")),
        str(run.get("job") or ""),
        f"{run.get('seconds', 0):.1f} s",
        f"{articles.get('written', 0):,}" + (f" (+{unchanged:,} as they were)" if unchanged else ""),
        f"{assets.get('saved', 0):,}",
        f"{sum(run.get('causes', {}).values()):,}",
        size(run.get("bytes", 0)),
    )
    ended = "green" if run.get("exit_status") == 0 else "yellow"
    return [*([(text, "")] for text in told), [(str(run.get("exit_status")), ended)]]

"""What a harvest brought, drawn for people: the files of each article, and the summary that closes every run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harvester import urls
from harvester.model import Failed, Image, Manifest, Outcome, Saved, Skipped, Video
from harvester.runs.report import Exit, FailureSeen, Report
from harvester.terminal.console import Shortened, counted, safe, size
from harvester.terminal.tables import told

MOST_TOLD = 6
"""Causes that a summary tells one by one; the rest stand in the report."""
_GOOD, _NOTED, _BAD = Text("✓", "green"), Text("·", "dim"), Text("✗", "red")


def files(manifest: Manifest, folder: Path, note: str = "") -> RenderableType:
    """Draw what became of an article: each picture with its file, size and the reason it was chosen, each video."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    for image in manifest.images:
        table.add_row(*_image(image))
    for video in manifest.videos:
        table.add_row(*_video(video))
    title = safe(manifest.article.title or manifest.article.url, "bold")
    lines = [Text(note, "cyan")] if note else []
    lines += [safe(f"markup repaired: {told(manifest.article.repairs)}", "yellow")] if manifest.article.repairs else []
    return Group(title, *lines, Padding(table, (0, 0, 0, 2), expand=False), safe(f"  {folder}", "dim"), "")


def summary(report: Report, output: Path, config: str) -> RenderableType:
    """Say what a run saved, what failed and what to do about it, and where everything lies."""
    parts: list[RenderableType] = [_saved(report)]
    failures = _failures(report)
    if failures.row_count:
        parts += ["", failures]
    for host, (seconds, why) in report.held.items():
        parts.append(safe(f"{host} asked for patience ({seconds:.0f} s): {why}", "yellow"))
    parts += ["", _places(report, output, config)]
    return Group(*parts)


def _image(image: Image) -> tuple[RenderableType, ...]:
    match image.outcome:
        case Saved(file=file, thumbnails=thumbnails):
            pixels = f"{file.width}×{file.height}" if file.width else file.type
            name = Group(safe(file.path), Text(counted(len(thumbnails), "thumbnail"), "dim"))
            return _GOOD, name, Group(pixels, Text(size(file.bytes), "dim")), safe(_why(image))
        case outcome:
            return _not_saved(f"image {image.number}", outcome)


def _video(video: Video) -> tuple[RenderableType, ...]:
    name = f"{video.provider} {video.id or video.list or ''}"
    match video.outcome:
        case Saved(file=file):
            return _GOOD, safe(file.path), Text(size(file.bytes), "dim"), safe(video.title or name)
        case outcome:
            return _not_saved(name, outcome)


def _not_saved(name: str, outcome: Outcome) -> tuple[RenderableType, ...]:
    match outcome:
        case Failed(error=error):
            return _BAD, safe(name), "failed", safe(error.message, "red")
        case Skipped(reason=reason):
            return _NOTED, safe(name), "noted", safe(reason, "dim")
        case _:
            return _NOTED, safe(name), "open", Text("not tried yet: the run was stopped", "yellow")


def _why(image: Image) -> str:
    reason = image.best.reason if image.best else ""
    results = dict.fromkeys(attempt.result for attempt in image.attempts)
    refused = [result for result in results if result not in ("accepted", "compared")]
    return f"{reason} ({', '.join(refused)})" if refused else reason


def _saved(report: Report) -> Text:
    """Say the counts in a sentence, beginning with what the run was for."""
    articles = report.articles
    line = Text.assemble((_brought(report), "bold"), f" ({size(report.bytes)} in {_duration(report.seconds)})")
    if articles["unchanged"]:
        line.append(f"; {counted(articles['unchanged'], 'article')} already there")
    if articles["lost"]:
        line.append(f"; {counted(articles['lost'], 'article')} could not be had", "red")
    if report.assets["failed"]:
        line.append(f"; {counted(report.assets['failed'], 'file')} failed", "red")
    return line.append(".")


def _brought(report: Report) -> str:
    written = report.articles["written"]
    if not written and not report.saved:
        return "Nothing new"
    kinds = [counted(report.saved["image"], "picture")]
    kinds += [counted(report.saved["video"], "video")] if report.saved["video"] else []
    return f"{' and '.join(kinds)} saved of {counted(written, 'article')}"


def _failures(report: Report) -> Table:
    """Group what failed by cause and host, the most frequent first, with the first one's words and what to do."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    groups: dict[tuple[str, str], list[FailureSeen]] = {}
    for failure in report.failures:
        groups.setdefault((failure.code, urls.host(failure.url)), []).append(failure)
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    for (code, host), failed in ordered[:MOST_TOLD]:
        what = Group(safe(failed[0].message), Shortened(failed[0].url, "dim"), _next(failed[0]))
        table.add_row(Text(f"{len(failed)} ×", "red"), Group(safe(code, "red"), safe(host, "dim")), what)
    if len(ordered) > MOST_TOLD:
        table.add_row("", "", Text(f"and {len(ordered) - MOST_TOLD} more causes: see the report", "dim"))
    return table


def _next(failure: FailureSeen) -> Text:
    if failure.code == "bug":
        return Text("The other articles are not concerned.", "dim")
    again = "May heal: give the same command again later." if failure.retryable else "Not asked again without --force."
    return Text(again, "dim")


def _places(report: Report, output: Path, config: str) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, value in _facts(report, output, config):
        table.add_row(Text(name, "dim"), safe(value))
    return table


def _facts(report: Report, output: Path, config: str) -> Iterator[tuple[str, str]]:
    yield "results", str(output)
    yield "report", str(output / ".harvester" / "runs" / f"{report.run}.json")
    yield "configuration", config
    if report.interrupted is not None:
        yield "stopped", "give the same command again to go on: what is there is not fetched twice"
    if report.exit_status() is not Exit.DONE:
        yield "exit status", f"{report.exit_status():d}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"

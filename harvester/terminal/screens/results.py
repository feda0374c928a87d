"""What a harvest brought, drawn for people: the files of each article, and the summary that closes every run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.text import Text

from harvester import urls
from harvester.model import Failed, Image, Manifest, Outcome, Saved, Skipped, Video
from harvester.runs.report import Exit, FailureSeen, Report
from harvester.terminal.screens.columns import Line, Row, laid_out
from harvester.terminal.screens.console import counted, safe, size, without_url
from harvester.terminal.screens.plan import told

MOST_TOLD = 6
"""Causes that a summary tells one by one; the rest stand in the report."""
OF_ITS_FOLDER = ("manifest_damaged", "manifest_newer", "unsafe_path", "storage")
"""Codes of what is wrong with an article's folder, and not with its page."""
_GOOD, _NOTED, _BAD = [("✓", "green")], [("·", "dim")], [("✗", "red")]


def files(manifest: Manifest, folder: Path, room: int, note: str = "") -> Iterator[Text]:
    """Draw what became of an article: each picture with its file, size and the reason it was chosen, each video."""
    yield safe(manifest.article.title or manifest.article.url, "bold")
    if note:
        yield safe(note, "cyan")
    if manifest.article.repairs:
        yield safe(f"markup repaired: {told(manifest.article.repairs)}", "yellow")
    yield from laid_out([*map(_image, manifest.images), *map(_video, manifest.videos)], room)
    yield safe(f"  {folder}", "dim")


def summary(report: Report, output: Path, config: str, room: int) -> Iterator[Text]:
    """Yield what a run saved, what failed and what to do about it, and where everything lies."""
    yield _saved(report)
    if report.failures:
        yield Text()
        yield from laid_out(list(_failures(report)), room)
    for host, (seconds, why) in report.held.items():
        yield safe(f"{host} asked for patience ({seconds:.0f} s): {why}", "yellow")
    yield Text()
    for name, value in _facts(report, output, config):
        yield Text.assemble((f"{name:<15}", "dim"), safe(value))


def _image(image: Image) -> Row:
    match image.outcome:
        case Saved(file=file, thumbnails=thumbnails):
            pixels = f"{file.width}×{file.height}" if file.width else file.type
            name = [(file.path, ""), (counted(len(thumbnails), "thumbnail"), "dim")]
            return _GOOD, name, [(pixels, ""), (size(file.bytes), "dim")], [(_why(image), "")]
        case outcome:
            return _not_saved(f"image {image.number}", outcome)


def _video(video: Video) -> Row:
    name = f"{video.provider} {video.id or video.list or ''}"
    match video.outcome:
        case Saved(file=file):
            return _GOOD, [(file.path, "")], [(size(file.bytes), "dim")], [(video.title or name, "")]
        case outcome:
            return _not_saved(name, outcome)


def _not_saved(name: str, outcome: Outcome) -> Row:
    match outcome:
        case Failed(error=error):
            return _BAD, [(name, "")], [("failed", "")], [(error.message, "red")]
        case Skipped(reason=reason):
            return _NOTED, [(name, "")], [("noted", "")], [(reason, "dim")]
        case _:
            return _NOTED, [(name, "")], [("open", "")], [("not tried yet: the run was stopped", "yellow")]


def _why(image: Image) -> str:
    reason = image.best.reason if image.best else ""
    results = dict.fromkeys(attempt.result for attempt in image.attempts)
    refused = [result for result in results if result not in ("accepted", "compared")]
    return f"{reason} ({', '.join(refused)})" if refused else reason


def _saved(report: Report) -> Text:
    """Return the counts in a sentence, beginning with what the run was for."""
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


def _failures(report: Report) -> Iterator[Row]:
    """Group what failed by cause and host, the most frequent first, with the first one's words and what to do."""
    groups: dict[tuple[str, str], list[FailureSeen]] = {}
    for failure in report.failures:
        groups.setdefault((failure.code, urls.host(failure.url)), []).append(failure)
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    for (code, host), failed in ordered[:MOST_TOLD]:
        first = failed[0]
        what = [(without_url(first.message, first.url), ""), (first.url, "dim"), _next(first)]
        yield [(f"{len(failed)} ×", "red")], [(code, "red"), (host, "dim")], what
    if len(ordered) > MOST_TOLD:
        yield [], [], [(f"and {len(ordered) - MOST_TOLD} more causes: see the report", "dim")]


def _next(failure: FailureSeen) -> Line:
    if failure.code == "bug":
        return "The other articles are not concerned.", "dim"
    if failure.code == "damaged":
        return "`harvester verify --repair` fetches it again.", "dim"
    if failure.code in OF_ITS_FOLDER:
        return "Looked at again whenever it is named; the other articles are not concerned.", "dim"
    if failure.retryable:
        return "May heal: give the same command again later.", "dim"
    if failure.kind == "article" and not urls.is_web(failure.url):
        return "Looked at again whenever it is given.", "dim"
    if failure.kind == "article":
        return "Given by hand, it is asked for at once; where a list names it, in an hour, then ever less often.", "dim"
    return "Not asked again without --force.", "dim"


def _facts(report: Report, output: Path, config: str) -> Iterator[tuple[str, str]]:
    yield "results", str(output)
    yield "report", str(output / ".harvester" / "runs" / f"{report.run}.json")
    yield "configuration", config
    if report.interrupted is not None or report.out_of_time:
        yield "stopped", "give the same command again to go on: what is there is not fetched twice"
    if report.exit_status() is not Exit.DONE:
        yield "exit status", f"{report.exit_status():d}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"

"""What is worth a line while a harvest runs, as text for people; `json_log` says it to machines."""

from __future__ import annotations

from rich.text import Text

from harvester import events
from harvester.terminal.screens.console import counted, safe, size, without_url

_MARKS = {"good": ("✓", "green"), "some": ("!", "yellow"), "bad": ("✗", "red"), "note": ("·", "dim")}


def text_line(event: events.Event, *, quiet: bool = False, verbose: bool = False) -> Text | None:
    """Say an event in a line; None when nobody asked to hear of it."""
    match event:
        case events.JobStarted():
            return None if quiet else Text.assemble("\n", ("job ", "dim"), safe(event.job, "bold"))
        case events.JobAwaited():
            return None if quiet else _line("note", f"next: {event.job} at {event.at}")
        case events.ArticleWritten():
            return None if quiet else _written(event)
        case events.ArticleLost():
            return _line("bad", f"{event.url}: {without_url(event.message, event.url)}")
        case events.ArticleSkipped():
            return None if quiet else _line("note", f"{event.url}: {event.reason}")
        case events.Warned():
            return _line("some", event.message)
        case events.HostHeld():
            return None if quiet else _line("note", f"{event.host} is not asked for {event.seconds:.0f} s: {event.why}")
        case events.AssetFailed(excused=False) if quiet or verbose:
            return _line("bad", f"  {event.kind} {event.url}: {without_url(event.message, event.url)}")
        case _:
            return _detail(event) if verbose else None


def _written(event: events.ArticleWritten) -> Text:
    title = event.title or event.url
    if event.unchanged:
        return _line("good", title, "already there")
    told = [f"{event.saved} saved"]
    told += [f"{event.failed} failed"] if event.failed else []
    told += [f"{event.skipped} skipped"] if event.skipped else []
    return _line("some" if event.failed else "good", title, ", ".join(told))


def _detail(event: events.Event) -> Text | None:
    match event:
        case events.ArticleOpened():
            return _line("note", f"opening {event.url}")
        case events.ArticlePlanned():
            has = f"{counted(event.images, 'picture')}, {counted(event.videos, 'video')}"
            return _line("note", f"{event.url}: {has}")
        case events.AssetFailed():
            return _line("note", f"  {event.kind} {event.url}: {without_url(event.message, event.url)}")
        case events.AssetSaved():
            return _line("note", f"  {event.kind} {event.url}, {size(event.bytes)}")
        case _:
            return None


def _line(mark: str, said: str, outcome: str = "") -> Text:
    sign, style = _MARKS[mark]
    line = Text.assemble((sign, style), " ", safe(said, "dim" if mark == "note" else ""))
    return line.append(f"  {outcome}", "dim") if outcome else line

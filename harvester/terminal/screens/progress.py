"""How a running harvest shows: one display that stays in place on a terminal, plain lines everywhere else."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from harvester import events
from harvester.events import Emit, Event
from harvester.terminal.screens import log
from harvester.terminal.screens.console import Stream, counted, safe, size

WINDOW = 5.0
"""Seconds over which the rate is taken."""


@contextmanager
def shown(
    stream: Stream, *, quiet: bool = False, verbose: bool = False, json: bool = False, still: bool = False
) -> Iterator[Emit]:
    """Show a run on *stream* while the context lasts, only in lines if *still*; yield the listener for its events."""
    if json:
        from harvester.terminal.screens.json_log import JsonLog

        tell = JsonLog().tell
        yield lambda event: tell(event) if _worth_a_line(event, verbose) else None
        return

    def say(event: Event) -> None:
        line = log.text_line(event, quiet=quiet, verbose=verbose)
        if line is not None:
            stream.show([line])

    if quiet or still or not stream.is_terminal:
        yield say
        return
    display = Display()
    with Live(get_renderable=display.draw, console=stream, refresh_per_second=8, transient=True):
        yield _both(display.hear, say)


class Display:
    """The counts of a running harvest, and how they are drawn."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._done = self._open = self._pictures = self._videos = self._failed = self._bytes = 0
        self._asked: Counter[str] = Counter()
        self._films: dict[str, events.VideoProgress] = {}
        self._samples: deque[tuple[float, int]] = deque([(self._started, 0)])
        self._spinner = Spinner("dots", style="green")

    def hear(self, event: Event) -> None:
        """Count an event."""
        match event:
            case events.ArticleOpened():
                self._open += 1
            case events.ArticleWritten() | events.ArticleLost():
                self._open, self._done = max(0, self._open - 1), self._done + 1
            case events.AssetSaved(kind="video"):
                self._videos += 1
                self._films.pop(event.url, None)
            case events.AssetSaved():
                self._pictures += 1
            case events.AssetFailed():
                self._failed += event.kind != "poster" and not event.excused
                self._films.pop(event.url, None)
            case events.BytesReceived():
                self._bytes += event.bytes
            case events.RequestStarted():
                self._asked[event.host] += 1
            case events.RequestEnded():
                self._asked[event.host] -= 1
            case events.VideoProgress():
                self._follow(event)
            case _:
                pass

    def _follow(self, event: events.VideoProgress) -> None:
        self._films[event.url] = event
        if event.phase == "done":
            del self._films[event.url]

    def draw(self) -> RenderableType:
        """Draw the counts, the hosts that are being asked, and the videos that are running."""
        now = self._clock()
        self._samples.append((now, self._bytes))
        while len(self._samples) > 2 and self._samples[1][0] < now - WINDOW:
            self._samples.popleft()
        grid = Table.grid(padding=(0, 1))
        grid.add_row(self._spinner, Text(self._counts(now), no_wrap=True, overflow="ellipsis"))
        grid.add_row("", Text.assemble("asking ", safe(self._hosts()), style="dim", no_wrap=True, overflow="ellipsis"))
        films = [Text(_film(event), style="dim", no_wrap=True, overflow="ellipsis") for event in self._films.values()]
        return Group(grid, *films[:4])

    def _counts(self, now: float) -> str:
        parts = [f"{counted(self._done, 'article')} done, {self._open} open", counted(self._pictures, "picture")]
        parts += [counted(self._videos, "video")] if self._videos else []
        parts += [f"{self._failed} failed"] if self._failed else []
        parts += [f"{size(self._bytes)} at {size(self._rate(now))}/s", _clock_time(now - self._started)]
        return " · ".join(parts)

    def _rate(self, now: float) -> float:
        then, had = self._samples[0]
        return (self._bytes - had) / (now - then) if now > then else 0.0

    def _hosts(self) -> str:
        asked = [(host, count) for host, count in self._asked.most_common(4) if count > 0]
        more = sum(count > 0 for count in self._asked.values()) - len(asked)
        named = ", ".join(host if count == 1 else f"{host} ×{count}" for host, count in asked)
        return f"{named} and {more} more" if more > 0 else named or "nobody"


def _both(one: Emit, other: Emit) -> Emit:
    def hear(event: Event) -> None:
        one(event)
        other(event)

    return hear


def _worth_a_line(event: Event, verbose: bool) -> bool:
    chatter = (events.RequestStarted, events.RequestEnded, events.BytesReceived, events.VideoProgress)
    details = (events.ArticleOpened, events.ArticlePlanned, events.AssetSaved)
    return not isinstance(event, chatter) and (verbose or not isinstance(event, details))


def _film(event: events.VideoProgress) -> str:
    whole = f" of {size(event.total)}" if event.total else ""
    rate = f" at {size(event.rate)}/s" if event.rate else ""
    return f"  video {event.phase}: {size(event.bytes)}{whole}{rate}"


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"

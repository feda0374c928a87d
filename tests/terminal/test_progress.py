"""How a run shows while it runs: one display on a terminal, lines elsewhere, JSON for machines."""

from __future__ import annotations

import io

import msgspec
import pytest
from rich.console import Console

from harvester import events
from harvester.terminal.screens import log
from harvester.terminal.screens.json_log import JsonLog
from harvester.terminal.screens.progress import Display

WRITTEN = events.ArticleWritten(url="http://a.example/1", title="One", folder="a", saved=3, failed=0, skipped=0)
LOST = events.ArticleLost(
    url="http://a.example/2", code="http_404", message="http://a.example/2: the server answered 404"
)
FAILED = events.AssetFailed(
    url="http://a.example/x.jpg", kind="image", code="truncated", message="it ends too early", article="a"
)
TORN = "✗   image http://a.example/x.jpg: it ends too early"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def drawn(display: Display, width: int = 120) -> str:
    written = io.StringIO()
    Console(file=written, width=width).print(display.draw())
    return written.getvalue()


def test_the_display_counts_articles_pictures_bytes_and_names_the_hosts() -> None:
    clock = Clock()
    display = Display(clock)
    for event in (
        events.ArticleOpened(url="http://a.example/1"),
        events.ArticleOpened(url="http://a.example/2"),
        events.RequestStarted(host="img.example"),
        events.RequestStarted(host="img.example"),
        events.RequestStarted(host="www.example"),
        events.RequestEnded(host="www.example"),
        events.BytesReceived(host="img.example", bytes=3_000_000),
        events.AssetSaved(url="http://img.example/1.jpg", kind="image", bytes=3_000_000, article="a"),
        FAILED,
        WRITTEN,
    ):
        display.hear(event)
    clock.now = 2.0

    shown = drawn(display)

    assert "1 article done, 1 open · 1 picture · 1 failed · 3.0 MB at 1.5 MB/s · 0:02" in shown
    assert "asking img.example ×2" in shown
    assert "www.example" not in shown


def test_the_rate_is_that_of_the_last_seconds() -> None:
    clock = Clock()
    display = Display(clock)
    display.hear(events.BytesReceived(host="a", bytes=9_000_000))
    for clock.now in range(1, 30):
        shown = drawn(display)

    assert "9.0 MB at 0 B/s" in shown


def test_a_running_video_has_its_line() -> None:
    display = Display(Clock())
    display.hear(events.VideoProgress(url="v", phase="download", bytes=1_000_000, total=4_000_000, rate=500_000))

    assert "video download: 1.0 MB of 4.0 MB at 500 kB/s" in drawn(display)

    display.hear(events.AssetSaved(url="v", kind="video", bytes=4_000_000, article="a"))

    assert "download" not in drawn(display)


def test_the_display_fits_a_narrow_terminal() -> None:
    display = Display(Clock())
    display.hear(events.RequestStarted(host="a-very-long-name." * 8 + "example"))

    assert all(len(line) <= 60 for line in drawn(display, width=60).splitlines())


@pytest.mark.parametrize(
    ("event", "quiet", "plain", "verbose"),
    [
        (WRITTEN, None, "✓ One  3 saved", "✓ One  3 saved"),
        (LOST, *["✗ http://a.example/2: the server answered 404"] * 3),
        (FAILED, TORN, None, TORN),
        (msgspec.structs.replace(FAILED, excused=True), None, None, TORN.replace("✗", "·")),
        (events.Warned(code="x", message="look here"), *["! look here"] * 3),
        (events.HostHeld(host="a.b", seconds=30, why="429"), None, *["· a.b is not asked for 30 s: 429"] * 2),
        (events.ArticleOpened(url="http://a.example/1"), None, None, "· opening http://a.example/1"),
        (events.RequestStarted(host="a.example"), None, None, None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, events.Event) else "",
)  # fmt: skip
def test_a_line_is_said_to_those_who_asked(
    event: events.Event, quiet: str | None, plain: str | None, verbose: str | None
) -> None:
    said = [log.text_line(event, quiet=True), log.text_line(event), log.text_line(event, verbose=True)]

    assert [line and line.plain for line in said] == [quiet, plain, verbose]


def test_an_article_with_a_failure_and_one_already_there_look_different() -> None:
    some = msgspec.structs.replace(WRITTEN, failed=1, skipped=2)
    there = msgspec.structs.replace(WRITTEN, unchanged=True)

    assert str(log.text_line(some)) == "! One  3 saved, 1 failed, 2 skipped"
    assert str(log.text_line(there)) == "✓ One  already there"


def test_a_json_line_names_the_event_and_its_time() -> None:
    written: list[bytes] = []
    JsonLog(written.append).tell(LOST)
    line = msgspec.json.decode(written[0])

    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "article_lost",
        "url": "http://a.example/2",
        "code": "http_404",
        "message": "http://a.example/2: the server answered 404",
        "retryable": False,
    }


def test_json_lines_within_a_job_name_it_and_its_run() -> None:
    written: list[bytes] = []
    lines = JsonLog(written.append)
    for event in (events.JobStarted(job="daily", run="r1"), LOST, events.JobStarted(job="hourly", run="r2"), LOST):
        lines.tell(event)

    told = [msgspec.json.decode(line) for line in written]
    assert [(line["event"], line["job"], line["run"]) for line in told] == [
        ("job_started", "daily", "r1"),
        ("article_lost", "daily", "r1"),
        ("job_started", "hourly", "r2"),
        ("article_lost", "hourly", "r2"),
    ]


def test_a_title_cannot_write_a_second_line() -> None:
    forged = msgspec.structs.replace(WRITTEN, title="One\n✓ Two\x1b[2J")

    assert str(log.text_line(forged)) == "✓ One ✓ Two\\x1b[2J  3 saved"

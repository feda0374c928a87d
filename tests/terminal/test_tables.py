"""What is drawn of a plan, of an outcome and of a run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from rich.text import Text

from harvester import events
from harvester.config import Choice
from harvester.model import (
    Article,
    Attempt,
    Best,
    Failed,
    File,
    Image,
    LeftOut,
    Manifest,
    Outcome,
    Page,
    Planned,
    Problem,
    Repair,
    Saved,
    Skipped,
    Source,
    Thumbnail,
    Variant,
    Video,
)
from harvester.runs.report import Report
from harvester.terminal.screens import plan as tables
from harvester.terminal.screens import results

LARGE = "http://img.example/w1600/one.jpg"
SMALL = "http://img.example/w480/one.webp"


def drawn(lines: Iterable[Text]) -> str:
    return "\n".join(line.plain for line in lines)


def manifest(*, images: tuple[Image, ...] = (), videos: tuple[Video, ...] = (), **rest: object) -> Manifest:
    url = "http://a.example/story"
    article = Article(
        url=url,
        canonical_url=url,
        urls=(url,),
        key="k" * 16,
        site="a.example",
        title="A [red]story[/red]",
        published="2026-03-14",
        modified=None,
        language="en",
        authors=("Ines Quell",),
        description=None,
        source=Source(kind="page", given=url),
        page=Page(),
        repairs=(Repair(kind="glued tag", count=3),),
    )
    return Manifest(
        generator="",
        run=None,
        config_digest="",
        harvested_at=None,
        article=article,
        images=images,
        videos=videos,
        **rest,  # type: ignore[arg-type]
    )


def image(outcome: Outcome | None = None, attempts: tuple[Attempt, ...] = ()) -> Image:
    return Image(
        number=1,
        role="lead",
        caption="The bay.",
        credit="T. Brandt",
        variants=(
            Variant(url=SMALL, width=480, type="image/webp", origin="source[srcset]"),
            Variant(url=LARGE, width=1600, origin="img[srcset]"),
        ),
        best=Best(url=LARGE, width=1600, reason="1600 px wide, the largest of 2 declared"),
        attempts=attempts,
        outcome=outcome or Planned(),
    )


SAVED = Saved(
    file=File(
        path="images/01-one.jpg", url=LARGE, sha256="0", bytes=236_000, type="image/jpeg", width=1600, height=900
    ),
    thumbnails=(Thumbnail(path="t", width=320, height=180, type="image/jpeg", bytes=1),),
)


def test_a_plan_shows_the_renditions_in_the_order_in_which_they_are_tried() -> None:
    shown = drawn(tables.planned(manifest(images=(image(),)), Choice(), 120))

    assert shown.index(LARGE) < shown.index(SMALL)
    assert "1600 px wide, the largest of 2 declared" in shown
    assert "img[srcset]" in shown
    assert "Image 1  lead  The bay.  (T. Brandt)" in shown
    assert "glued tag ×3" in shown


def test_a_plan_shows_videos_and_what_is_left_out_with_the_reason() -> None:
    video = Video(
        number=1, provider="youtube", id="OrchardGz15", url="https://www.youtube.com/watch?v=OrchardGz15",
        origin="iframe[src]", embedded=False, start=42, confidence=0.6,
    )  # fmt: skip
    left = (LeftOut(url="http://a.example/logo.png", reason="a logo in the header"),)

    shown = drawn(tables.planned(manifest(videos=(video,), left_out=left), Choice(), 120))

    assert "video, OrchardGz15, linked, not embedded, from 42 s, confidence 60%" in shown
    assert "https://www.youtube.com/watch?v=OrchardGz15" in shown
    assert "a logo in the header  http://a.example/logo.png" in shown
    assert "0 pictures, 1 video, 1 left out. Nothing was downloaded." in shown


def test_markup_in_a_title_is_text() -> None:
    assert "A [red]story[/red]" in drawn(tables.planned(manifest(), Choice(), 120))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_plan_fits_the_terminal(width: int) -> None:
    long = "http://img.example/" + "segment/" * 40 + "one.jpg"
    left = (LeftOut(url=long, reason="a logo in the header"),)

    shown = drawn(tables.planned(manifest(images=(image(),), left_out=left), Choice(), width))

    assert max(map(len, shown.splitlines())) <= width
    assert "one.jpg" in shown


def test_an_outcome_shows_file_size_and_what_was_tried_before() -> None:
    tried = (Attempt(url="http://img.example/w1920/one.jpg", result="http_404"), Attempt(url=LARGE, result="accepted"))

    shown = drawn(results.files(manifest(images=(image(SAVED, tried),)), Path("downloads/a"), 120))

    assert "images/01-one.jpg" in shown
    assert "1600×900" in shown
    assert "236 kB" in shown
    assert "1 thumbnail" in shown
    assert "the largest of 2 declared (http_404)" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (
            Failed(error=Problem(code="http_404", message="the server has no such file")),
            "failed  the server has no such file",
        ),
        (Skipped(reason="too small to count"), "noted  too small to count"),
        (Planned(), "open  not tried yet: the run was stopped"),
    ],
)
def test_an_outcome_that_is_no_file_says_why(outcome: Outcome, said: str) -> None:
    assert said in drawn(results.files(manifest(images=(image(outcome),)), Path("downloads/a"), 120))


def heard(*happened: events.Event) -> Report:
    report = Report("20260314T190000Z-0000")
    for event in happened:
        report.hear(event)
    report.end()
    return report


def failure(number: int, code: str = "http_404", *, retryable: bool = False) -> events.AssetFailed:
    url, message = f"http://img.example/{number}.jpg", f"words of {code}"
    return events.AssetFailed(url=url, kind="image", code=code, message=message, article="a", retryable=retryable)


def test_a_summary_says_what_was_saved_and_where_it_lies() -> None:
    written = events.ArticleWritten(url="u", title="One", folder="a", saved=2, failed=0, skipped=0)
    saved = events.AssetSaved(url="u", kind="image", bytes=5, article="a")

    shown = drawn(results.summary(heard(saved, saved, written), Path("out"), "my.toml", 120))

    assert "2 pictures saved of 1 article (0 B in 0.0 s)." in shown
    assert "results        out" in shown
    assert "out/.harvester/runs/20260314T190000Z-0000.json" in shown
    assert "configuration  my.toml" in shown
    assert "exit status" not in shown


def test_a_summary_groups_failures_by_cause_and_says_what_to_do() -> None:
    shown = drawn(
        results.summary(
            heard(*map(failure, range(5)), failure(9, "timeout", retryable=True)), Path("out"), "defaults", 120
        )
    )

    assert "5 ×  http_404" in shown
    assert "words of http_404" in shown
    assert "May heal: give the same command again later." in shown
    assert "exit status    3" in shown


@pytest.mark.parametrize(("url", "said"), [("http://a.example/1", "in an hour"), ("notes.txt", "whenever it is given")])
def test_a_summary_says_when_an_article_is_asked_for_again(url: str, said: str) -> None:
    lost = events.ArticleLost(url=url, code="robots", message="words", retryable=False)

    shown = drawn(results.summary(heard(lost), Path("out"), "defaults", 120))

    assert said in shown


def test_a_summary_of_many_causes_stays_short() -> None:
    shown = drawn(results.summary(heard(*(failure(n, f"code_{n}") for n in range(50))), Path("out"), "defaults", 120))

    assert "and 44 more causes: see the report" in shown
    assert len(shown.splitlines()) < 40

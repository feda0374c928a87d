"""The demonstration: the site that comes with harvester, harvested for real, and what was found shown file by file."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from harvester import config
from harvester.config import Config
from harvester.demo import site
from harvester.pipeline.article import Harvested
from harvester.pipeline.boundary import Lost
from harvester.runs import batch
from harvester.runs.report import Exit
from harvester.terminal.actions import run as harvesting
from harvester.terminal.screens import results
from harvester.terminal.screens.console import Stream, counted, safe


def show(proxy: str, output: Path) -> Exit:
    """Harvest the site that *proxy* serves into *output* and draw what came of it; return the exit status."""
    err, out = Stream(stderr=True), Stream()
    err.print(Text(f"{site.NAME}, {counted(len(site.ARTICLES), 'article')}, served from this machine at {proxy}"))
    done: list[Harvested | Lost] = []
    report = harvesting.run(
        lambda emit, stopping: batch.harvest(
            list(site.ARTICLES),
            _settings(proxy, output),
            output=output,
            emit=emit,
            done=done.append,
            stopping=stopping,
        ),
        voice=harvesting.Voice(),
        stream=err,
    )
    for harvested in sorted((result for result in done if isinstance(result, Harvested)), key=_place):
        note = site.ARTICLES[harvested.manifest.article.source.given]
        out.show([*results.files(harvested.manifest, output / harvested.folder, out.width, note), Text()])
    if report.error is not None:
        err.print(safe(f"Error: {report.error}", "red"))
    out.show([*results.summary(report, output, "the demonstration's own", out.width), Text(), _next(output)])
    return report.exit_status()


def _settings(proxy: str, output: Path) -> Config:
    """Everything through the site's own proxy, and no provider of videos: nothing can leave the machine."""
    return Config(
        output=config.Output(directory=str(output)),
        web=config.Web(proxy=proxy, page_delay=0.0),
        videos=config.Videos(providers=()),
    )


def _place(harvested: Harvested) -> int:
    return list(site.ARTICLES).index(harvested.manifest.article.source.given)


def _next(output: Path) -> Text:
    look = f"Look into {output}: every folder has its manifest.json. Given again, the demonstration downloads nothing."
    return Text(f"{look}\nYours next: harvester inspect URL, then harvester harvest URL.", "dim")

"""The flags, each declared once with its help; a command picks those it has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from harvester.terminal import times as moments

Kind = Literal["page", "html", "item", "list", "folder", "feed", "sitemap", "opml", "warc", "crawl"]

# Hidden, since typer would tell a Python type beside it: each command says in its own words what a SOURCE is.
Sources = Annotated[list[str] | None, typer.Argument(metavar="SOURCE...", hidden=True)]
Lists = Annotated[
    list[Path] | None,
    typer.Option(
        "-i",
        "--input",
        metavar="FILE",
        help="Read sources from FILE, a line each; repeatable.",
        show_default=False,
    ),
]
As = Annotated[
    Kind | None,
    typer.Option(
        "--as",
        metavar="KIND",
        help="Take every SOURCE as KIND: page, html, item, list, folder, feed, sitemap, opml, warc or crawl.",
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option("--base-url", metavar="URL", help="Where a saved page came from; its relative links start there."),
]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="DIR", help="Where results go.  [default: downloads]", show_default=False),
]
OutputArgument = Annotated[Path | None, typer.Argument(metavar="OUTPUT", hidden=True)]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "-c",
        "--config",
        metavar="FILE",
        help="Read FILE instead of ./config.toml or the one of your home directory.",
        show_default=False,
    ),
]
DryRun = Annotated[bool, typer.Option("-n", "--dry-run", help="Say what would be taken; download and write nothing.")]
Scope = Annotated[
    Literal["article", "page"] | None,
    typer.Option("--scope", metavar="SCOPE", help="Take the pictures of the article, or all of the page."),
]
Force = Annotated[bool, typer.Option("--force", help="Ask for everything again, also for what is already there.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="WHEN", help="Leave out what is older than a date (2026-03-14) or an age (12h, 3d)."
    ),
]
MaxArticles = Annotated[
    int | None, typer.Option("--max-articles", metavar="N", min=1, help="Stop after N articles.", show_default=False)
]
Depth = Annotated[
    int,
    typer.Option(
        "--depth", metavar="N", min=0, help="Follow links N deep from a crawl's page.  [default: 1]", show_default=False
    ),
]
Allow = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="REGEX",
        help="Of what sources lead to, take only addresses in which REGEX is found; repeatable.",
        show_default=False,
    ),
]
Deny = Annotated[
    list[str] | None,
    typer.Option(
        "--deny", metavar="REGEX", help="Leave out addresses in which REGEX is found; repeatable.", show_default=False
    ),
]
NoVideo = Annotated[bool, typer.Option("--no-video", help="Note videos in the manifest, but do not download them.")]
Deadline = Annotated[
    str | None,
    typer.Option("--deadline", metavar="TIME", help="Begin nothing new after TIME (90s, 20m, 2h) and end cleanly."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object per article on standard output.")]
JsonAtOnce = Annotated[bool, typer.Option("--json", help="Print it as one line of JSON.")]
JsonOfFiles = Annotated[bool, typer.Option("--json", help="Print a line of JSON for each file.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say only what went wrong.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Say more: every file, every failure as it happens.")]
LogFormat = Annotated[
    Literal["text", "json"],
    typer.Option("--log-format", metavar="FORMAT", help="Write the log on standard error as text or as JSON lines."),
]
Due = Annotated[bool, typer.Option("--due", help="Run only the jobs whose time came since their last run.")]
OnFinish = Annotated[
    str | None,
    typer.Option(
        "--on-finish",
        metavar="COMMAND",
        help="Start COMMAND, without a shell, when a run has ended; its report is on standard input.",
        show_default=False,
    ),
]
Metrics = Annotated[
    Path | None,
    typer.Option("--metrics", metavar="FILE", help="Write metrics for Prometheus to FILE.", show_default=False),
]
Jobs = Annotated[list[str] | None, typer.Argument(metavar="JOB...", hidden=True)]
Shard = Annotated[
    str | None,
    typer.Option("--shard", metavar="I/N", help="Take part I of N of the articles, for N machines on one output."),
]
Wait = Annotated[
    float,
    typer.Option(
        "--wait",
        metavar="SECONDS",
        callback=moments.seconds,
        help="Wait this long for another run on the same output to end, instead of exit status 75.",
        show_default=False,
    ),
]

"""`harvester harvest`: articles in, folders with manifests out."""

from __future__ import annotations

from pathlib import Path

import typer

from harvester.errors import UsageError
from harvester.terminal import options
from harvester.terminal import times as moments

EXAMPLES = """
Examples:

\b
  harvester harvest https://example.org/2026/03/story
  harvester harvest page.html --base-url https://example.org/2026/03/story
  harvester harvest item.txt                      a saved feed item
  harvester harvest https://example.org/feed --max-articles 10
  harvester harvest --as crawl https://example.org/world --allow /2026/
  harvester harvest crawl.warc.gz                 an archive, no network
  harvester harvest -i urls.txt -o archive        a list, a line each
  harvester harvest --json URL | jq -r '.images[].file.path'

Given again, the same command fetches only what is missing or has changed.

Exit status: 0 all done or already there, 3 something failed, 4 no article could be had, 5 the output could not be
written, 75 another run is writing there, 130 or 143 interrupted.
"""


def add_to(app: typer.Typer) -> None:
    """Put `harvest` on the command line."""
    app.command(epilog=EXAMPLES)(harvest)


def harvest(
    sources: options.Sources = None,
    lists: options.Lists = None,
    output: options.Output = None,
    dry_run: options.DryRun = False,
    scope: options.Scope = None,
    no_video: options.NoVideo = False,
    kind: options.As = None,
    base_url: options.BaseUrl = None,
    since: options.Since = None,
    max_articles: options.MaxArticles = None,
    depth: options.Depth = 1,
    allow: options.Allow = None,
    deny: options.Deny = None,
    force: options.Force = False,
    deadline: options.Deadline = None,
    wait: options.Wait = 0.0,
    shard: options.Shard = None,
    metrics: options.Metrics = None,
    config_file: options.ConfigFile = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    log_format: options.LogFormat = "text",
) -> None:
    """Save every picture and video of articles, at their best.

    SOURCE is a URL, a saved page, a saved feed item, a feed, a sitemap, an OPML file, a WARC, a folder of such files,
    @LIST (a file with a source on each line) or - (such a list on standard input). What it is, is recognised; --as
    overrules.

    Every article gets a folder <site>/<year>/<month>/<title>-<key> with its images, thumbnails and manifest.json.
    """
    given = [*(sources or ()), *(f"@{file}" for file in lists or ())]
    if not given:
        raise UsageError("harvest what? Give a URL, a file, a folder, @LIST or -; `harvester harvest -h` tells more.")

    from harvester.articles.sources.reader import Reach
    from harvester.terminal import settings
    from harvester.terminal.actions import inspect as inspecting

    found = settings.read(config_file)
    config = settings.under_flags(found.config, output=output, scope=scope, no_video=no_video)
    after = moments.since(since) if since is not None else None
    reach = Reach(depth=depth, allow=tuple(allow or ()), deny=tuple(deny or ()))
    if dry_run:
        wanted = inspecting.Wanted(kind=kind, base_url=base_url, since=after, max_articles=max_articles, reach=reach)
        raise typer.Exit(inspecting.inspect(given, config, wanted, json=json))

    from harvester.runs import batch
    from harvester.runs.shard import parse_shard
    from harvester.terminal.actions import metrics as measuring
    from harvester.terminal.actions import run as harvesting
    from harvester.terminal.screens.console import Stream

    asked = batch.Options(
        kind=kind,
        base_url=base_url,
        force=force,
        since=after,
        max_articles=max_articles,
        deadline=moments.span(deadline, "--deadline") if deadline is not None else None,
        wait=wait,
        shard=parse_shard(shard) if shard else None,
        reach=reach,
    )
    folder = Path(config.output.directory)
    meter = measuring.MetricsOutput(metrics)
    voice, stream = harvesting.Voice(quiet=quiet, verbose=verbose, json=log_format == "json"), Stream(stderr=True)
    report = harvesting.run(
        lambda emit, stopping: batch.harvest(
            given,
            config,
            output=folder,
            options=asked,
            emit=meter.beside(emit),
            done=lambda result: harvesting.print_json(result, folder) if json else None,
            stopping=stopping,
        ),
        voice=voice,
        stream=stream,
    )
    harvesting.close(report, config, found.path, voice=voice, stream=stream)
    meter.end(report)
    raise typer.Exit(report.exit_status())

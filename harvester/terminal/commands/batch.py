"""`harvester batch`: the jobs of the configuration, once."""

from __future__ import annotations

import typer

from harvester.terminal import options
from harvester.terminal import times as moments

EXAMPLES = """
Examples:

\b
  harvester batch                     every job of the configuration
  harvester batch gazette saved       these two
  harvester batch --due -q            those whose time has come: for cron

Exit status: as `harvester harvest`, the worst of all jobs; 75 when a job's output is being written by another run.
"""


def add_to(app: typer.Typer) -> None:
    """Put `batch` on the command line."""
    app.command(epilog=EXAMPLES)(batch)


def batch(
    jobs: options.Jobs = None,
    due: options.Due = False,
    output: options.Output = None,
    since: options.Since = None,
    max_articles: options.MaxArticles = None,
    force: options.Force = False,
    deadline: options.Deadline = None,
    wait: options.Wait = 0.0,
    shard: options.Shard = None,
    on_finish: options.OnFinish = None,
    metrics: options.Metrics = None,
    config_file: options.ConfigFile = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    log_format: options.LogFormat = "text",
) -> None:
    """Run the jobs of the configuration, once.

    All of them if no JOB is named, one after the other. Each has its own report; one that fails stops no other.
    """
    from harvester.runs.scheduling import jobs as running
    from harvester.runs.scheduling.timetable import check_crons
    from harvester.runs.shard import parse_shard
    from harvester.terminal import settings
    from harvester.terminal.actions import jobs as batching
    from harvester.terminal.actions import run as harvesting

    found = settings.read(config_file)
    asked = running.JobFlags(
        output=output,
        force=force,
        since=moments.since(since) if since is not None else None,
        max_articles=max_articles,
        deadline=moments.span(deadline, "--deadline") if deadline is not None else None,
        wait=wait,
        shard=parse_shard(shard) if shard else None,
        on_finish=batching.split_command(on_finish) if on_finish is not None else None,
    )
    check_crons(found.config.job, str(found.path))
    wanted = running.chosen(found.config, jobs or ())
    if due:
        wanted = running.due(wanted, found.config, asked)
    voice = harvesting.Voice(quiet=quiet, verbose=verbose, json=log_format == "json")
    raise typer.Exit(batching.run(wanted, found, asked, voice=voice, json=json, metrics=metrics))

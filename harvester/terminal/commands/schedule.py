"""`harvester schedule`: stay, and run each job when its time comes."""

from __future__ import annotations

from typing import Annotated

import typer

from harvester.errors import UsageError
from harvester.terminal import options
from harvester.terminal import times as moments

EXAMPLES = """
Examples:

\b
  harvester schedule                        every job that has a cron line
  harvester schedule gazette -o archive     this one
  harvester schedule --metrics-port 9465    and metrics for Prometheus
  harvester schedule --print-systemd        print units instead of staying

SIGHUP reads the configuration again, SIGTERM ends cleanly.

Exit status: 0 ended by SIGTERM, 130 by Ctrl-C, 2 the configuration is wrong. How runs end stands in their reports.
"""

MetricsPort = Annotated[
    str | None,
    typer.Option(
        "--metrics-port",
        metavar="[HOST:]PORT",
        help="Answer Prometheus on PORT, of this machine only unless a HOST is given.",
        show_default=False,
    ),
]
PrintSystemd = Annotated[bool, typer.Option("--print-systemd", help="Print a service and timers for systemd.")]
PrintCrontab = Annotated[bool, typer.Option("--print-crontab", help="Print a line for a crontab.")]
PrintK8s = Annotated[bool, typer.Option("--print-k8s", help="Print CronJobs for Kubernetes.")]


def add_to(app: typer.Typer) -> None:
    """Put `schedule` on the command line."""
    app.command(epilog=EXAMPLES)(schedule)


def schedule(
    jobs: options.Jobs = None,
    output: options.Output = None,
    deadline: options.Deadline = None,
    wait: options.Wait = 0.0,
    shard: options.Shard = None,
    on_finish: options.OnFinish = None,
    metrics: options.Metrics = None,
    metrics_port: MetricsPort = None,
    print_systemd: PrintSystemd = False,
    print_crontab: PrintCrontab = False,
    print_k8s: PrintK8s = False,
    config_file: options.ConfigFile = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    log_format: options.LogFormat = "text",
) -> None:
    """Stay, and run each job when its time comes.

    Its cron expression says when; all jobs that have one are run if no JOB is named. One runs at a time; what was
    missed is caught up once.
    """
    import os

    from harvester.runs.scheduling import jobs as running
    from harvester.runs.shard import parse_shard
    from harvester.terminal.actions import jobs as batching
    from harvester.terminal.actions import metrics as measuring
    from harvester.terminal.actions import run as harvesting
    from harvester.terminal.actions import schedule as scheduling
    from harvester.terminal.actions import units as printing
    from harvester.terminal.screens.console import taken

    plan = scheduling.Plan(jobs or (), config_file)
    asked_for = zip(printing.KINDS, (print_systemd, print_crontab, print_k8s), strict=True)
    printed = [kind for kind, wanted in asked_for if wanted]
    if len(printed) > 1:
        raise UsageError("harvester schedule: one --print flag at a time.")
    if printed:
        with taken():
            typer.echo(printing.KINDS[printed[0]](plan), nl=False)
        return
    asked = running.JobFlags(
        output=output,
        deadline=moments.span(deadline, "--deadline") if deadline is not None else None,
        wait=wait,
        shard=parse_shard(shard) if shard else None,
        on_finish=batching.split_command(on_finish) if on_finish is not None else None,
    )
    voice = harvesting.Voice(quiet=quiet, verbose=verbose, json=log_format == "json", still=True)
    status = scheduling.stay(
        plan,
        asked,
        scheduling.service(os.environ),
        voice=voice,
        json=json,
        meter=measuring.MetricsOutput(metrics, measuring.address(metrics_port) if metrics_port is not None else None),
    )
    raise typer.Exit(status)

"""`harvester retry`: another try for what failed and may heal."""

from __future__ import annotations

import typer

from harvester.terminal import options

EXAMPLES = """
Examples:

\b
  harvester retry              what failed in the configured output
  harvester retry archive

Exit status: as `harvester harvest`.
"""


def add_to(app: typer.Typer) -> None:
    """Put `retry` on the command line."""
    app.command(epilog=EXAMPLES)(retry)


def retry(
    output: options.OutputArgument = None,
    deadline: options.Deadline = None,
    wait: options.Wait = 0.0,
    config_file: options.ConfigFile = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    log_format: options.LogFormat = "text",
) -> None:
    """Try again what failed and may heal, if its time has come.

    Pages are not asked again. What failed for good (a 404, a file that is no picture) is left: --force of `harvest`
    asks for it again.
    """
    from harvester.runs.execution import Options
    from harvester.runs.upkeep import retry as retrying
    from harvester.terminal import settings
    from harvester.terminal import times as moments
    from harvester.terminal.actions import run as harvesting
    from harvester.terminal.screens.console import Stream

    found = settings.read(config_file)
    config = settings.under_flags(found.config, output=output)
    voice = harvesting.Voice(quiet=quiet, verbose=verbose, json=log_format == "json")
    folder = settings.output_of(config)
    until = moments.span(deadline, "--deadline") if deadline is not None else None
    report = harvesting.run(
        lambda emit, stopping: retrying.retry(
            folder,
            config,
            options=Options(deadline=until, wait=wait),
            emit=emit,
            done=lambda result: harvesting.print_json(result, folder) if json else None,
            stopping=stopping,
        ),
        voice=voice,
        stream=Stream(stderr=True),
    )
    harvesting.close(report, config, found.path, voice=voice, stream=Stream(stderr=True))
    raise typer.Exit(report.exit_status())

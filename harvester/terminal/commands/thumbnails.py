"""`harvester thumbnails`: drawn again from the stored originals."""

from __future__ import annotations

import typer

from harvester.terminal import options

EXAMPLES = """
Examples:

\b
  harvester thumbnails                     with the widths configured now
  harvester thumbnails archive -c wide.toml

Exit status: as `harvester harvest`.
"""


def add_to(app: typer.Typer) -> None:
    """Put `thumbnails` on the command line."""
    app.command(epilog=EXAMPLES)(thumbnails)


def thumbnails(
    output: options.OutputArgument = None,
    wait: options.Wait = 0.0,
    config_file: options.ConfigFile = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    log_format: options.LogFormat = "text",
) -> None:
    """Make all thumbnails again, after a change of [thumbnails].

    Needs no network: they are drawn from the stored originals.
    Thumbnails that are no longer asked for are removed; the originals are never touched.
    """
    from harvester.runs.execution import Options
    from harvester.runs.upkeep import thumbnails as drawing
    from harvester.terminal import settings
    from harvester.terminal.actions import run as harvesting
    from harvester.terminal.screens.console import Stream

    found = settings.read(config_file)
    config = settings.under_flags(found.config, output=output)
    voice = harvesting.Voice(quiet=quiet, verbose=verbose, json=log_format == "json")
    folder = settings.output_of(config)
    report = harvesting.run(
        lambda emit, stopping: drawing.thumbnails(
            folder, config, options=Options(wait=wait), emit=emit, stopping=stopping
        ),
        voice=voice,
        stream=Stream(stderr=True),
    )
    harvesting.close(report, config, found.path, voice=voice, stream=Stream(stderr=True))
    raise typer.Exit(report.exit_status())

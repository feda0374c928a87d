"""`harvester status`: an output at a glance."""

from __future__ import annotations

import typer

from harvester.terminal import options

EXAMPLES = """
Examples:

\b
  harvester status
  harvester status archive --json | jq .failures_by_host
"""


def add_to(app: typer.Typer) -> None:
    """Put `status` on the command line."""
    app.command(epilog=EXAMPLES)(status)


def status(
    output: options.OutputArgument = None,
    config_file: options.ConfigFile = None,
    json: options.JsonAtOnce = False,
) -> None:
    """Tell what an output holds, what failed, and what waits.

    Failures are told by cause and host, postponed hosts with their time, and the last runs with their exit status.
    """
    from harvester.runs.upkeep import status as glance
    from harvester.terminal import settings
    from harvester.terminal.screens import status as surveying
    from harvester.terminal.screens.console import Stream, note, write_json

    config = settings.under_flags(settings.read(config_file).config, output=output)
    found = glance.status(settings.output_of(config), config.state.file, tell=note)
    if json:
        write_json(found)
    else:
        stream = Stream()
        stream.show(surveying.drawn(found, stream.width))

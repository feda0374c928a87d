"""`harvester verify`: is everything that was harvested still what it was?"""

from __future__ import annotations

from typing import Annotated

import typer

from harvester.terminal import options

EXAMPLES = """
Examples:

\b
  harvester verify                     look at every file of the output
  harvester verify archive --repair    and fetch again what is not sound
  harvester verify --json | jq -r 'select(.passed == false) | .path'

Exit status: 0 nothing is damaged or missing (or all of it was repaired), 9 something is, 5 the output cannot be read.
"""

Repair = Annotated[bool, typer.Option("--repair", help="Make damaged and missing files whole again.")]


def add_to(app: typer.Typer) -> None:
    """Put `verify` on the command line."""
    app.command(epilog=EXAMPLES)(verify)


def verify(
    output: options.OutputArgument = None,
    repair: Repair = False,
    wait: options.Wait = 0.0,
    config_file: options.ConfigFile = None,
    json: options.JsonOfFiles = False,
    quiet: options.Quiet = False,
) -> None:
    """Hash every file again; tell what is damaged or missing.

    Thumbnails have no hash in the manifest: their size is compared, and they count as unchecked. OUTPUT is the
    configuration's if none is given.
    """
    import asyncio

    from harvester.runs.report import Exit
    from harvester.terminal import auditing, settings
    from harvester.terminal.console import Stream

    config = settings.under_flags(settings.read(config_file).config, output=output)
    stream = Stream(stderr=True)
    tell = auditing.print_json if json else auditing.silent
    root = settings.output_of(config)
    found = asyncio.run(auditing.look(root, tell, stream, quiet=quiet))
    if repair and not found.is_sound:
        asyncio.run(auditing.repair(found, root, config, wait, stream, quiet=quiet))
        found = asyncio.run(auditing.look(root, auditing.silent, stream, quiet=quiet))
    raise typer.Exit(Exit.DONE if found.is_sound else Exit.DAMAGE)

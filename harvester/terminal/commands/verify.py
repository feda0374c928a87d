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
    from harvester.runs.report import Exit
    from harvester.runs.upkeep.verify import Audit
    from harvester.terminal import settings
    from harvester.terminal.actions import interrupts
    from harvester.terminal.screens import verify as auditing
    from harvester.terminal.screens.console import Stream, note

    config = settings.under_flags(settings.read(config_file).config, output=output)
    stream = Stream(stderr=True)
    tell = auditing.print_json if json else auditing.silent
    root = settings.output_of(config)

    async def work(stopping: object) -> Audit:
        found = await auditing.look(root, tell, stream, quiet=quiet)
        if not repair or found.is_sound:
            return found
        await auditing.repair(found, root, config, wait, stream, quiet=quiet)
        return await auditing.look(root, auditing.silent, stream, quiet=quiet)

    found = interrupts.run(work, note, patient=False)
    raise typer.Exit(Exit.DONE if found.is_sound else Exit.DAMAGE)

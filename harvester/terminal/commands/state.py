"""`harvester state`: the database that remembers, checked against the manifests or made again from them."""

from __future__ import annotations

import typer

from harvester.terminal import options

EXAMPLES = """
Examples:

\b
  harvester state check
  harvester state check archive
  harvester state rebuild

Exit status: 0 the database says what the manifests say, 9 it does not.
"""


def add_to(app: typer.Typer) -> None:
    """Put `state check` and `state rebuild` on the command line."""
    commands = typer.Typer(
        help="Check what is remembered between runs, or make it again.", epilog=EXAMPLES, no_args_is_help=True
    )
    commands.command(epilog=EXAMPLES)(check)
    commands.command(epilog=EXAMPLES)(rebuild)
    app.add_typer(commands, name="state")


def check(output: options.OutputArgument = None, config_file: options.ConfigFile = None) -> None:
    """Compare the database with the manifests, which are the truth."""

    from harvester.runs.report import Exit
    from harvester.runs.upkeep.rebuild import check as compare
    from harvester.stores.folder import Store
    from harvester.terminal import settings
    from harvester.terminal.screens.console import note, write_line
    from harvester.urls import printable

    config = settings.under_flags(settings.read(config_file).config, output=output)
    differences = compare(Store(settings.output_of(config)), config.state.file, note)
    for difference in differences:
        write_line(printable(difference).encode())
    typer.echo(
        "`harvester state rebuild` makes it again." if differences else "The database says what the manifests say.",
        err=True,
    )
    raise typer.Exit(Exit.DAMAGE if differences else Exit.DONE)


def rebuild(
    output: options.OutputArgument = None, wait: options.Wait = 0.0, config_file: options.ConfigFile = None
) -> None:
    """Make the index of articles, files and failures again from the manifests; what hosts asked for is kept."""
    from harvester.errors import StorageError
    from harvester.runs.execution import Options, execution
    from harvester.runs.report import Report
    from harvester.runs.upkeep import rebuild as rebuilding
    from harvester.terminal import settings
    from harvester.terminal.actions import interrupts
    from harvester.terminal.screens.console import note, warn
    from harvester.workers import Doing

    config = settings.under_flags(settings.read(config_file).config, output=output)
    report = Report()
    remembered: list[int] = []

    async def work(stopping: object) -> None:
        async with execution(settings.output_of(config), config, Options(wait=wait), report, emit=warn) as kit:
            reading = Doing("reading the manifests", rebuilding.rebuild)
            remembered.append(await kit.workers.run(reading, kit.collection.store, kit.collection.state, note))

    interrupts.run(work, note, patient=False)
    if report.storage is not None:
        raise StorageError(report.storage)
    typer.echo(f"Remembered {remembered[0]:,} articles from their manifests.", err=True)

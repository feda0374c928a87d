"""`harvester remove`: take an article out of an output."""

from __future__ import annotations

from typing import Annotated

import typer

from harvester.terminal import options

EXAMPLES = """
Examples:

\b
  harvester remove https://example.org/2026/03/story --reason "case 17"
"""


def add_to(app: typer.Typer) -> None:
    """Put `remove` on the command line."""
    app.command(epilog=EXAMPLES)(remove)


def remove(
    url: Annotated[str, typer.Argument(metavar="URL", hidden=True)],
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why, kept beside the date.")] = None,
    output: options.Output = None,
    wait: options.Wait = 0.0,
    config_file: options.ConfigFile = None,
) -> None:
    """Take an article away, and do not harvest it again.

    Its files go, but for those that another article needs. A tombstone remains: the article is not harvested again
    unless --force is given.
    """
    from harvester.errors import StorageError
    from harvester.runs.execution import Options, execution
    from harvester.runs.report import Report
    from harvester.runs.upkeep import remove as removal
    from harvester.terminal import settings
    from harvester.terminal.actions import interrupts
    from harvester.terminal.screens.console import note, warn

    config = settings.under_flags(settings.read(config_file).config, output=output)
    report = Report()
    removed: list[removal.Tombstone] = []

    async def work(stopping: object) -> None:
        async with execution(settings.output_of(config), config, Options(wait=wait), report, emit=warn) as kit:
            removed.append(removal.remove(url, kit, reason))

    interrupts.run(work, note, patient=False)
    if report.storage is not None:
        raise StorageError(report.storage)
    typer.echo(f"Removed the article {removed[0].key}. It is not harvested again unless --force is given.", err=True)

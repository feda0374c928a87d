"""The command `harvester`: its commands, and how errors leave it.

What a command needs is imported when it runs, so that `--help` and a wrong flag answer at once.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer
import typer.core

from harvester import __version__
from harvester.errors import HarvesterError, UsageError, refusal
from harvester.terminal.commands import (
    batch,
    config,
    demo,
    doctor,
    harvest,
    inspect,
    manifest,
    remove,
    retry,
    schedule,
    state,
    status,
    thumbnails,
    verify,
)
from harvester.terminal.ending import ended_whatever_threads_do
from harvester.terminal.screens import bugs, libraries

COMMANDS = (
    harvest,
    inspect,
    batch,
    schedule,
    retry,
    status,
    verify,
    thumbnails,
    remove,
    state,
    doctor,
    demo,
    config,
    manifest,
)

EXAMPLES = """
Examples:

\b
  harvester demo                             see it work, without the internet
  harvester inspect https://example.org/a    what would be taken, and why
  harvester harvest https://example.org/a    take it

Exit status: 0 all done or already there, 2 usage, 3 something failed (its manifest tells what), 4 no article could be
had, 5 the output could not be read or written, 75 another run is writing there, 130 or 143 interrupted, 1 a bug.
"""

_MISUSE = cast("type[typer.BadParameter]", typer.BadParameter.__base__)
"""What the parser raises at any wrong argument; typer has no name of its own for it."""


def main() -> None:
    """Run the command line and end the process with one of the exit statuses in `runs.report.Exit`."""
    _open_closed_streams()
    sys.excepthook = bugs.report
    libraries.listen(sys.argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    with ended_whatever_threads_do():
        try:
            typer.main.get_command(app())(prog_name="harvester")
        except HarvesterError as error:
            _end(error)
        except OSError as error:
            refused = refusal(error)
            if refused is None:
                raise
            _end(refused)


def _open_closed_streams() -> None:
    """Lead standard streams that are closed (`>&-`) nowhere, before a file of ours takes their numbers."""
    if None not in (sys.stdin, sys.stdout, sys.stderr):
        return
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdin, sys.stdout, sys.stderr = (
        stream or os.fdopen(number, mode)
        for number, (stream, mode) in enumerate(((sys.stdin, "r"), (sys.stdout, "w"), (sys.stderr, "w")))
    )


class Commands(typer.core.TyperGroup):
    """The commands; a source in the place of one is told where it belongs."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is called; raises UsageError for a URL or a file."""
        given = args[0]
        if given not in self.commands and (given.startswith(("http://", "https://")) or Path(given).exists()):
            raise UsageError(f"{given} is a source, and no command. To take it: harvester harvest {given}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what is wrong with its arguments is told without a password that stands in them."""
        try:
            return super().invoke(ctx)
        except _MISUSE as error:
            from harvester.urls import printable

            error.message = printable(error.message)
            raise


def app() -> typer.Typer:
    """Put the commands together."""
    result = typer.Typer(
        cls=Commands,
        rich_markup_mode=None,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        epilog=EXAMPLES,
    )
    result.callback()(_root)
    for command in COMMANDS:
        command.add_to(result)
    return result


def _end(error: HarvesterError) -> NoReturn:
    """Return what went wrong, without a traceback, and end with its exit status."""
    from harvester.runs.report import status_of
    from harvester.urls import printable

    print(f"Error: {printable(error.message)}", file=sys.stderr)
    sys.exit(status_of(error))


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"harvester {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Every picture and video of an article, in the best rendition there is.

    One folder and one manifest per article: what the page offered, what was chosen and why, the files, the thumbnails.
    """

"""`harvester config`: what applies, and a file to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harvester.errors import StorageError, UsageError
from harvester.terminal.options import ConfigFile

EXAMPLES = """
Examples:

\b
  harvester config show                    what applies here
  harvester config show -c nightly.toml    what applies with that file
  harvester config init                    write ./config.toml
  harvester config init ~/.config/harvester/config.toml
"""


def add_to(app: typer.Typer) -> None:
    """Put `config show` and `config init` on the command line."""
    commands = typer.Typer(
        help="Show the configuration that applies, or write one.", epilog=EXAMPLES, no_args_is_help=True
    )
    commands.command(epilog=EXAMPLES)(show)
    commands.command(epilog=EXAMPLES)(init)
    app.add_typer(commands, name="config")


def show(config: ConfigFile = None) -> None:
    """Print every key with the value that applies, as TOML.

    Addresses come without their names and passwords. The file it comes from is told on standard error.
    """
    from harvester import config as configuration
    from harvester.terminal import settings
    from harvester.terminal.screens.console import taken

    found = settings.read(config)
    typer.echo(f"# from {found.path}" if found.path else "# no file found: the defaults", err=True)
    with taken():
        typer.echo(configuration.dump(settings.without_logins(found.config)), nl=False)


def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", hidden=True)] = Path("config.toml"),
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write FILE, ./config.toml if none is given, with every key explained."""
    from harvester.runs import named_files

    try:
        kind = named_files.kind_of(file)
        if kind is not None:
            raise UsageError(f"{file} is {kind}, which is not replaced. Give another name.")
        if file.exists() and not force:
            raise UsageError(f"{file} is there already. Give another name, or --force to replace it.")
        file.parent.mkdir(parents=True, exist_ok=True)
        named_files.replace(file, shipped().read_bytes())
    except OSError as error:
        raise StorageError(f"{file}: {error.strerror}") from None
    typer.echo(f"{file} written. It says what harvester does anyway: change what you want otherwise.", err=True)


def shipped() -> Path:
    """Return the path of the config.toml that came with this version: in the wheel, or in the checkout around it."""
    package = Path(__file__).parent.parent.parent
    inside = package / "config.toml"
    return inside if inside.is_file() else package.parent / "config.toml"

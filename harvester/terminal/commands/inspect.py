"""`harvester inspect`: what would be taken and why, without taking it."""

from __future__ import annotations

import typer

from harvester.errors import UsageError
from harvester.terminal import options

EXAMPLES = """
Examples:

\b
  harvester inspect https://example.org/2026/03/story
  harvester inspect page.html --base-url https://example.org/2026/03/story
  harvester inspect page.html --scope page        every picture of the page
  harvester inspect item.txt --json | jq .images  the planned manifest

A file needs no network. Nothing is written.
"""


def add_to(app: typer.Typer) -> None:
    """Put `inspect` on the command line."""
    app.command(epilog=EXAMPLES)(inspect)


def inspect(
    sources: options.Sources = None,
    base_url: options.BaseUrl = None,
    kind: options.As = None,
    scope: options.Scope = None,
    config_file: options.ConfigFile = None,
    json: options.Json = False,
    verbose: options.Verbose = False,
) -> None:
    """Say what a harvest would take, and why; download nothing.

    SOURCE is what `harvester harvest` takes: a URL, a file, a folder, @LIST or -.

    For each picture its renditions in the order in which they would be tried; the videos; what is left out, and why.
    """
    if not sources:
        raise UsageError("inspect what? Give a URL or a saved page; `harvester inspect -h` tells more.")

    from harvester.terminal import settings
    from harvester.terminal.actions import inspect as inspecting

    found = settings.read(config_file)
    if verbose:
        typer.echo(f"configuration: {found.path or 'none found, defaults'}", err=True)
    config = settings.under_flags(found.config, scope=scope)
    wanted = inspecting.Wanted(kind=kind, base_url=base_url)
    raise typer.Exit(inspecting.inspect(sources, config, wanted, json=json))

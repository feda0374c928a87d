"""`harvester manifest`: what a manifest is made of."""

from __future__ import annotations

from typing import Annotated

import typer

from harvester.errors import UsageError

EXAMPLES = """
Example:

\b
  harvester manifest --schema > manifest.schema.json
"""


def add_to(app: typer.Typer) -> None:
    """Put `manifest` on the command line."""
    app.command(epilog=EXAMPLES)(manifest)


def manifest(
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema that manifests keep to.")] = False,
) -> None:
    """Print the JSON Schema of manifest.json."""
    if not schema:
        raise UsageError("harvester manifest: give --schema to print the JSON Schema of manifest.json.")
    import msgspec

    from harvester.manifest import codec
    from harvester.terminal.screens.console import write_line

    write_line(msgspec.json.format(msgspec.json.encode(codec.schema()), indent=2))

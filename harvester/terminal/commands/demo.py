"""`harvester demo`: see it work, without the internet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """
Examples:

\b
  harvester demo
  harvester demo -o /tmp/gazette
"""


def add_to(app: typer.Typer) -> None:
    """Put `demo` on the command line."""
    app.command(epilog=EXAMPLES)(demo)


def demo(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where results go.")] = Path(
        "downloads/demo"
    ),
) -> None:
    """Harvest a small news site that comes with harvester.

    Nothing leaves the machine. Four articles: renditions in AVIF, WebP and JPEG; markup that a re-publisher broke; lazy
    loading, a gallery and YouTube players; a picture whose largest rendition is gone.
    """
    from harvester.demo import site
    from harvester.terminal.actions import demo as showing

    with site.serve() as proxy:
        raise typer.Exit(showing.show(proxy, output))

"""`harvester doctor`: is everything there that harvester works with?"""

from __future__ import annotations

import typer

from harvester.terminal import options

EXAMPLES = """
Examples:

\b
  harvester doctor
  harvester doctor --json | jq -r '.[] | select(.problem) | .remedy'
"""


def add_to(app: typer.Typer) -> None:
    """Put `doctor` on the command line."""
    app.command(epilog=EXAMPLES)(doctor)


def doctor(json: options.JsonAtOnce = False) -> None:
    """Tell which tools videos need, and what to install.

    Each with its version and age; pictures need none of them. Exit status 0 whatever is missing.
    """
    import msgspec

    from harvester.download.videos.tools import survey
    from harvester.terminal.screens import doctor as examining
    from harvester.terminal.screens.console import Stream, write_line

    tools = survey()
    if json:
        write_line(msgspec.json.encode(tools))
        return
    stream = Stream()
    stream.show(examining.drawn(tools, stream.width))

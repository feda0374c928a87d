"""Draw docs/demo.svg again: what `harvester demo` prints on a terminal of 108 columns. Run it from a checkout."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLUMNS = 108


def main() -> None:
    """Run the demonstration in a folder of its own and write the picture beside this file."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text("$ harvester demo", "bold"))
    console.print(Text.from_ansi(_demo().rstrip()))
    console.save_svg(str(Path(__file__).with_name("demo.svg")), title="harvester demo")


def _demo() -> str:
    terminal = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "harvester", "demo"],
            cwd=folder, env=terminal, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
    return done.stdout


if __name__ == "__main__":
    main()

"""What a command costs at most: the peak of its memory, as Linux tells it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.command import environment

_COMMAND = """
import sys
from pathlib import Path
from harvester.terminal.main import main
try:
    main()
finally:
    print("peak", Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""


def measured(*arguments: str | Path, cwd: Path) -> tuple[int, str, int]:
    """Run `harvester` to its end; gives its exit status, what it said on standard error, and its peak in megabytes."""
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said, _, peak = done.stderr.rpartition("peak ")
    return done.returncode, said, int(peak) // 1024

"""What ends the process when it is told to stop and does not.

`watch` runs in a thread of the process, which ends it with its own status, and in a small process beside it, which
ends it also while one call into a library keeps the interpreter, and so all its threads, from running:
`python watchdog.py INTERRUPTS SECONDS PROCESS`. Imports nothing of ours, so that it starts at once.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable


def watch(signals: int, interrupts: int, seconds: float, end: Callable[[int], None]) -> None:
    """Read the numbers of signals, a byte each, from the descriptor *signals* until it ends.

    *seconds* after SIGTERM, or after so many *interrupts* (SIGINT), *end* is called with that number.
    """
    heard = bytearray()
    until: float | None = None
    while select.select([signals], [], [], None if until is None else max(0.0, until - time.monotonic()))[0]:
        number = os.read(signals, 1)
        if not number:
            return
        heard += number
        if until is None and (signal.SIGTERM in heard or heard.count(signal.SIGINT) >= interrupts):
            until = time.monotonic() + seconds
    end(signal.SIGTERM if signal.SIGTERM in heard else signal.SIGINT)


def main(interrupts: str, seconds: str, process: str) -> None:
    """Watch standard input, which ends when *process* does."""
    watch(0, int(interrupts), float(seconds), lambda number: os.kill(int(process), signal.SIGKILL))


if __name__ == "__main__":
    main(*sys.argv[1:4])

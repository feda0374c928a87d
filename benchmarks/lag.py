"""How long a harvest holds its event loop: started as `lag.py COMMAND...`, it runs the command line and prints JSON.

A step is one call that the loop makes; while it lasts, no answer is read and no timer runs. Waits for the interpreter,
which a thread may hold for a turn, are part of it. The first step is left out: it imports and opens, before anything
could wait.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from harvester.terminal.main import main

FAST = 0.99
"""The share of the steps that are called usual."""


def watch(command: list[str]) -> None:
    """Run *command* and print the milliseconds of its usual steps at most, of its longest, and how many there were."""
    took: list[float] = []
    run = asyncio.Handle._run  # the one place that every step passes

    def timed(step: asyncio.Handle) -> None:
        began = time.perf_counter()
        run(step)
        took.append(1000 * (time.perf_counter() - began))

    asyncio.Handle._run = timed  # type: ignore[method-assign, assignment]
    sys.argv = ["harvester", *command]
    try:
        main()
    finally:
        steps = sorted(took[1:])
        found = {"steps": len(steps), "usual": steps[int(FAST * len(steps))], "longest": steps[-1]}
        print(json.dumps(found))


if __name__ == "__main__":
    watch(sys.argv[1:])

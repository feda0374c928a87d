"""`harvester` with one step in it that computes for minutes: `python -m tests.support.slow STEP HOW MARK ARGUMENTS...`.

STEP is one of STEPS. HOW says what the computing thread lets others do meanwhile: `free` (a call into C
that releases the interpreter's lock), `python` (bytecode), `held` (a call into C that keeps the lock). The file MARK
is made when it begins.
"""

from __future__ import annotations

import hashlib
import importlib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

STEPS = {
    "feed": ("harvester.articles.feeds.listing", "_handful"),
    "plan": ("harvester.pipeline.article", "plan"),
    "picture": ("harvester.pipeline.image", "opened"),
    "inspect": ("harvester.terminal.actions.inspect", "plan"),
    "verify": ("harvester.manifest.verify", "hash_of"),
    "thumbnails": ("harvester.pipeline.redraw", "opened"),
    "rebuild": ("harvester.runs.upkeep.rebuild", "remember"),
}


def free() -> None:
    while True:
        hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)


def python() -> None:
    while True:
        pass


def held() -> None:
    re.match(r"(?:a|a)*$", "a" * 200 + "b")


def slowed(step: Callable[..., Any], work: Callable[[], None], mark: Path) -> Callable[..., Any]:
    """Give a step that first computes for longer than any test waits."""

    def slow(*given: Any, **named: Any) -> Any:
        mark.touch()
        work()
        return step(*given, **named)

    return slow


def main(step: str, how: str, mark: str, *arguments: str) -> None:
    place, name = STEPS[step]
    module = importlib.import_module(place)
    setattr(
        module, name, slowed(getattr(module, name), {"free": free, "python": python, "held": held}[how], Path(mark))
    )
    sys.argv = ["harvester", *arguments]
    importlib.import_module("harvester.terminal.main").main()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Counts what a command does while it runs: `python -m tests.support.counting COUNTS harvest ...`.

The interpreter itself is asked, by the hooks that it has for profilers and auditors; nothing of the product is changed.
The counts are written to the file COUNTS as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import harvester.runs.batch
import harvester.web.network.network  # noqa: F401 - before the counting begins, which slows what it watches
from harvester.terminal.main import main

DECODER, LOADING = "_getdecoder", "ImageFile.load"
"""Pillow asks for a decoder whenever it reads pixels; when a file is loaded, it decodes."""
HOP = "ThreadPoolExecutor.submit"
CALLS = {os.fsync: "fsyncs", os.write: "writes"}
AUDITED = {"os.mkdir": "folders", "socket.connect": "connections"}
WRITING = os.O_WRONLY | os.O_RDWR


def count(target: Path) -> None:
    """Run the command line and write to *target* how often it did what."""
    seen: list[str] = []  # appended to by every thread, which no lock has to guard

    def called(frame: FrameType, event: str, argument: Any) -> None:
        name = frame.f_code.co_qualname
        if event == "call" and name == HOP:
            seen.append("thread hops")
        elif event == "call" and name == DECODER and frame.f_back and frame.f_back.f_code.co_qualname == LOADING:
            seen.append("decodes")
        elif event == "c_call" and argument in CALLS:
            seen.append(CALLS[argument])

    def audited(event: str, arguments: tuple[Any, ...]) -> None:
        if event in AUDITED:
            seen.append(AUDITED[event])
        elif event == "open" and _is_output(arguments):
            seen.append("files opened to write")

    sys.addaudithook(audited)
    threading.setprofile(called)
    sys.setprofile(called)
    try:
        main()
    finally:
        sys.setprofile(None)
        target.write_text(json.dumps(Counter(seen)), "utf-8")


def _is_output(opened: tuple[Any, ...]) -> bool:
    """Say whether a file on disk is opened to be written, but for the modules that a first start compiles."""
    path, _, flags = opened
    return (
        not isinstance(path, int)
        and isinstance(flags, int)
        and bool(flags & WRITING)
        and "__pycache__" not in str(path)
    )


if __name__ == "__main__":
    path = Path(sys.argv.pop(1))
    count(path)

"""Which processes run below us, as Linux tells it."""

from __future__ import annotations

import os
import time
from pathlib import Path


def below(pid: int | None = None) -> set[int]:
    """The processes that *pid* (ours) started, and those that they started."""
    found: set[int] = set()
    waiting = [pid or os.getpid()]
    while waiting:
        for path in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            try:
                children = {int(child) for child in path.read_text().split()}
            except OSError:
                continue
            waiting.extend(children - found)
            found |= children
    return found


def running(pid: int) -> bool:
    """Whether a process is there and no mere zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def commands(pids: set[int]) -> dict[int, str]:
    """The command lines of processes."""
    found = {}
    for pid in pids:
        try:
            found[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def gone(pids: set[int], within: float = 5.0) -> bool:
    """Whether all of *pids* end in time."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not any(running(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False

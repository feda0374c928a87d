"""How many files, connections included, the system lets this process have open at once."""

from __future__ import annotations

import resource
from contextlib import suppress

from harvester.errors import StorageError

LEAST = 32
"""Files without which no run gets on: the state has 6, each thread a few, each article a page of the journal, and each
request its connection."""
ENOUGH = 4_096


def allow_files() -> None:
    """Take as many files as the system allows, up to ENOUGH; raises StorageError when that is less than LEAST."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= ENOUGH:
        return
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(ENOUGH, hard)
    with suppress(ValueError, OSError):  # some systems know a lower limit than they tell
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    if soft < LEAST:
        raise StorageError(
            f"Only {soft} files may be open at once here, and a run needs {LEAST}. Allow more (`ulimit -n 1024`) and "
            "run the same command again.",
            code="too_few_files",
        )

"""What the person sees when something happens that nobody foresaw."""

from __future__ import annotations

import platform
import sys
import traceback
from types import TracebackType

from harvester import __version__


def report(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    """Tell a bug in a few lines and ask for it to be reported; the whole traceback only with -v (`sys.excepthook`)."""
    from harvester.urls import printable

    if {"-v", "--verbose"} & set(sys.argv):
        told = "".join(traceback.format_exception(kind, error, at)).splitlines()
        print("\n".join(map(printable, told)), file=sys.stderr)
    bug = _innermost(error)
    frames = traceback.extract_tb(bug.__traceback__)
    where = f"\n  in {frames[-1].name}, {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    print(
        f"This is a bug in harvester: {type(bug).__name__}: {printable(str(bug))}{where}\n"
        f"  harvester {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}\n"
        "Please report these lines with the command you gave. Articles that were finished are whole; "
        "the same command with -v prints the traceback.",
        file=sys.stderr,
    )


def _innermost(error: BaseException) -> BaseException:
    """Return the first real error of a group that tasks raised together."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error

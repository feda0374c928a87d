"""The end of the process, whatever its threads do."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

GLANCE = 0.05
"""Seconds that a thread without work takes to end, and more."""


@contextmanager
def ended_whatever_threads_do() -> Iterator[None]:
    """End the process at the end of the block, with the block's status, if threads were left at work in it.

    The interpreter would join every thread of a pool first (`concurrent.futures`, `threading`), however long it takes.
    Nothing else that it does at its end is needed: files are whole or not there, and locks end with their process.
    """
    try:
        yield
    except BaseException as error:
        _end(error)
        raise
    _end(None)


def _end(error: BaseException | None) -> None:
    if not _left_at_work():
        return
    status = 0
    if isinstance(error, SystemExit):
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    elif error is not None:
        sys.excepthook(type(error), error, error.__traceback__)
        status = 1
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


def _left_at_work() -> bool:
    others = [thread for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()]
    for thread in others:
        thread.join(GLANCE)
    return any(thread.is_alive() for thread in others)

"""The program that runs yt-dlp for harvester: `python -m harvester.download.videos.child`, never imported.

It reads its terms and then orders from standard input and writes news to standard output, a line of JSON each. It runs
in a process group of its own with ffmpeg and the JavaScript runtime, and ends the whole group when its parent is gone.
"""

from __future__ import annotations

import ctypes
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

import msgspec

from harvester.download.videos.messages import News, Order, Terms, VideoRefused

_PR_SET_PDEATHSIG = 1  # Linux: <sys/prctl.h>


def main() -> None:
    """Work through orders until standard input ends."""
    orders, news = _channels()
    _end_with_parent()
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders, lines), daemon=True).start()
    terms = msgspec.json.decode(lines.get(), type=Terms)

    def say(told: News) -> None:
        news.write(msgspec.json.encode(told) + b"\n")
        news.flush()

    fetch = _fetcher(terms, say)
    for order in _orders(lines):
        fetch(order)


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes to ourselves: libraries read an empty input, and what they print goes to standard error."""
    orders, news = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return os.fdopen(orders, "rb"), os.fdopen(news, "wb")


def _end_with_parent() -> None:
    """Ask the kernel for a signal when the parent dies, in addition to the end of standard input."""
    signal.signal(signal.SIGTERM, lambda *_: _end())
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _listen(orders: BinaryIO, lines: queue.SimpleQueue[bytes]) -> None:
    for line in orders:
        lines.put(line)
    _end()


def _end() -> None:
    """Exit at once, together with the programs that yt-dlp started."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _orders(lines: queue.SimpleQueue[bytes]) -> Iterator[Order]:
    while True:
        yield msgspec.json.decode(lines.get(), type=Order)


def _fetcher(terms: Terms, say: Callable[[News], None]) -> Callable[[Order], None]:
    """Return the function that fetches one video; without yt-dlp it says what to install."""
    try:
        from harvester.download.videos.fetch import Fetcher
    except ImportError as error:
        missing = VideoRefused(
            code="video_no_tool",
            message=f"{error.name} cannot be used ({error}): pip install -U yt-dlp requests.",
            retryable=True,
            scope="setup",
        )
        return lambda order: say(missing)
    return Fetcher(terms, say).fetch


if __name__ == "__main__":
    main()

"""Standard output for data, standard error for what is said beside it; text from outside is made harmless first."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from harvester import events, urls
from harvester.manifest import codec
from harvester.stores.disk import stated

WIDE = 100_000
"""Columns where no terminal is: a file or a pipe gets every URL whole, a row each."""

# What JSON leaves as it is and a terminal may obey: DEL, the C1 controls, marks of direction, ends of lines.
_COMMANDING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


class Stream(Console):
    """A console that goes on in silence when its reader leaves, as in `harvester inspect ... | head`.

    So does standard error when its file takes no more; for standard output that is a StorageError.
    """

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
        if not self.is_terminal and "COLUMNS" not in os.environ:
            self.width = WIDE

    def print(self, *objects: Any, **how: Any) -> None:
        """Print as rich does."""
        with taken(stderr=self.stderr):
            super().print(*objects, **how)

    def out(self, *objects: Any, **how: Any) -> None:
        """Print without wrapping, as rich does."""
        with taken(stderr=self.stderr):
            super().out(*objects, **how)

    def show(self, lines: Iterable[Text]) -> None:
        """Print lines as they are; one that is wider than the terminal is left to it, so that a path stays whole."""
        if self.is_terminal:
            self.print(Text("\n").join(lines), soft_wrap=True)
        else:
            self.out("\n".join(line.plain for line in lines), highlight=False)

    def on_broken_pipe(self) -> None:
        """Say nothing more; the harvest itself goes on."""
        self.quiet = True
        _unplug(stderr=self.stderr)


def write_line(line: bytes) -> None:
    """Write one line of data to standard output, at once; a reader that left is no error, a full disk is one."""
    _write(line, stderr=False)


def write_json(value: object) -> None:
    """Write a value to standard output as one line of JSON, whatever names of files are in it."""
    write_line(codec.encoded(value))


def warn(event: events.Event) -> None:
    """Say on standard error what somebody should know, and nothing else of what happens."""
    if isinstance(event, events.Warned):
        note(event.message)


def note(message: str) -> None:
    """Say on standard error what somebody should know."""
    Stream(stderr=True).show([safe(message, "yellow")])


def write_log_line(line: bytes) -> None:
    """Write one line of the log to standard error, at once; where it cannot be written the harvest goes on."""
    _write(line, stderr=True)


@contextmanager
def taken(*, stderr: bool = False) -> Iterator[None]:
    """Write to a standard stream: what standard output cannot take is a StorageError, unless only its reader left."""
    try:
        yield
    except OSError as error:
        _unplug(stderr=stderr)
        if not stderr and not isinstance(error, BrokenPipeError):
            with stated(Path("standard output")):
                raise


def safe(text: str | None, style: str = "") -> Text:
    """Return text from outside (a title, a URL, a server's words) made harmless to a terminal."""
    return Text(urls.printable(text or ""), style)


def without_url(message: str, url: str) -> str:
    """Return what *message* says besides the URL with which such messages begin."""
    return message.removeprefix(f"{urls.legible(url)}: ")


def size(count: float) -> str:
    """Return a number of bytes as people do: 940 B, 12.3 kB, 4.1 MB."""
    if count < 1000:
        return f"{count:.0f} B"
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 1000:
            return f"{count:.{1 if count < 100 else 0}f} {unit}"
    return f"{count / 1000:,.1f} TB"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 picture, 1,204 pictures."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _write(line: bytes, *, stderr: bool) -> None:
    stream = sys.stderr if stderr else sys.stdout
    with taken(stderr=stderr):
        stream.buffer.write(_harmless(line) + b"\n")
        stream.buffer.flush()


def _harmless(line: bytes) -> bytes:
    """Return a line of JSON that says the same and cannot command the terminal that shows it."""
    if line.isascii() and b"\x7f" not in line:
        return line
    text = line.decode("utf-8", "replace")
    return _COMMANDING.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def _unplug(*, stderr: bool) -> None:
    """Lead a stream nowhere, with what it still holds, so that the end of the process does not stumble over it."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, (sys.stderr if stderr else sys.stdout).fileno())
    os.close(devnull)

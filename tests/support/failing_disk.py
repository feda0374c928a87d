"""A disk that fails: harvester in a child process of its own whose write, rename or sync number N goes wrong.

The children are forked from one process that has imported everything, so that hundreds of runs take a minute. What is
counted are the calls that change what lies below the output: those of `os`, those of `open`, and those of SQLite, which
writes by itself, from commit to commit.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

import aiofiles.threadpool
import typer.main

from harvester.config import parse
from harvester.errors import StorageError
from harvester.manifest import codec
from harvester.terminal.main import app, main
from tests.support.command import environment

Fault = Literal["ENOSPC", "EIO", "dying", "kill"]
"""The call is refused once, or it and all that come after it, or the process is killed at it."""

SQLITE_WORDS = {"ENOSPC": "database or disk is full", "EIO": "disk I/O error", "dying": "disk I/O error"}
IMPORTED_ONCE = (
    "runs.upkeep.verify",
    "runs.batch",
    "terminal.screens.verify",
    "terminal.actions.run",
    "web.network.network",
)


class Ended(NamedTuple):
    """How a command ended, what it said on both streams, and the calls that were counted."""

    status: int
    said: str
    calls: list[str]


class Runs:
    """Runs of harvester, one after another. Open it with `with`."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.support.failing_disk"]
        self._process = subprocess.Popen(
            command, env=environment(PYTHONWARNINGS=""), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate(timeout=20)

    def run(self, *arguments: str | Path, folder: Path, output: Path, fault: Fault | None = None, at: int = 0) -> Ended:
        """Run `harvester` in *folder*; call number *at* (from 1) below *output* meets the *fault*."""
        asked = [list(map(str, arguments)), str(folder), str(output), fault, at]
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Ended(*json.loads(self._process.stdout.readline()))


class _Disk:
    """Counts the calls that change files below a folder, and lets one of them fail."""

    def __init__(self, root: str, fault: Fault | None, at: int, log: int) -> None:
        self._root, self._fault, self._at, self._log = root, fault, at, log
        self._calls = 0
        self._open: dict[int, str] = {}
        self._guard = threading.Lock()
        self._write = os.write

    def touch(self, name: str, path: object) -> Fault | None:
        """Count a call if it is about a file of ours; gives the fault that it meets, unless that is its end."""
        told = self._open.get(path, "") if isinstance(path, int) else _absolute(path)
        if not told.startswith(self._root):
            return None
        with self._guard:
            self._calls += 1
            number = self._calls
            self._write(self._log, f"{name} {told[len(self._root) :]}\n".encode())
        met = number == self._at or (self._fault == "dying" and number > self._at > 0)
        if met and self._fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        return self._fault if met else None

    def check(self, name: str, path: object) -> None:
        """Count a call of the system; raises OSError if it meets the fault."""
        fault = self.touch(name, path)
        if fault is not None:
            number = errno.ENOSPC if fault == "ENOSPC" else errno.EIO
            raise OSError(number, os.strerror(number))

    def install(self) -> None:
        """Stand before the calls of this process."""
        for name in ("replace", "rename", "link", "unlink", "mkdir", "rmdir", "ftruncate", "write", "fsync"):
            setattr(os, name, self._checked(name, getattr(os, name)))
        os.open = self._opening(os.open)
        os.close = self._closing(os.close)  # type: ignore[assignment]
        builtins.open = io.open = self._opening_file(io.open)
        setattr(aiofiles.threadpool, "sync_open", io.open)  # noqa: B010 - it is not told to type checkers
        sqlite3.connect = self._connecting(sqlite3.connect)

    def _checked(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def checked(path: object, *more: Any, **named: Any) -> Any:
            self.check(name, path)
            return call(path, *more, **named)

        return checked

    def _opening(self, call: Callable[..., int]) -> Callable[..., int]:
        def opening(path: Any, flags: int, *more: Any, **named: Any) -> int:
            if flags & (os.O_WRONLY | os.O_RDWR):
                self.check("open", path)
            file = call(path, flags, *more, **named)
            self._open[file] = _absolute(path)
            return file

        return opening

    def _closing(self, call: Callable[[int], None]) -> Callable[[int], None]:
        def closing(file: int) -> None:
            self._open.pop(file, None)
            call(file)

        return closing

    def _opening_file(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def opening(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
            if isinstance(file, int) or not set(mode) & set("wax+"):
                return call(file, mode, *more, **named)
            self.check("open", file)
            opened = call(file, mode, *more, **named)
            if type(opened) is not io.BufferedWriter:
                return opened
            opened.close()
            raw = io.FileIO(file, mode.replace("w", "r+").replace("b", ""))
            raw.write = self._checked_write(file, raw.write)  # type: ignore[method-assign]
            return io.BufferedWriter(raw)

        return opening

    def _checked_write(self, path: object, write: Callable[[Any], int]) -> Callable[[Any], int]:
        def checked(what: Any) -> int:
            self.check("write", path)
            return write(what)

        return checked

    def _connecting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        disk = self

        class Connection(sqlite3.Connection):
            at = ""

            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                if sql.startswith("PRAGMA journal_mode"):
                    self.meet("open")
                return super().execute(sql, *values)

            def executescript(self, sql: str) -> sqlite3.Cursor:
                self.meet("script")
                return super().executescript(sql)

            def __exit__(self, *error: Any) -> Literal[False]:
                if self.in_transaction and error[0] is None:
                    try:
                        self.meet("commit")
                    except sqlite3.OperationalError:
                        self.rollback()
                        raise
                return super().__exit__(*error)

            def meet(self, what: str) -> None:
                fault = disk.touch(f"sqlite-{what}", self.at)
                if fault is not None:
                    raise sqlite3.OperationalError(SQLITE_WORDS[fault])

        def connecting(path: Any, **named: Any) -> Any:
            connection = call(path, factory=Connection, **named)
            connection.at = str(path)
            return connection

        return connecting


def _absolute(path: Any) -> str:
    return str(Path(os.fsdecode(path)).absolute())


def _serve() -> None:
    """Fork a child for each line of standard input and tell how it ended."""
    _prepare()
    for line in sys.stdin:
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as log:
            child = os.fork()
            if not child:
                _be_harvester(json.loads(line), said.fileno(), log.fileno())
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            said.seek(0)
            log.seek(0)
            told = [status, said.read().decode("utf-8", "replace"), log.read().decode("utf-8", "replace").splitlines()]
        print(json.dumps(told), flush=True)


def _prepare() -> None:
    """Do once what every run begins with: import, build the command line, learn the types that are read."""
    for name in IMPORTED_ONCE:
        import_module(f"harvester.{name}")
    command = typer.main.get_command(app())
    setattr(typer.main, "get_command", lambda of: command)  # noqa: B010 - for all that is forked from here
    parse("")
    with suppress(StorageError):
        codec.load(b'{"format":1}')


def _be_harvester(asked: list[Any], said: int, log: int) -> None:
    arguments, folder, output, fault, at = asked
    os.chdir(folder)
    for stream in (1, 2):
        os.dup2(said, stream)
    sys.argv = ["harvester", *arguments]
    _Disk(output, fault, at, log).install()
    status = 0
    try:
        main()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _serve()

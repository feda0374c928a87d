"""The child process itself: its pipes, its surroundings, and its end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

import harvester
from harvester.download.video_words import Fetched, News, Order, Passed, Progressed, Refused, Terms

PROGRAM = "harvester.download.video_child"
LONGEST_LINE = 1_048_576
TICK = 0.2
"""Seconds after which a waiting parent looks at its clocks."""
_ENDS = (Fetched, Passed, Refused)


class Gone(Exception):
    """The child gave no answer: *why* is `stopped`, `timeout`, `silent` or `crashed`."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


class Child:
    """A running child. End it with `end`, whatever happened."""

    def __init__(self, process: asyncio.subprocess.Process, complaints: IO[bytes]) -> None:
        self._process = process
        self._complaints = complaints
        self.pid = process.pid

    @classmethod
    async def started(cls, terms: Terms, private: Path, ca_file: str) -> Child:
        """Start a child in a session of its own and tell it its terms; raises Gone when the system does not let us."""
        complaints = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with the child
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                PROGRAM,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=complaints,
                env=_surroundings(private, ca_file),
                cwd=private,
                start_new_session=True,
                limit=LONGEST_LINE,
            )
        except OSError as error:
            complaints.close()
            raise Gone("crashed", f"yt-dlp's process could not be started: {error}") from error
        child = cls(process, complaints)
        await child.tell(terms)
        return child

    async def tell(self, told: Terms | Order) -> None:
        """Write one line to the child; that it is gone shows when it gives no news."""
        assert self._process.stdin is not None, "a pipe"
        with suppress(ConnectionError):
            self._process.stdin.write(msgspec.json.encode(told) + b"\n")
            await self._process.stdin.drain()

    async def news(self, *, within: float, silence: float, stopping: asyncio.Event) -> AsyncGenerator[News, None]:
        """Give what the child tells of an order, up to its end; raises Gone when that does not come.

        *within* and *silence* are seconds: for the whole order, and without a sign of life (joining may be silent).
        """
        loop = asyncio.get_running_loop()
        started = heard = loop.time()
        joining = False
        while True:
            line = await self._line()
            now = loop.time()
            if stopping.is_set():
                raise Gone("stopped", "The run was told to stop.")
            if line is None and now - started > within:
                raise Gone("timeout", f"The video was not there within {within:.0f} s ([videos] timeout).")
            if line is None and now - heard > silence and not joining:
                raise Gone("silent", f"yt-dlp gave no sign of life for {silence:.0f} s.")
            if line is None:
                continue
            if not line:
                raise Gone("crashed", f"yt-dlp's process ended: {self._last_words()}")
            heard = now
            told: News = msgspec.json.decode(line, type=News)
            yield told
            if isinstance(told, _ENDS):
                return
            joining = isinstance(told, Progressed) and told.phase == "merge"

    async def end(self) -> None:
        """Kill the child and all it started, and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        await self._process.wait()
        assert self._process.stdin is not None, "a pipe"
        self._process.stdin.close()
        self._complaints.close()

    async def _line(self) -> bytes | None:
        """Give the next line, nothing at the end, None when there is none within a tick."""
        assert self._process.stdout is not None, "a pipe"
        try:
            async with asyncio.timeout(TICK):
                return await self._process.stdout.readline()
        except TimeoutError:
            return None

    def _last_words(self) -> str:
        self._complaints.seek(0)
        lines = self._complaints.read()[-4_000:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "without a word"


def _surroundings(private: Path, ca_file: str) -> dict[str, str]:
    """Give the environment of a child: what finds programs, and nothing that leads it to files or keys of the user."""
    here = str(Path(harvester.__file__).parent.parent)
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    own = {"HOME": str(private), "XDG_CACHE_HOME": str(private), "DENO_DIR": str(private / "deno")}
    trust = {"SSL_CERT_FILE": str(Path(ca_file).expanduser())} if ca_file else {}
    return {
        "PATH": os.defpath,
        **kept,
        **own,
        **trust,
        "PYTHONPATH": here,
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
        "YTDLP_NO_PLUGINS": "1",
        "DENO_NO_UPDATE_CHECK": "1",
    }

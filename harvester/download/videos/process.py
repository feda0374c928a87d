"""The child process itself: its pipes, its environment, and its end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

import msgspec

import harvester
from harvester import urls
from harvester.download.videos.messages import News, Order, Progressed, Terms, VideoFetched, VideoPassed, VideoRefused
from harvester.download.videos.pipes import Pipes

PROGRAM = "harvester.download.videos.child"
TICK = 0.2
"""Seconds after which a waiting parent checks its time limits."""
LINES = 2_000
LINES_A_SECOND = 20
"""Lines of news that an order may have, and more for each second: four a second are usual."""
GONE = 10.0
"""Seconds in which the system ends a process that is killed."""
_ENDS = (VideoFetched, VideoPassed, VideoRefused)


class Gone(Exception):
    """The child gave no answer: *why* is `stopped`, `timeout`, `silent`, `garbled` or `crashed`."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


class Child:
    """A running child. End it with `end`, whatever happened."""

    def __init__(self, process: asyncio.SubprocessTransport, pipes: Pipes) -> None:
        self._process = process
        self._pipes = pipes
        self.pid = process.get_pid()

    @classmethod
    async def started(cls, terms: Terms, private: Path, ca_file: str) -> Child:
        """Start a child in a session of its own and send it its terms; raises Gone if the system does not allow it."""
        try:
            process, pipes = await asyncio.get_running_loop().subprocess_exec(
                Pipes,
                sys.executable,
                "-P",  # its working folder is in the output: no module is imported from there
                "-m",
                PROGRAM,
                env=_environment(private, ca_file),
                cwd=private,
                start_new_session=True,
            )
        except OSError as error:
            raise Gone("crashed", f"yt-dlp's process could not be started: {error}") from error
        child = cls(process, pipes)
        child._write(terms)
        return child

    @property
    def has_said_too_much(self) -> bool:
        """Whether the child sent news although it has answered every order: it is out of step."""
        return bool(self._pipes.unread)

    def tell(self, order: Order) -> None:
        """Send the child an order; if the child is gone, `news` will raise."""
        self._pipes.complain_anew()
        self._write(order)

    async def news(self, *, within: float, silence: float, stopping: asyncio.Event) -> AsyncGenerator[News, None]:
        """Yield the child's news of an order, up to its end; raises Gone if the end does not come.

        *within* and *silence* are seconds: for the whole order, and without a sign of life (merging may be silent).
        """
        loop = asyncio.get_running_loop()
        started = heard = loop.time()
        merging, lines = False, 0
        while True:
            line = await self._pipes.line(TICK)
            now = loop.time()
            if stopping.is_set():
                raise Gone("stopped", "The run was told to stop.")
            self._check(lines, now - started)
            news = None if line is None else self._read(line)
            if isinstance(news, _ENDS):
                yield news
                return
            if now - started > within:
                raise Gone("timeout", f"The video was not finished within {within:.0f} s ([videos] timeout).")
            if news is not None:
                heard, lines = now, lines + 1
                merging = isinstance(news, Progressed) and news.phase == "merge"
                yield news
            elif now - heard > silence and not merging:
                raise Gone("silent", f"yt-dlp gave no sign of life for {silence:.0f} s.")

    async def end(self) -> None:
        """Kill the child and everything it started, and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(GONE):
                    await self._pipes.exited.wait()
        finally:
            self._process.close()

    def _write(self, told: Terms | Order) -> None:
        pipe = self._process.get_pipe_transport(0)
        assert isinstance(pipe, asyncio.WriteTransport), "standard input is a pipe"
        pipe.write(msgspec.json.encode(told) + b"\n")

    def _check(self, lines: int, seconds: float) -> None:
        """Raise Gone if the child wrote more than is sane."""
        many = lines > LINES + LINES_A_SECOND * seconds
        flooded = self._pipes.flooded or ("more lines than can be read" if many else None)
        if flooded:
            raise Gone("garbled", f"yt-dlp's process was ended: it wrote {flooded}.")

    def _read(self, line: bytes) -> News:
        """Return the news in a line; raises Gone at the end of output, or if the line is not news."""
        if not line:
            raise Gone("crashed", f"yt-dlp's process ended: {urls.printable(self._pipes.last_words())}")
        try:
            news: News = msgspec.json.decode(line, type=News)
        except (msgspec.DecodeError, RecursionError) as error:
            why = urls.printable(str(error), 200)
            raise Gone(
                "garbled", f"yt-dlp's process was ended: it wrote something that is not news of a video ({why})."
            ) from None
        return news


def _environment(private: Path, ca_file: str) -> dict[str, str]:
    """Return a child's environment: what is needed to find programs, and nothing of the user's files or keys."""
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

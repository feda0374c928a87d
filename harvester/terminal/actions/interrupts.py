"""Ctrl-C and SIGTERM while work runs.

What is told to stop ends within ten seconds. Work that listens ends by itself; what threads are doing is waited for
5 s at most (`workers`); what keeps the loop from turning, as a disk that hangs or a reader of our output that sleeps,
is ended after LAST by a thread, and what keeps all threads from running after KILLED by a process beside us.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import TypeVar

import typer

from harvester.terminal.actions import watchdog
from harvester.workers import Threads

R = TypeVar("R")
Work = Callable[[asyncio.Event], Awaitable[R]]

STOPPING = "Stopping: pictures in flight are finished, nothing new is begun. Ctrl-C again stops at once."
STOPPED = "Stopped. Articles that were finished are whole; the same command goes on where it stopped."
STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}
LAST = 8.0
"""Seconds after which a process that was told to end at once ends with its status, whatever it is doing."""
KILLED = 9.5
"""Seconds after which it is killed, since nothing in it runs any more."""
ASIDE = 1.0
"""Seconds for which the end waits for threads whose work nobody wants any longer, such as the reading of a source."""
GLANCE = 0.5
"""Seconds after which the loop turns at the latest, should the system have given a signal to another thread."""


def run(work: Work[R], say: Callable[[str], None], *, patient: bool = True) -> R:
    """Do *work* in a loop of its own, whose event the first Ctrl-C sets; *say* hears what comes of signals.

    A second Ctrl-C, or SIGTERM, cancels it and ends with 130 or 143; so does the first unless it is *patient*. What is
    cancelled leaves no half files; what is asked to stop finishes the pictures in flight.
    """
    return asyncio.run(_listening(work, say, interrupts=2 if patient else 1))


def hear(which: signal.Signals, call: Callable[[], None]) -> None:
    """Have the running loop call *call* at a signal: its own way would take the signals from the watchdog."""
    loop = asyncio.get_running_loop()

    def handle(number: int, frame: FrameType | None) -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(call)

    signal.signal(which, handle)


async def _listening(work: Work[R], say: Callable[[str], None], *, interrupts: int) -> R:
    stopping, task, loop = asyncio.Event(), asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None, "called from a coroutine"
    others = Threads(name="harvester-aside", patience=ASIDE)
    loop.set_default_executor(others)
    received: list[signal.Signals] = []

    def react(which: signal.Signals) -> None:
        received.append(which)
        if which == signal.SIGTERM or received.count(which) >= interrupts:
            task.cancel()
        else:
            stopping.set()
            say(STOPPING)

    with _watched(react, interrupts):
        _turn(loop)
        try:
            return await work(stopping)
        except asyncio.CancelledError:
            if not received:
                raise
            say(STOPPED if interrupts > 1 else "Stopped.")
            raise typer.Exit(STATUS[received[-1]]) from None
        finally:
            others.shutdown()
            for words in list(others.doing.values()):
                say(f"A thread was left at work; nobody waits for {words}.")


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    loop.call_later(GLANCE, _turn, loop)


@contextmanager
def _watched(react: Callable[[signal.Signals], None], interrupts: int) -> Iterator[None]:
    """Have signals heard by *react*, in the running loop, and by those who end the process if it does not end.

    Those go on after a block that a signal ended: the process has not ended yet.
    """
    loop = asyncio.get_running_loop()
    with ExitStack() as over:
        inside, outside = _thread(interrupts, over), _process(interrupts, over)

        def handle(number: int, frame: FrameType | None) -> None:
            os.write(inside, bytes([number]))
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(react, signal.Signals(number))

        over.callback(signal.set_wakeup_fd, signal.set_wakeup_fd(outside, warn_on_full_buffer=False))
        for which in STATUS:
            over.callback(signal.signal, which, signal.signal(which, handle))
        try:
            yield
        except typer.Exit:
            over.pop_all()  # kept to the end of the process
            raise


def _thread(interrupts: int, over: ExitStack) -> int:
    """Begin to watch in a thread; return the descriptor to which signals are told."""
    signals, told = os.pipe()
    over.callback(os.close, told)

    def watch() -> None:
        with os.fdopen(signals, "rb", buffering=0):
            watchdog.watch(signals, interrupts, LAST, lambda number: os._exit(STATUS[signal.Signals(number)]))

    threading.Thread(target=watch, name="harvester-watchdog", daemon=True).start()
    return told


def _process(interrupts: int, over: ExitStack) -> int:
    """Begin to watch in a process of a group of its own, which Ctrl-C does not reach; return where signals are told."""
    signals, told = os.pipe()
    over.callback(os.close, signals)  # open here too: whoever ends that process must not break the pipe
    over.callback(os.close, told)
    os.set_blocking(told, False)
    command = [sys.executable, "-I", "-S", watchdog.__file__, str(interrupts), str(KILLED), str(os.getpid())]
    streams = [
        (os.POSIX_SPAWN_DUP2, signals, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    with suppress(OSError):  # then only what keeps the interpreter itself cannot be ended
        os.posix_spawn(command[0], command, os.environ, file_actions=streams, setpgroup=0, setsigmask=STATUS)
    return told

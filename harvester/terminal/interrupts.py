"""Ctrl-C and SIGTERM while work runs."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer

R = TypeVar("R")

STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}


async def listening(work: Callable[[asyncio.Event], Awaitable[R]], say: Callable[[str], None]) -> R:
    """Do *work*, whose event the first Ctrl-C sets; a second one, or SIGTERM, cancels it and ends with 130 or 143.

    What is cancelled leaves no half files; what is asked to stop finishes the pictures in flight.
    """
    stopping = asyncio.Event()
    task = asyncio.current_task()
    assert task is not None, "called from a coroutine"
    received: list[signal.Signals] = []

    def interrupt() -> None:
        if stopping.is_set():
            end(signal.SIGINT)
            return
        stopping.set()
        say("Stopping: pictures in flight are finished, nothing new is begun. Ctrl-C again stops at once.")

    def end(which: signal.Signals) -> None:
        received.append(which)
        task.cancel()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, interrupt)
    loop.add_signal_handler(signal.SIGTERM, end, signal.SIGTERM)
    try:
        return await work(stopping)
    except asyncio.CancelledError:
        if not received:
            raise
        say("Stopped. Articles that were finished are whole; the same command goes on where it stopped.")
        raise typer.Exit(STATUS[received[-1]]) from None
    finally:
        for which in STATUS:
            loop.remove_signal_handler(which)

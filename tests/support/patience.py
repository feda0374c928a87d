"""Whether hostile input ends in bounded time, told apart from a machine that is busy with something else."""

from __future__ import annotations

import time
from collections.abc import Callable

TRIES = 4


def cheapest(work: Callable[[], object], *, enough: float) -> float:
    """Give the CPU seconds that *work* takes at its best of some tries; one that takes less than *enough* suffices.

    What grows with the square of its input takes long at every try; what a busy processor slows down does not.
    """
    least = float("inf")
    for _ in range(TRIES):
        started = time.thread_time()
        work()
        least = min(least, time.thread_time() - started)
        if least < enough:
            break
    return least

"""Trying again: what can heal, how often, after which pause; and Retry-After in all its forms."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import count
from typing import TypeVar

from harvester import config
from harvester.errors import FetchError
from harvester.web.dates import moment_of
from harvester.web.network.transport import Headers
from harvester.web.politeness.pace import jittered

T = TypeVar("T")

LATER = frozenset({"postponed", "host_down", "timeout", "too_slow"})
"""Codes that another run may heal and this one does not try to."""
ONCE_MORE = frozenset({"connect_timeout", "silent"})
"""Codes that took long to find out: one more try is enough."""


async def retried(work: Callable[[], Awaitable[T]], settings: config.Web) -> T:
    """Do *work* up to `[web] retries` times more while its FetchError may heal; raises the last one."""
    for tries in count(1):
        try:
            return await work()
        except FetchError as error:
            if not _heals(error) or tries > _more_tries(error, settings):
                raise
            # A host that said 429 or 503 is held: whoever asks it again waits at its door.
            pause = 0.0 if error.status in (429, 503) else jittered(settings.backoff, tries - 1)
        await asyncio.sleep(pause)
    raise AssertionError("unreachable")


def retry_after(headers: Headers, now: datetime | None = None) -> float | None:
    """Return the seconds that Retry-After asks for, 0 for a date in the past, None without a valid one.

    A date is compared with the server's own Date, since its clock may be wrong.
    Source: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
    """
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if re.fullmatch(r"[0-9]{1,12}", value):
        return float(value)
    until = moment_of(value)
    if until is None:
        return None
    since = moment_of(headers.get("Date")) or now or datetime.now(UTC)
    return max(0.0, (until - since).total_seconds())


def _heals(error: FetchError) -> bool:
    return error.retryable and error.code not in LATER


def _more_tries(error: FetchError, settings: config.Web) -> int:
    return min(1, settings.retries) if error.code in ONCE_MORE else settings.retries

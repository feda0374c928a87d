"""Retries: which errors, how often, after which pause; and Retry-After in all its forms."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from harvester import config
from harvester.errors import FetchError
from harvester.web.dates import moment_of
from harvester.web.network.transport import Headers
from harvester.web.politeness.pace import jittered

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState

T = TypeVar("T")

LATER = frozenset({"postponed", "host_down", "timeout", "too_slow"})
"""Codes that are left to a later run."""
ONCE_MORE = frozenset({"connect_timeout", "silent"})
"""Codes of errors that take long to appear: one retry is enough."""


async def retried(work: Callable[[], Awaitable[T]], settings: config.Web) -> T:
    """Return the result of *work*, retried up to `[web] retries` times while its error allows; raises the last one."""
    try:
        return await work()  # most work succeeds and should not pay for the bookkeeping of retries
    except FetchError as error:
        if not _may_succeed_later(error):
            raise
        first = iter((error,))

    async def again() -> T:
        for error in first:
            raise error
        return await work()

    return await _retrying(settings)(again)


def retry_after(headers: Headers, now: datetime | None = None) -> float | None:
    """Return the seconds that Retry-After asks for, 0 for a date in the past, None if it is missing or invalid.

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


def _retrying(settings: config.Web) -> AsyncRetrying:
    from tenacity import AsyncRetrying, retry_if_exception  # slow to import, and only needed for a retry

    def over(state: RetryCallState) -> bool:
        return state.attempt_number > _retries_left_to(_error_of(state), settings)

    def pause(state: RetryCallState) -> float:
        error = _error_of(state)
        # A host that answered 429 or 503 is on hold: the next request to it waits for its turn.
        return 0.0 if error.status in (429, 503) else jittered(settings.backoff, state.attempt_number - 1)

    return AsyncRetrying(retry=retry_if_exception(_may_succeed_later), stop=over, wait=pause, reraise=True)


def _may_succeed_later(error: BaseException) -> bool:
    return isinstance(error, FetchError) and error.retryable and error.code not in LATER


def _error_of(state: RetryCallState) -> FetchError:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, FetchError), "only a FetchError is retried"
    return error


def _retries_left_to(error: FetchError, settings: config.Web) -> int:
    return min(1, settings.retries) if error.code in ONCE_MORE else settings.retries

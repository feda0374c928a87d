"""Reading recorded times, which a wrong clock may have written.

A time ahead of the clock was written while the clock was ahead. An event recorded at such a time counts as happening
now, and nothing waits for that time to come. A time to wait for is believed up to the longest wait anybody may ask for.
Whoever finds a time ahead of the clock reports it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from harvester.events import Warned

SLACK = 60.0
"""Seconds by which healthy clocks may differ: on two machines, or on one before and after it is set."""

LONGEST_HOLD = 7 * 86_400.0
"""Longest postponement of a host in seconds, whatever it asked for; it may have asked by mistake."""

LONGEST_REST = 3 * 86_400.0
"""Longest rest of a feed in seconds: a day at its publisher's wish, and the days it skips."""


def moment(stated: str | None) -> datetime | None:
    """Return ISO 8601 text as a time, in UTC where it names no zone; None if invalid: files may be damaged."""
    try:
        read = datetime.fromisoformat(stated or "")
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def is_ahead(moment: float, now: float) -> bool:
    """Return whether the recorded time of an event is ahead of the clock; both in Unix seconds."""
    return moment > now + SLACK


def past(moment: float, now: float) -> float:
    """Return the recorded time of an event, or *now* if that time is ahead of the clock."""
    return min(moment, now)


def since(moment: datetime, now: datetime) -> float | None:
    """Return the seconds since an event, or None if its recorded time is ahead of the clock."""
    passed = (now - moment).total_seconds()
    return None if passed < -SLACK else max(0.0, passed)


def waits(until: str | None, now: datetime, *, noted: str | None = None) -> bool:
    """Return whether the time to wait for (ISO 8601) is still to come.

    *noted* is when it was written down: if that is ahead of the clock, the wait was computed wrongly and is ignored.
    """
    later, written = moment(until), moment(noted)
    if later is None or (written is not None and since(written, now) is None):
        return False
    return later > now


def warned(what: str, moment: float, then: str) -> Warned:
    """Make the warning that *what* has a time (Unix seconds) ahead of the clock; *then* says what is done about it."""
    try:
        when = f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):  # outside every calendar
        when = "a time beyond all calendars"
    return Warned(code="clock", message=f"{what} has a time ahead of the clock ({when}): {then}. Is the clock right?")

"""Times that were written down by a clock that may have been wrong since, and how they are read.

A time that lies ahead of the clock was written when the clock was ahead. What it says was done is taken for done now,
and never keeps anything waiting until that time; a time that something is to wait for is believed within the longest
that anybody may ask for. Whoever finds one tells it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from harvester.events import Warned

SLACK = 60.0
"""Seconds by which clocks differ that are in order: those of two machines, or of one before and after it is set."""

LONGEST_HOLD = 7 * 86_400.0
"""Seconds for which a host is postponed at most, whatever it said; it may have said it by mistake."""

LONGEST_REST = 3 * 86_400.0
"""Seconds for which a feed is left alone at most: a day as its publisher wishes, and the days that it skips."""


def moment(stated: str | None) -> datetime | None:
    """Read ISO 8601, in UTC where no zone is told; None for what is no moment: files and databases may be damaged."""
    try:
        read = datetime.fromisoformat(stated or "")
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def is_ahead(moment: float, now: float) -> bool:
    """Return whether a time at which something was done lies ahead of the clock; both in Unix seconds."""
    return moment > now + SLACK


def past(moment: float, now: float) -> float:
    """Return a time at which something was done, *now* for one that lies ahead of the clock."""
    return min(moment, now)


def since(moment: datetime, now: datetime) -> float | None:
    """Return the seconds that passed since something was done; None where that lies ahead of the clock."""
    passed = (now - moment).total_seconds()
    return None if passed < -SLACK else max(0.0, passed)


def waits(until: str | None, now: datetime, *, noted: str | None = None) -> bool:
    """Return whether something waits for a moment (ISO 8601) that is yet to come.

    *noted* is when that was written down: by a clock that was ahead it was reckoned wrongly, and nothing waits for it.
    """
    later, written = moment(until), moment(noted)
    if later is None or (written is not None and since(written, now) is None):
        return False
    return later > now


def warned(what: str, moment: float, then: str) -> Warned:
    """Make the warning that *what* bears a time (Unix seconds) ahead of the clock, and *then* what is done about it."""
    try:
        when = f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):  # no calendar has it
        when = "a time beyond all calendars"
    return Warned(code="clock", message=f"{what} bears a time ahead of the clock ({when}): {then}. Is the clock right?")

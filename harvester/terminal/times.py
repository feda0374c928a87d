"""Times as people type them: 90s, 20m, 2h, 3d; 2026-03-14."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from harvester.errors import UsageError


def span(text: str, flag: str) -> float:
    """Return the seconds of `90`, `90s`, `20m`, `2h` or `3d`, a century at most; UsageError names *flag*."""
    from harvester import config

    try:
        return config.span(text)
    except ValueError:
        raise UsageError(f"{flag} {text!r}: not a span of time. Write it as 90s, 20m, 2h or 3d.") from None


def seconds(given: float) -> float:
    """Return the seconds of --wait, a century at most; raises UsageError for what is no number of them (inf, nan)."""
    from harvester.config import CENTURY

    if not 0 <= given <= CENTURY:
        raise UsageError(f"--wait {given}: not a number of seconds. Write it as 90 or 3600.")
    return given


def since(text: str, now: datetime | None = None) -> str:
    """Return the moment that a date or an age means, as ISO 8601 in UTC; raises UsageError for neither."""
    if re.fullmatch(r"\d+(\.\d+)?\s*[smhd]", text.strip(), re.ASCII):
        moment = (now or datetime.now(UTC)) - timedelta(seconds=span(text, "--since"))
    else:
        moment = _date(text)
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _date(text: str) -> datetime:
    """Return a date in UTC; one that no calendar has there is none."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"--since {text!r}: neither a date (2026-03-14) nor an age (12h, 3d).") from None

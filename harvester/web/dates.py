"""Dates in header fields."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def moment_of(field: str | None) -> datetime | None:
    """Return the time in a header field, in UTC where it names no zone, or None if it is missing or invalid.

    Source: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
    """
    try:
        found = parsedate_to_datetime(field or "")
    except (ValueError, OverflowError):  # OverflowError for a day or a zone of twenty digits
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)

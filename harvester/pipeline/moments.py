"""Moments as they were written down."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(stated: str | None) -> datetime | None:
    """Read ISO 8601, in UTC where no zone is told; None for what is no moment: files and databases may be damaged."""
    try:
        read = datetime.fromisoformat(stated or "")
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None

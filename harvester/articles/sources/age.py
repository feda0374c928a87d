"""How old a lead is, by the dates that its source states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from harvester.steps import Lead


def is_older(stated: str, moment: datetime) -> bool:
    """Return whether a date in ISO 8601 is before *moment*; one without a time counts as the end of its day in UTC."""
    found = datetime.fromisoformat(stated)
    if len(stated) <= len("2026-03-14"):
        found += timedelta(days=1)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)) < moment


def is_too_old(lead: Lead, moment: datetime | None) -> bool:
    """Return whether a lead is dated before *moment*; one without a date is not.

    A page last modified before *moment* was also published before it, so either date will do.
    """
    stated = lead.published or lead.modified
    return moment is not None and stated is not None and is_older(stated, moment)

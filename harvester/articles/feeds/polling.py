"""When a feed or sitemap may be requested again, according to its publisher.

Sources: RSS 2.0 (ttl, skipHours, skipDays), RSS 1.0 syndication module (updatePeriod, updateFrequency), RFC 9111
(Cache-Control, Age, Expires).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from harvester.web.dates import moment_of

LONGEST = 86_400.0
"""Longest wait in seconds that a publisher may ask for: whoever says a year means a page, not its list of news."""

SLEEPY = 0.1
SLEEPIEST = 21_600.0
"""A silent feed is left alone for another tenth of its time of silence, at most 6 hours (in seconds)."""

_HOUR = 3_600.0
_PERIODS = {"hourly": _HOUR, "daily": 24 * _HOUR, "weekly": LONGEST, "monthly": LONGEST, "yearly": LONGEST}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TTL = re.compile(r"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(r"<(?:\w+:)?updatePeriod>\s*(\w+)\s*<", re.IGNORECASE)
_FREQUENCY = re.compile(r"<(?:\w+:)?updateFrequency>\s*(\d{1,4})\s*<", re.IGNORECASE)
_SKIPPED = re.compile(r"<skip(?:Hours|Days)>.{0,2000}?</skip(?:Hours|Days)>", re.IGNORECASE | re.DOTALL)
_SKIPPED_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_SKIPPED_DAY = re.compile(r"<day>\s*(\w+)\s*</day>", re.IGNORECASE)


def due_at(asked_at: float, headers: Mapping[str, str], head: str, *, silent_for: float = 0.0) -> float:
    """Return the Unix time from which a feed may be requested again.

    It was last requested at *asked_at*, begins with *head*, and has had nothing new for *silent_for* seconds.
    """
    wait = min(max(_freshness(headers), _announced_interval(head)), LONGEST)
    return _past_skipped(asked_at + max(wait, min(silent_for * SLEEPY, SLEEPIEST)), head)


def _freshness(headers: Mapping[str, str]) -> float:
    """Return the seconds for which an answer counts as fresh. Source: RFC 9111, section 4.2.1"""
    control = headers.get("Cache-Control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return 0.0
    age = re.search(r"max-age=\"?(\d{1,9})", control)
    if age:
        passed = headers.get("Age", "")
        return max(0.0, float(age[1]) - (float(passed) if re.fullmatch(r"[0-9]{1,9}", passed) else 0.0))
    expires, date = moment_of(headers.get("Expires")), moment_of(headers.get("Date"))
    return max(0.0, (expires - date).total_seconds()) if expires and date else 0.0


def _announced_interval(head: str) -> float:
    """Return the seconds between two updates that a feed announces, 0 if it announces nothing."""
    ttl, period, frequency = _TTL.search(head), _PERIOD.search(head), _FREQUENCY.search(head)
    minutes = float(ttl[1]) if ttl else 0.0
    often = max(1, int(frequency[1])) if frequency else 1
    return max(minutes * 60, _PERIODS.get(period[1].lower(), 0.0) / often if period else 0.0)


def _past_skipped(moment: float, head: str) -> float:
    """Return *moment*, moved past the hours and days (UTC) in which a feed is not to be read."""
    skipped = " ".join(_SKIPPED.findall(head))
    hours = {int(hour) % 24 for hour in _SKIPPED_HOUR.findall(skipped)}
    days = {_DAYS.index(day.lower()) for day in _SKIPPED_DAY.findall(skipped) if day.lower() in _DAYS}
    when = datetime.fromtimestamp(moment, UTC)
    for _ in range(48):
        if when.hour not in hours and when.weekday() not in days:
            break
        when = when.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return when.timestamp()

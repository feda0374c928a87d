"""Dates as pages write them, as ISO 8601 as exact as they are stated: nothing is added, the stated offset stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

_YEARS = range(1980, 2100)  # what templates write in place of an unknown date lies outside: 0001-01-01, 1970-01-01
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}

_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\b)?"
)
_OFFSET = r"(?:\s?(?P<offset>Z\b|(?:UTC|GMT)?[+-]\d\d:?(?:\d\d)?|UTC|GMT))?"
_TIME = rf"(?:(?:T|,?\sat\s|[\s,·|-]{{1,3}}){_CLOCK}{_OFFSET})?"
_NAME = r"(?P<name>[A-Z][a-z]{2,8})\.?"
_PATTERNS = (
    rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?){_TIME}",
    rf"(?P<year>\d{{4}})[年년]\s?(?P<month>\d\d?)[月월]\s?(?P<day>\d\d?)[日일]{_TIME}",
    rf"(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?(?P<year>\d{{4}}){_TIME}",  # who writes points writes the day first
    rf"(?:[A-Z][a-z]+,\s)?{_NAME}\s(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}}){_TIME}",
    rf"(?:[A-Z][a-z]+,\s)?(?P<day>\d\d?)(?:st|nd|rd|th|\.)?\s{_NAME},?\s(?P<year>\d{{4}}){_TIME}",
    rf"[A-Z][a-z]{{2}}\s{_NAME}\s(?P<day>\d\d?)\s{_CLOCK}{_OFFSET}(?:\s[A-Z]{{3,4}})?\s(?P<year>\d{{4}})",  # Java's
    rf"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d){_OFFSET})?",
)
_WRITTEN = tuple(re.compile(rf"{pattern}(?!\d)", re.ASCII) for pattern in _PATTERNS)
_EPOCH = re.compile(r"\d{9,10}|\d{13}|\d{16}", re.ASCII)
_LONGEST = 80  # characters


def first_date(stated: Iterable[object]) -> str | None:
    """Give the first of some statements that is a date."""
    return next((found for text in stated if (found := iso(text))), None)


def iso(stated: object) -> str | None:
    """Give a date or time in ISO 8601, or None where *stated* is none or leaves open which it is (`03/04/2024`).

    Whole numbers are seconds since 1970, or thousandths or millionths of them.
    """
    text = " ".join(str(stated)[:_LONGEST].split()).strip("'\"") if isinstance(stated, str | int | float) else ""
    if _EPOCH.fullmatch(text):
        return since_1970(int(text))
    found = next((match for pattern in _WRITTEN if (match := pattern.match(text))), None)
    return _composed(found.groupdict()) if found else None


def since_1970(moment: int) -> str | None:
    """Give a time that is stated as seconds, milliseconds or microseconds since 1970, in whole seconds."""
    while moment > 99_999_999_999:
        moment //= 1000
    found = datetime.fromtimestamp(moment, UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%SZ") if found.year in _YEARS else None


def _composed(parts: Mapping[str, str | None]) -> str | None:
    month = int(parts.get("month") or _MONTHS.get((parts.get("name") or "")[:3].lower(), 0))
    day = f"{parts['year']}-{month:02d}-{int(parts['day'] or 0):02d}"
    whole = f"{day}T{_clock(parts)}{_offset(parts.get('offset'))}" if parts.get("hour") else day
    return next((form for form in (whole, day) if _is_real(form)), None)


def _clock(parts: Mapping[str, str | None]) -> str:
    hour = int(parts["hour"] or 0)
    if half := parts.get("half"):
        hour = hour % 12 + (12 if half in "Pp" else 0)
    exact = f":{parts['second']}" if parts.get("second") else ""
    fraction = (parts.get("fraction") or "")[:6].rstrip("0")
    return f"{hour:02d}:{parts['minute']}{exact}{'.' if fraction else ''}{fraction}"


def _offset(stated: str | None) -> str:
    digits = re.sub(r"\D", "", stated or "")
    if not digits:
        return "Z" if stated else ""
    return f"{'-' if '-' in (stated or '') else '+'}{digits[:2]}:{digits[2:] or '00'}"


def _is_real(form: str) -> bool:
    try:
        return datetime.fromisoformat(form).year in _YEARS
    except ValueError:
        return False

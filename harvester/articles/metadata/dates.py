"""Dates as pages write them, turned into ISO 8601 as exact as stated: nothing is added, the stated offset stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

_YEARS = range(1980, 2100)  # leaves out what templates write for an unknown date: 0001-01-01, 1970-01-01
# How month names begin in Germanic, Romance and Nordic languages, Polish, Russian and Ukrainian.
_MONTHS = {
    beginning: number
    for number, beginnings in enumerate(
        (
            "jan jän ene gen sty янв січ",
            "feb fév fev lut фев лют",
            "mar mär maa mrt март берез",
            "apr avr abr kwi апр квіт",
            "may mai mei mag maj мая трав",
            "jun juin giu cze июн черв",
            "jul juil lug lip июл лип",
            "aug aoû aou ago sie авг серп",
            "sep set wrz сен верес",
            "oct okt ott out paź окт жовт",
            "nov lis ноя лист",
            "dec dez déc dic des gru дек груд",
        ),
        1,
    )
    for beginning in beginnings.split()
}
_BEGINNINGS = range(5, 2, -1)  # letters, the longest first: juin and juil are two months

_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\b)?"
)
_OFFSET = r"(?:\s?(?P<offset>Z\b|(?:UTC|GMT)?[+-]\d\d:?(?:\d\d)?|UTC|GMT))?"
_TIME = rf"(?:(?:T|,?\sat\s|[\s,·|-]{{1,3}}){_CLOCK}{_OFFSET})?"
_NAME = r"(?P<name>[A-Z][a-z]{2,8})\.?"
_LETTER = r"[A-Za-zÀ-žА-яёіїєґ]"
_SPOKEN_TIME = (
    r"(?:\s[гр]\.?)?(?:,?\s(?:(?:um|à|às|a las|alle|ore|kl\.?|om|о|в)\s)?(?P<hour>\d{1,2})\s?[:h.]\s?(?P<minute>\d\d))?"
)
_PATTERNS = (
    rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?){_TIME}",
    rf"(?P<year>\d{{4}})[年년]\s?(?P<month>\d\d?)[月월]\s?(?P<day>\d\d?)[日일]{_TIME}",
    rf"(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?(?P<year>\d{{4}}){_TIME}",  # with dots the day comes first
    rf"(?:[A-Z][a-z]+,\s)?{_NAME}\s(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}}){_TIME}",
    rf"(?:[A-Z][a-z]+,\s)?(?P<day>\d\d?)(?:st|nd|rd|th|\.)?\s{_NAME},?\s(?P<year>\d{{4}}){_TIME}",
    rf"(?:{_LETTER}+,?\s)?(?P<day>\d\d?)(?:\.|er|º)?\s(?:de\s)?(?P<name>{_LETTER}{{3,12}})\.?\s(?:del?\s)?(?P<year>\d{{4}}){_SPOKEN_TIME}",
    rf"[A-Z][a-z]{{2}}\s{_NAME}\s(?P<day>\d\d?)\s{_CLOCK}{_OFFSET}(?:\s[A-Z]{{3,4}})?\s(?P<year>\d{{4}})",  # Java's
    rf"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d){_OFFSET})?",
)
_WRITTEN = tuple(re.compile(rf"{pattern}(?!\d)", re.ASCII) for pattern in _PATTERNS)
_EPOCH = re.compile(r"\d{9,10}|\d{13}|\d{16}", re.ASCII)
_LONGEST = 80  # characters
_DAY = len("2024-03-02")


def first_date(stated: Iterable[object]) -> str | None:
    """Return the first of some texts that is a date."""
    return next((found for text in stated if (found := iso(text))), None)


def most_exact(stated: Iterable[object]) -> str | None:
    """Return the first of some texts that is a date, or a later one that adds the time of that day."""
    found = (date for text in stated if (date := iso(text)))
    first = next(found, None)
    if first is None or len(first) > _DAY:
        return first
    return next((date for date in found if date.startswith(f"{first}T")), first)


def iso(stated: object) -> str | None:
    """Return a date or time in ISO 8601, or None if *stated* is not one or is ambiguous (`03/04/2024`).

    Whole numbers are seconds, milliseconds or microseconds since 1970.
    """
    text = " ".join(str(stated)[:_LONGEST].split()).strip("'\"") if isinstance(stated, str | int | float) else ""
    if _EPOCH.fullmatch(text):
        return since_1970(int(text))
    if not text:
        return None
    found = next((match for pattern in _WRITTEN if (match := pattern.match(text))), None)
    return _composed(found.groupdict()) if found else None


def since_1970(moment: int) -> str | None:
    """Return a time given in seconds, milliseconds or microseconds since 1970, to the second; None if out of range."""
    while moment > 99_999_999_999:
        moment //= 1000
    found = datetime.fromtimestamp(moment, UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%SZ") if found.year in _YEARS else None


def _composed(parts: Mapping[str, str | None]) -> str | None:
    month = int(parts.get("month") or _month(parts.get("name") or ""))
    day = f"{parts['year']}-{month:02d}-{int(parts['day'] or 0):02d}"
    whole = f"{day}T{_clock(parts)}{_offset(parts.get('offset'))}" if parts.get("hour") else day
    return next((form for form in (whole, day) if _is_real(form)), None)


def _month(name: str) -> int:
    """Return the number of a month by how its name begins, 0 if it is not a month."""
    return next((_MONTHS[part] for n in _BEGINNINGS if (part := name[:n].lower()) in _MONTHS), 0)


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

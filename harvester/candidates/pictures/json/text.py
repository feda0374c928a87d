"""JSON as pages carry it: whole scripts, values inside scripts and attributes. Read, never evaluated."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from harvester.markup import value_at, with_whole_letters

_DIGITS = re.compile(r"[0-9]{1,9}")
_WRAPPED = re.compile(r"^\s*+(?:<!--|//<!\[CDATA\[|<!\[CDATA\[|/\*<!\[CDATA\[\*/)?\s*+")


def opens_json(text: str) -> bool:
    """Return whether *text* begins like a JSON object or list, percent-encoded or not."""
    return text.lstrip()[:3].lower().startswith(("{", "[", "%7b", "%5b"))


def decoded(text: str) -> Any:
    """Return the JSON value that *text* is or begins with, or None when there is none."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        start = _WRAPPED.match(text).end()  # type: ignore[union-attr]
        return decoded_at(with_whole_letters(text), start)[0]


def decoded_at(text: str, start: int) -> tuple[Any, int]:
    """Return the JSON value that begins at *start* and where it ends; else None and how far it was read."""
    try:
        return value_at(text, start)
    except json.JSONDecodeError as error:
        return None, max(error.pos, start)
    except (ValueError, RecursionError):  # a number with thousands of digits, or values nested a thousand deep
        return None, len(text)


def texts_of(value: Any) -> list[str]:
    """Return *value* in a list if it is a text, or the texts in it if it is a list."""
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def pixels_of(value: Any) -> int | None:
    """Read a width or height: a number, a text such as `1200px`, or schema.org's QuantitativeValue."""
    if isinstance(value, dict):
        value = value.get("value")
    text = str(value).strip().removesuffix("px").removesuffix(".0").strip()
    return int(text) if _DIGITS.fullmatch(text) and 1 < int(text) < 100_000 else None

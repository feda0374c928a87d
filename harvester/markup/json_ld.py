"""JSON-LD as pages write it: in comments, with trailing commas and broken lines, several values to a script."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from harvester.markup.json_values import value_at, with_whole_letters

LONGEST = 3_000_000  # characters read of one script
MOST_THINGS = 10_000

_OPENING = re.compile(r"(?:\s|;|<!--|-->|//[^\n]*|/\*.*?\*/|<!\[CDATA\[|\]\]>)*+", re.DOTALL)
_BARE_COMMA = re.compile(r",(?=\s*+[}\]])")
_COMMA = re.compile(rf'("(?:[^"\\]++|\\.)*+(?:"|\\?\Z))|{_BARE_COMMA.pattern}', re.DOTALL)
_CLOSED = re.compile(r'(?:[^"]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)


def values_in(script: str) -> list[Any]:
    """Return the JSON values in a script, seldom more than one."""
    return list(_values(script[:LONGEST]))


def things_in(values: list[Any]) -> list[dict[str, Any]]:
    """Return the things that *values* describe, each of a list or a `@graph` by itself, in order."""
    return list(islice((thing for value in values for thing in _things(value)), MOST_THINGS))


def types_of(thing: Any) -> list[str]:
    """Return the types of a thing without their vocabulary: `NewsArticle`."""
    stated = thing.get("@type") if isinstance(thing, dict) else None
    types = stated if isinstance(stated, list) else [stated]
    return [kind.rpartition("/")[2].rpartition(":")[2] for kind in types if isinstance(kind, str)]


def _values(script: str) -> Iterator[Any]:
    try:
        yield msgspec.json.decode(script)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        yield from _repaired_values(script)


def _repaired_values(script: str) -> Iterator[Any]:
    if script.lstrip(" \t\r\n[")[:7] == "{&quot;":
        script = html.unescape(script)
    script = with_whole_letters(_without_commas(script))
    position = _skip_to_value(script, 0)
    while position < len(script):
        try:
            value, position = value_at(script, position)
        except (ValueError, RecursionError):
            return
        yield value
        position = _skip_to_value(script, position)


def _without_commas(script: str) -> str:
    """Remove the commas before closing brackets, except inside strings.

    After a quote that opens an unterminated string there are no complete strings, so none are looked for there.
    """
    found = _CLOSED.match(script)
    assert found is not None, "the pattern matches the empty string"
    return _COMMA.sub(r"\1", script[: found.end()]) + _BARE_COMMA.sub("", script[found.end() :])


def _skip_to_value(script: str, position: int) -> int:
    found = _OPENING.match(script, position)
    assert found is not None, "the pattern matches the empty string"
    return found.end()


def _things(value: Any, deep: int = 0) -> Iterator[dict[str, Any]]:
    if isinstance(value, list) and deep < 4:
        for item in value:
            yield from _things(item, deep + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        yield from _things(value.get("@graph"), deep + 1)

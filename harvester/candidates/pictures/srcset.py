"""The srcset attribute, read as browsers read it.

Source: https://html.spec.whatwg.org/#parse-a-srcset-attribute. A URL is a run of anything but white space; a comma is
cut off only at its end. Every pattern is possessive, so the cost is linear in the length of the text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from msgspec import Struct

# ASCII white space is what browsers take for white space; Python's str.split() takes more.
_URL = re.compile(r"[\t\n\f\r ,]*+([^\t\n\f\r ]*+)")  # empty at the end
_DESCRIPTORS = re.compile(r"(?:[^,(]++|\([^)]*+\)?+)*+")
_DESCRIPTOR = re.compile(r"(?:[^\t\n\f\r (]++|\([^)]*+\)?+)++")
_NUMBER = re.compile(r"-?(?:[0-9]+|[0-9]*\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class SrcsetEntry(Struct, frozen=True):
    """One entry of a srcset: the URL as written, and its width and height in pixels or its density."""

    url: str
    width: int | None = None
    height: int | None = None
    density: float | None = None


def parse_srcset(text: str) -> Iterator[SrcsetEntry]:
    """Yield the entries that a browser accepts from *text*, in order."""
    position = 0
    while (found := _URL.match(text, position)) is not None and found[1]:
        url, position = found[1], found.end()
        if url.endswith(","):
            descriptors: list[str] = []
        else:
            run = _DESCRIPTORS.match(text, position)
            assert run is not None, "the pattern matches the empty string"
            descriptors, position = _DESCRIPTOR.findall(run[0]), run.end()
        entry = _entry(url.rstrip(","), descriptors)
        if entry:
            yield entry


def _entry(url: str, descriptors: list[str]) -> SrcsetEntry | None:
    """Return an entry with its descriptors read; None when the standard calls one of them an error."""
    said: dict[str, float] = {}
    for descriptor in descriptors:
        unit, value = descriptor[-1], _value(descriptor)
        if value is None or unit in said or not _is_allowed(unit, said):
            return None
        said[unit] = value
    if "h" in said and "w" not in said:
        return None
    return SrcsetEntry(url, _integer(said.get("w")), _integer(said.get("h")), said.get("x"))


def _integer(value: float | None) -> int | None:
    return None if value is None else int(value)


def _value(descriptor: str) -> float | None:
    unit, number = descriptor[-1], descriptor[:-1]
    if unit in "wh":
        is_size = number.isascii() and number.isdigit() and len(number) <= 9
        return (int(number) or None) if is_size else None
    if unit != "x" or not _NUMBER.fullmatch(number):
        return None
    density = float(number)
    return density if density >= 0 and math.isfinite(density) else None


def _is_allowed(unit: str, said: dict[str, float]) -> bool:
    return not said or (unit != "x" and "x" not in said)

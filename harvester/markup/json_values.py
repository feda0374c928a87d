r"""JSON values inside other text, read leniently.

Letters beyond U+FFFF are written as two escapes (`\ud83d\ude00`). Publishers that truncate texts may
cut between the two, and Python reads the remaining half as a letter of its own, which no encoding can represent.
"""

from __future__ import annotations

import json
import re
from typing import Any

_DECODER = json.JSONDecoder(strict=False)  # line breaks inside texts are common and harmless
_FIRST, _SECOND = r"u[dD][89abAB][0-9a-fA-F]{2}", r"u[dD][c-fC-F][0-9a-fA-F]{2}"
_ESCAPE = re.compile(rf"\\(?:{_FIRST}\\{_SECOND}|(?P<half>{_FIRST}|{_SECOND})|.)", re.DOTALL)
_HALF = re.compile("[\ud800-\udfff]")


def value_at(text: str, start: int) -> tuple[Any, int]:
    """Return the JSON value that begins at *start*, and where it ends.

    Raises json.JSONDecodeError if there is none, ValueError for a number with thousands of digits, and RecursionError
    if it is nested too deeply.
    """
    return _DECODER.raw_decode(text, start)


def with_whole_letters(text: str) -> str:
    """Return JSON, or a script with JSON in it, with U+FFFD for each escape of half a letter; the length stays."""
    if "\\ud" not in text and "\\uD" not in text:  # the pattern takes ten times as long, and hardly any text needs it
        return text
    return _ESCAPE.sub(lambda found: r"\ufffd" if found["half"] else found[0], text)


def joined_halves(text: str) -> str:
    """Return *text* with halves of letters joined into letters, and U+FFFD for each half without its partner."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

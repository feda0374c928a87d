"""JSON values inside JavaScript: found by how they begin, parsed by a JSON parser, never evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from harvester.candidates.pictures.json.text import decoded, decoded_at
from harvester.markup import joined_halves, with_whole_letters

MOST_FAILURES = 200  # beginnings in one script that turn out not to be JSON, after which the rest is taken for code
WASTE = 4  # a script is read in vain at most this many times over
SMALLEST = 20  # characters; a shorter value cannot name a picture

# An object with its first member, a list with its first element, or a text passed to a parser.
_TEXT = r"\"(?:[^\"\\]|\\.){0,300}+\""
_OPENING = re.compile(
    rf"\{{\s{{0,40}}+{_TEXT}\s{{0,8}}+:\s{{0,8}}+[\"\[{{\d\-tfn]|\[\s{{0,40}}+(?:{_TEXT}\s{{0,40}}+[,\]]|\{{\s{{0,40}}+\"|\[\s{{0,40}}+[\"\[{{])"
    r"|JSON\.parse\(\s{0,8}+(?:decodeURIComponent\(\s{0,8}+)?(?=[\"'])"
)
_NAME = re.compile(r"([\w$]{1,60})[\"']?\]?\s{0,8}[=:(]\s{0,8}$")
_LITERAL = re.compile(r"\"((?:[^\"\\]++|\\.)*+)(?:\"|\\?\Z)|'((?:[^'\\]++|\\.)*+)(?:'|\\?\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|\r\n|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
# What JavaScript writes where JSON has null or a number; replaced at equal length, so that positions stay valid.
_NO_JSON = re.compile(r"(?<=[:,\[\s])(?:undefined|void 0|!0|!1)(?=\s{0,40}+[,}\]])")
_FLIGHT = re.compile(r"__next_f\.push\(")
_ROW = re.compile(r"(?:^|(?<=[\n\]}\"]))[0-9a-f]{1,6}:(?=[\[{])")


def values(text: str) -> Iterator[tuple[str, Any]]:
    """Yield the JSON values in *text*, each with the name before it."""
    if "undefined" in text or "!0" in text or "!1" in text:
        text = _NO_JSON.sub(lambda found: ("0" if "!" in found[0] else "null").ljust(len(found[0])), text)
    text = with_whole_letters(text)
    for start, value in _read_all(text, _OPENING):
        yield _name(text, start), value


def flight_chunks(text: str) -> Iterator[str]:
    """Yield the texts that a script pushes to the component stream of Next.js."""
    text = with_whole_letters(text)
    for found in _FLIGHT.finditer(text):
        pushed, _ = decoded_at(text, found.end())
        if isinstance(pushed, list) and len(pushed) == 2 and isinstance(pushed[1], str):
            yield pushed[1]


def flight_values(stream: str) -> Iterator[Any]:
    """Return an iterator over the JSON values of Next.js's component stream: rows like `5:["$","div",null,{...}]`."""
    return (value for _, value in _read_all(with_whole_letters(stream), _ROW))


def _read_all(text: str, opening: re.Pattern[str]) -> Iterator[tuple[int, Any]]:
    """Yield the value at each *opening* outside other values, with its position; stop when too many are not JSON."""
    position, waste, failures = 0, 0, 0
    while waste <= WASTE * len(text) and failures < MOST_FAILURES and (found := opening.search(text, position)):
        value, end = _read(text, found)
        if value is None:
            failures, waste, position = failures + 1, waste + end - found.start(), found.start() + 1
        else:
            position = end
            if end - found.start() >= SMALLEST:
                yield found.start(), value


def _read(text: str, found: re.Match[str]) -> tuple[Any, int]:
    match found[0][0]:
        case "{" | "[":
            return decoded_at(text, found.start())
        case "J":
            return _read_literal(text, found)
    return decoded_at(text, found.end())


def _read_literal(text: str, found: re.Match[str]) -> tuple[Any, int]:
    literal = _LITERAL.match(text, found.end())
    if literal is None:
        return None, len(text)
    inner = literal[1] if literal[1] is not None else literal[2]
    unescaped = joined_halves(_ESCAPE.sub(_unescaped, inner)) if "\\" in inner else inner
    if "decodeURIComponent" in found[0]:
        unescaped = unquote(unescaped)
    return decoded(unescaped) if unescaped.lstrip()[:1] in ("{", "[") else "", literal.end()


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else "\ufffd"
    return _CONTROLS.get(found[4] or "", found[4] or "")


def _name(text: str, start: int) -> str:
    found = _NAME.search(text[max(0, start - 80) : start])
    return found[1] if found else ""

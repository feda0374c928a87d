"""Tags as an HTML tokenizer sees them, by expressions that take linear time whatever they are given.

No quantifier gives back what it took, and every expression matches up to the end of the text where a tag, a value or a
comment is never closed, so nothing is read twice. Source: https://html.spec.whatwg.org/#tokenization
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

MOST_ATTRIBUTES = 1_000  # of one tag: Lexbor compares each with all before it; the largest real tag seen has 120
_MANY_TAGS = 100_000  # so many matches are not held in memory at once

RAW = frozenset(("script", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes"))
"""Elements whose content is text up to their end tag: what looks like a tag in it is none."""

_S = r"\t\n\f\r "
_VALUE = rf"(?:\"[^\"]*+\"?+|'[^']*+'?+|[^{_S}>\"'][^{_S}>]*+)"
_ATTRIBUTE = rf"[{_S}/]*+[^{_S}/>][^{_S}/>=]*+(?:[{_S}]*+=[{_S}]*+{_VALUE}?+)?+"
_LIMITED = rf"(?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+[{_S}/]*+"
_COMMENT = r"!--(?:-?+>|(?:[^-]++|-(?!-!?>))*+(?:--!?>)?+)"
_BOGUS = r"(?:[!?]|/(?![a-zA-Z]))[^>]*+"
_NAME = rf"[a-zA-Z][^{_S}/>=\"'<]*+"  # as it should be; `=`, a quote or `<` in a name tells of damage


def _content(name: str) -> str:
    return rf"(?:[^<]++|<(?!/(?i:{name})[{_S}/>]))*+"


def _raw_element(name: str) -> str:
    return rf"(?i:{name})(?=[{_S}/>]){_LIMITED}(?:(?<!/)>|\Z){_content(name)}"


_RAW_ELEMENTS = "|".join(_raw_element(name) for name in sorted(RAW))
_SURVEY = re.compile(rf"<(?:(?:{_RAW_ELEMENTS})|{_COMMENT}|{_BOGUS}|(/?{_NAME}[=\"'<]?+){_LIMITED}([^>]?+))")

START = re.compile(rf"<(?:{_COMMENT}|{_BOGUS}|(?P<end>/?)(?P<name>{_NAME})(?P<odd>[^{_S}/>]*+))")
"""A comment, or a tag up to its first attribute; *odd* is what stands in its name that belongs in none."""

ATTRIBUTE = re.compile(
    rf"[{_S}/]*+(?P<name>[^{_S}/>][^{_S}/>=]*+)(?:[{_S}]*+(?P<valued>=)[{_S}]*+(?P<value>{_VALUE}?+))?+"
)
"""One attribute and the space before it; *value* is as written, with its quotes."""

_ATTRIBUTES = re.compile(rf"(?:{_ATTRIBUTE})*+[{_S}/]*+>?+")
_FIRST_ATTRIBUTES = re.compile(rf"{_LIMITED}>?+")
_CONTENT = {name: re.compile(_content(name)) for name in RAW}


class Survey(Struct, frozen=True):
    """The tags of a text without their attributes.

    *counts* says how often each name stands there, in lower case: `img`, `/p` for an end tag, `imgsrc=` where a name
    holds what belongs in none. *overfull* says whether a tag has more than MOST_ATTRIBUTES attributes.
    """

    counts: Counter[str]
    overfull: bool


def survey(text: str) -> Survey:
    """Count the tags of *text* by name."""
    found: Iterable[tuple[str, ...]] = (
        _SURVEY.findall(text)
        if text.count("<") < _MANY_TAGS
        else (match.groups("") for match in _SURVEY.finditer(text))
    )
    counts: Counter[str] = Counter()
    overfull = False
    for (name, after), count in Counter(found).items():
        counts[name.lower()] += count
        overfull = overfull or bool(after)
    counts.pop("", None)
    return Survey(counts, overfull)


def attributes_end(text: str, position: int) -> int:
    """Give where the tag ends whose attributes start at *position*."""
    return _end(_ATTRIBUTES, text, position)


def surplus_start(text: str, position: int) -> int:
    """Give where those attributes start that are more than MOST_ATTRIBUTES; the tag's end where there are none."""
    return _end(_FIRST_ATTRIBUTES, text, position)


def content_end(text: str, name: str, position: int) -> int:
    """Give where the text ends that is *name*'s raw content from *position*, the end of its start tag, on."""
    if name not in RAW or text.endswith("/>", 0, position):
        return position
    return _end(_CONTENT[name], text, position)


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    assert found is not None, "it matches nothing as well"
    return found.end()

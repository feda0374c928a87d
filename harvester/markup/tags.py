"""Tags as an HTML tokenizer sees them, by regular expressions that take linear time on any input.

No quantifier backtracks, and every expression matches to the end of the text if a tag, a value or a comment is never
closed, so nothing is read twice. Source: https://html.spec.whatwg.org/#tokenization
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from harvester.markup.nesting import FORMATTING
from harvester.markup.vocabulary import ELEMENTS

MOST_ATTRIBUTES = 1_000  # of one tag: Lexbor compares each with all before it; the largest real tag seen has 120
MOST_LOOKED_AT = 300_000  # tags of a page; the largest real page seen has 20,000
_LARGE = 1_000_000  # characters; the matches in so much are not held in memory at once

RAW = frozenset(("script", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes"))
"""Elements whose content is text up to their end tag: nothing inside them is a tag."""

_S = r"\t\n\f\r "
_VALUE = rf"(?:\"[^\"]*+\"?+|'[^']*+'?+|[^{_S}>\"'][^{_S}>]*+)"
_ATTRIBUTE = rf"[{_S}/]*+[^{_S}/>][^{_S}/>=]*+(?:[{_S}]*+=[{_S}]*+{_VALUE}?+)?+"
_LIMITED = rf"(?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+[{_S}/]*+"
_COMMENT = r"!--(?:-?+>|(?:[^-]++|-(?!-!?>))*+(?:--!?>)?+)"
_BOGUS = r"(?:[!?]|/(?![a-zA-Z]))[^>]*+"
_NAME = rf"[a-zA-Z][^{_S}/>=\"'<]*+"  # as it should be; `=`, a quote or `<` in a name is a sign of damage


def _content(name: str) -> str:
    return rf"(?:[^<]++|<(?!/(?i:{name})[{_S}/>]))*+"


def _raw_element(name: str) -> str:
    end = ">" if name == "script" else "(?<!/)>"
    return rf"(?i:{name})(?=[{_S}/>]){_LIMITED}(?:{end}|\Z){_content(name)}"


_RAW_ELEMENTS = "|".join(_raw_element(name) for name in sorted(RAW))
_OFTEN = ("div", "a", "span", "li", "p", "img", "script", "meta")  # tried first: most tags are of these
_COMMON = "|".join((*_OFTEN, *sorted(ELEMENTS - FORMATTING)))
_NAMES = re.compile(rf"<(?!/?+(?:{_COMMON})[{_S}/>])(/?{_NAME}[=\"'<]?+)")
_SURPLUS = re.compile(rf"<(?:(?:{_RAW_ELEMENTS})|{_COMMENT}|{_BOGUS}|/?{_NAME}[^{_S}/>]*+{_LIMITED}([^>]?+))")

START = re.compile(rf"<(?:{_COMMENT}|{_BOGUS}|(?P<end>/?)(?P<name>{_NAME})(?P<odd>[^{_S}/>]*+))")
"""A comment, or a tag up to its first attribute; *odd* is the part of its name that no name may contain."""

TAG = re.compile(
    rf"<(?:{_COMMENT}|{_BOGUS}|(?P<end>/?)(?P<name>{_NAME}[^{_S}/>]*+)(?P<attributes>(?:{_ATTRIBUTE})*+[{_S}/]*+)>?+)"
)
"""A comment, or a whole tag with all its attributes."""

ATTRIBUTE = re.compile(
    rf"(?:(?<![{_S}/])|(?![{_S}/]))[{_S}/]*+(?P<name>[^{_S}/>][^{_S}/>=]*+)(?:[{_S}]*+(?P<valued>=)[{_S}]*+(?P<value>{_VALUE}?+))?+"
)
"""One attribute and the space before it; *value* is as written, with its quotes."""

_ATTRIBUTES = re.compile(rf"(?:{_ATTRIBUTE})*+[{_S}/]*+>?+")
_FIRST_ATTRIBUTES = re.compile(rf"{_LIMITED}>?+")
_CONTENT = {name: re.compile(_content(name)) for name in RAW}


def uncommon(text: str) -> Counter[str]:
    """Count the tags of each formatting element and of each name that HTML does not know.

    Names are in lower case and may be from scripts and comments; `/video-js` is an end tag, `imgsrc=` a name with a
    character that no name may contain. A name that HTML knows may be among them if it was written in capitals.
    """
    counts: Counter[str] = Counter()
    for name, count in Counter(_groups(_NAMES, text)).items():
        counts[name.lower()] += count
    return counts


def is_overfull(text: str) -> bool:
    """Return whether a tag of *text* has more than MOST_ATTRIBUTES attributes."""
    return any(_groups(_SURPLUS, text))


def attributes_end(text: str, position: int) -> int:
    """Return the end of the tag whose attributes start at *position*."""
    return _end(_ATTRIBUTES, text, position)


def surplus_start(text: str, position: int) -> int:
    """Return where the attributes beyond MOST_ATTRIBUTES start; the end of the tag if there are none."""
    return _end(_FIRST_ATTRIBUTES, text, position)


def raw_end(text: str, name: str, position: int) -> int:
    """Return where the raw content of *name* ends, given *position*, the end of its start tag."""
    return _end(_CONTENT[name], text, position) if name in RAW else position


def content_end(text: str, name: str, position: int) -> int:
    """Return the same as `raw_end` for an element that may belong to a drawing.

    `<title/>` is taken for a drawing's, which has no content; outside drawings browsers ignore the `/` of `<script/>`.
    """
    drawn = name != "script" and text.endswith("/>", 0, position)
    return position if drawn else raw_end(text, name, position)


def _groups(pattern: re.Pattern[str], text: str) -> Iterable[str]:
    """Return what the only group of *pattern* matches: all at once, or lazily where there may be too many."""
    if len(text) > _LARGE:
        return (found[1] or "" for found in pattern.finditer(text))
    groups: list[str] = pattern.findall(text)
    return groups


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    assert found is not None, "the pattern matches the empty string"
    return found.end()

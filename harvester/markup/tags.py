"""Tags as an HTML tokenizer sees them, by expressions that take linear time whatever they are given.

No quantifier gives back what it took, and every expression matches up to the end of the text where a tag, a value or a
comment is never closed, so nothing is read twice. Source: https://html.spec.whatwg.org/#tokenization
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
    end = ">" if name == "script" else "(?<!/)>"
    return rf"(?i:{name})(?=[{_S}/>]){_LIMITED}(?:{end}|\Z){_content(name)}"


_RAW_ELEMENTS = "|".join(_raw_element(name) for name in sorted(RAW))
_OFTEN = ("div", "a", "span", "li", "p", "img", "script", "meta")  # tried first: they are most of what a page has
_COMMON = "|".join((*_OFTEN, *sorted(ELEMENTS - FORMATTING)))
_NAMES = re.compile(rf"<(?!/?+(?:{_COMMON})[{_S}/>])(/?{_NAME}[=\"'<]?+)")
_SURPLUS = re.compile(rf"<(?:(?:{_RAW_ELEMENTS})|{_COMMENT}|{_BOGUS}|/?{_NAME}[^{_S}/>]*+{_LIMITED}([^>]?+))")

START = re.compile(rf"<(?:{_COMMENT}|{_BOGUS}|(?P<end>/?)(?P<name>{_NAME})(?P<odd>[^{_S}/>]*+))")
"""A comment, or a tag up to its first attribute; *odd* is what stands in its name that belongs in none."""

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
    """Count how often each name of formatting, and each that HTML does not know, stands in the tags of a text.

    In lower case, also in its scripts and comments: `/video-js` is an end tag, `imgsrc=` a name that holds what belongs
    in none. A name that HTML knows may be among them where it is written in capitals.
    """
    counts: Counter[str] = Counter()
    for name, count in Counter(_groups(_NAMES, text)).items():
        counts[name.lower()] += count
    return counts


def is_overfull(text: str) -> bool:
    """Return whether a tag of *text* has more than MOST_ATTRIBUTES attributes."""
    return any(_groups(_SURPLUS, text))


def attributes_end(text: str, position: int) -> int:
    """Return where the tag ends whose attributes start at *position*."""
    return _end(_ATTRIBUTES, text, position)


def surplus_start(text: str, position: int) -> int:
    """Return where those attributes start that are more than MOST_ATTRIBUTES; the tag's end where there are none."""
    return _end(_FIRST_ATTRIBUTES, text, position)


def raw_end(text: str, name: str, position: int) -> int:
    """Return where the text ends that is *name*'s raw content from *position*, the end of its start tag, on."""
    return _end(_CONTENT[name], text, position) if name in RAW else position


def content_end(text: str, name: str, position: int) -> int:
    """Return the same as `raw_end` where nobody knows whether the element is a drawing's.

    `<title/>` is taken for one, which has no content; of `<script/>` browsers take no notice outside of drawings.
    """
    drawn = name != "script" and text.endswith("/>", 0, position)
    return position if drawn else raw_end(text, name, position)


def _groups(pattern: re.Pattern[str], text: str) -> Iterable[str]:
    """Return what the only group of *pattern* matches: fast, or one by one where there may be too many."""
    if len(text) > _LARGE:
        return (found[1] or "" for found in pattern.finditer(text))
    groups: list[str] = pattern.findall(text)
    return groups


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    assert found is not None, "it matches nothing as well"
    return found.end()

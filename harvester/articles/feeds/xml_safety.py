"""Untrusted XML: entity declarations and excessive numbers of names are refused before any parser sees them.

They make a few lines grow to gigabytes (billion laughs, quadratic blow-up) or read files (external entities); no feed
needs them.
"""

from __future__ import annotations

import re

from harvester.errors import SourceError

_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*(\[)?", re.IGNORECASE)
_DECLARED = re.compile(r"<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_NAMESPACE = re.compile(r"\sxmlns(?::[^\s=<>]{0,200})?\s*=\s*[^\s<>]{0,200}")
_ATTRIBUTE = re.compile(r"""\s[^\s=<>"']{1,200}\s*=\s*["']""")
_HALF = re.compile(
    r"&#(?:x0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]));"
)
MOST_NAMESPACES, MOST_ATTRIBUTES = 500, 5_000
"""Limits of a document and of one tag: feedparser needs quadratic time for them, and real feeds have 30 and 20."""


def harmless(text: str, name: str) -> str:
    """Return decoded *text* without its XML declaration; raises SourceError if it declares entities or the like."""
    position = 0
    while (start := text.find("<!", position)) >= 0:
        end = _end(text, start, name)
        if end < 0:
            break
        position = end
    return re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", text, count=1)


def check_names(text: str, name: str) -> None:
    """Raise SourceError for more namespaces, or more attributes of one tag, than a parser can handle in time."""
    if len(set(_NAMESPACE.findall(text))) > MOST_NAMESPACES:
        raise SourceError(f"{name}: declares more than {MOST_NAMESPACES} namespaces; not read", code="refused")
    # In XML no value contains "<", so each piece is one tag and the text after it.
    if any(piece.count("=") > MOST_ATTRIBUTES < len(_ATTRIBUTE.findall(piece)) for piece in text.split("<")):
        raise SourceError(f"{name}: a tag with more than {MOST_ATTRIBUTES} attributes; not read", code="refused")


def without_half_letters(text: str) -> str:
    """Return *text* with U+FFFD for each reference to a lone surrogate (`&#55357;`): no parser accepts one."""
    return _HALF.sub("\ufffd", text)


def refused(name: str) -> SourceError:
    """Make the error for a document that declares entities."""
    return SourceError(f"{name}: declares entities of its own, which is how XML bombs work; not read", code="refused")


def refused_size(name: str, what: str) -> SourceError:
    """Make the error for a document with *what*, which no parser can handle in time."""
    return SourceError(f"{name}: {what}; not read", code="refused")


def _end(text: str, start: int, name: str) -> int:
    """Return where a comment, CDATA section or declaration ends, or -1 if it does not."""
    if text.startswith("<!--", start):
        return text.find("-->", start + 4)
    if text.startswith("<![CDATA[", start):
        return text.find("]]>", start)
    doctype = _DOCTYPE.match(text, start)
    if _DECLARED.match(text, start) or (doctype and doctype[1]):
        raise refused(name)
    return start + 2

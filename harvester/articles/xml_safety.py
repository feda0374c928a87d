"""XML from outside: declarations of entities are refused before any parser sees them.

They are what makes a few lines grow to gigabytes (billion laughs, quadratic blow-up) or name files (external entities);
no feed needs them.
"""

from __future__ import annotations

import re

from harvester.errors import SourceError

_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*(\[)?", re.IGNORECASE)
_DECLARED = re.compile(r"<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)


def harmless(text: str, name: str) -> str:
    """Give *text* without its XML declaration, now that it is decoded; raises SourceError for declarations."""
    position = 0
    while (start := text.find("<!", position)) >= 0:
        end = _end(text, start, name)
        if end < 0:
            break
        position = end
    return re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", text, count=1)


def refused(name: str) -> SourceError:
    """Make the error for a document that declares entities."""
    return SourceError(f"{name}: declares entities of its own, which is how XML bombs work; not read", code="refused")


def _end(text: str, start: int, name: str) -> int:
    """Give where a comment, a CDATA section or a declaration ends, -1 where it never does."""
    if text.startswith("<!--", start):
        return text.find("-->", start + 4)
    if text.startswith("<![CDATA[", start):
        return text.find("]]>", start)
    doctype = _DOCTYPE.match(text, start)
    if _DECLARED.match(text, start) or (doctype and doctype[1]):
        raise refused(name)
    return start + 2

"""A saved feed item: a comment with its time, title and link in Markdown, an underline, and the article's HTML.

<!--1694792701000-->
[Title &quot;with entities” [and brackets]](https://example.org/article)
------

<div>...
"""

from __future__ import annotations

import hashlib
import html
import re

from harvester import urls
from harvester.articles.metadata.dates import since_1970
from harvester.errors import UsageError
from harvester.markup import decode
from harvester.model import Source
from harvester.steps import Lead

_TIME = r"\s*<!--\s*(?P<time>\d{9,16})\s*-->"
_LINK = r"\s*\[(?P<title>.{0,4000})\]\(<?(?P<url>https?://[^\s>]{1,4000}?)>?(?:\s+\"[^\"\n]*\")?\)[ \t]*(?:\r?\n|\Z)"
_UNDERLINE = r"(?P<underline>[ \t]*[-=]{3,}[ \t]*(?:\r?\n|\Z))"
_OPENING = re.compile(rf"(?:{_TIME})?(?:{_LINK}(?:{_UNDERLINE})?)?", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


def is_item(text: str) -> bool:
    """Return whether *text* begins like a saved item: with a link that follows a time or is underlined."""
    opening = _opening(text)
    return bool(opening["url"] and (opening["time"] or opening["underline"]))


def lead(given: str, raw: bytes, base_url: str | None = None) -> Lead:
    """Return the lead of a saved item: its link is the URL, its HTML the article; raises UsageError for other text."""
    text, _ = decode(raw)
    opening = _opening(text)
    url = urls.resolve_web(opening["url"] or base_url or "")
    if url is None:
        raise UsageError(
            f"{given}: not a saved feed item: a line [title](https://...) is missing. --as html takes any HTML."
        )
    return Lead(
        source=Source(kind="item", given=given),
        url=url,
        base_url=base_url or url,
        title=_title(opening["title"] or ""),
        published=since_1970(int(opening["time"])) if opening["time"] else None,
        body=text[opening.end() :],
        digest=hashlib.sha256(raw).hexdigest(),
        fetch="item",
    )


def _opening(text: str) -> re.Match[str]:
    found = _OPENING.match(text)
    assert found is not None, "the pattern also matches the empty string"
    return found


def _title(markdown: str) -> str | None:
    """Return a title without its Markdown escapes and entities; feeds escape twice."""
    plain = html.unescape(html.unescape(_ESCAPED.sub(r"\1", markdown)))
    return " ".join(plain.split()) or None

"""A saved feed item: a comment with its time, its title and link in Markdown, an underline, and the article's HTML.

<!--1694792701000-->
[Title &quot;with entities” [and brackets]](https://example.org/article)
------

<div>...
"""

from __future__ import annotations

import hashlib
import html
import re
from datetime import UTC, datetime

from harvester import urls
from harvester.errors import UsageError
from harvester.markup import decode
from harvester.model import Source
from harvester.steps import Lead

_TIME = re.compile(r"\s*<!--\s*(\d{9,17})\s*-->[ \t]*\r?\n?")
_LINK = re.compile(r"\s*\[(?P<title>.*)\]\((?P<url>\S+)\)[ \t]*(?:\r?\n|$)")
_UNDERLINE = re.compile(r"[ \t]*[-=]{3,}[ \t]*(?:\r?\n|$)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


def lead(given: str, raw: bytes, base_url: str | None = None) -> Lead:
    """Read a saved item; the article it links is its URL, its HTML the article. Raises UsageError when it is none."""
    text, _ = decode(raw)
    text = text.removeprefix("\ufeff")
    time = _TIME.match(text)
    rest = text[time.end() :] if time else text
    link = _LINK.match(rest)
    url = urls.resolve_web(link["url"]) if link else base_url
    if url is None:
        raise UsageError(
            f"{given}: no saved feed item: a line [title](https://...) is missing. --as html takes any HTML."
        )
    body = rest[link.end() :] if link else rest
    underline = _UNDERLINE.match(body)
    return Lead(
        source=Source(kind="item", given=given),
        url=url,
        base_url=base_url or url,
        title=_title(link["title"]) if link else None,
        published=_date(time[1]) if time else None,
        body=body[underline.end() :] if underline else body,
        digest=hashlib.sha256(raw).hexdigest(),
        fetch="item",
    )


def _title(markdown: str) -> str | None:
    """Give a title without its Markdown escapes and entities."""
    plain = html.unescape(html.unescape(_ESCAPED.sub(r"\1", markdown)))
    return " ".join(plain.split()) or None


def _date(epoch: str) -> str | None:
    """Give a time of seconds, milliseconds or microseconds since 1970 as ISO 8601, as exact as whole seconds."""
    seconds = int(epoch)
    while seconds > 99_999_999_999:
        seconds //= 1000
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return None

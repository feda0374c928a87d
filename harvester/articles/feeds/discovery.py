"""The feeds that a site's page announces. Source: https://html.spec.whatwg.org/#rel-alternate"""

from __future__ import annotations

import re

from harvester import urls
from harvester.markup import attributes, decode, parse

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_COMMENTS = re.compile(r"comment|kommentar|comentario|commentaire", re.IGNORECASE)


def announced_feed(raw: bytes, content_type: str | None, url: str) -> str | None:
    """Return the first feed that a page announces, preferably not one of readers' comments, or None."""
    document = parse(decode(raw, content_type)[0], url)
    found: list[tuple[bool, str]] = []
    for node in document.tagged("link"):
        link = attributes(node)
        if "alternate" in link.get("rel", "").lower().split() and link.get("type", "").strip().lower() in _TYPES:
            address = urls.resolve_web(document.resolve(link.get("href", "").strip()) or "")
            if address:
                found.append((bool(_COMMENTS.search(f"{link.get('title', '')} {address}")), address))
    return min(found, key=lambda feed: feed[0])[1] if found else None

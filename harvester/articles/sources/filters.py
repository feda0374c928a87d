"""The filters that decide which addresses are followed: `allow` and `deny`."""

from __future__ import annotations

import re
from collections.abc import Callable

from harvester.articles.sources.reader import Reach
from harvester.errors import UsageError
from harvester.model import SourceKind
from harvester.steps import Lead

_FOLLOWED: tuple[SourceKind, ...] = ("feed", "sitemap", "warc", "crawl")


def lead_filter(reach: Reach) -> Callable[[Lead], bool]:
    """Make the filter for leads; what the user names one by one always passes. Raises UsageError for bad patterns."""
    fits = url_filter(reach)
    return lambda lead: lead.source.kind not in _FOLLOWED or fits(lead.url or "")


def url_filter(reach: Reach) -> Callable[[str], bool]:
    """Make the filter for addresses: they must match one of `allow`, if there are any, and none of `deny`."""
    allow = [_compiled(pattern, "allow") for pattern in reach.allow]
    deny = [_compiled(pattern, "deny") for pattern in reach.deny]

    def fits(url: str) -> bool:
        return (not allow or any(p.search(url) for p in allow)) and not any(p.search(url) for p in deny)

    return fits


def _compiled(pattern: str, key: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise UsageError(f"{key}: {pattern!r} is not a regular expression: {error}.") from None

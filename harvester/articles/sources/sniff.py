"""The kind of a document that leads to articles, by its beginning; and which addresses look like such a document's."""

from __future__ import annotations

import re

from harvester import urls
from harvester.model import SourceKind

_ROOTS: dict[str, SourceKind] = {
    "rss": "feed",
    "feed": "feed",
    "rdf": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
    "opml": "opml",
}
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([a-z]+)[\s/>]", re.IGNORECASE)
_BEFORE_ROOT = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)", re.DOTALL | re.IGNORECASE)
_JSON_FEED = re.compile(r"\{[^<]*?\"version\"\s*:\s*\"https?:(?:\\?/){2}jsonfeed\.org", re.DOTALL)
_ROBOTS = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*https?://", re.IGNORECASE | re.MULTILINE)
_WARC = "WARC/"
_ADDRESS = re.compile(
    r"/(?:feeds?|rss2?|atom|sitemap_?index|sitemap_news|news-?sitemap)/?$"
    r"|\.(?:rss|rdf|atom|xml|opml|xml\.gz)$|/(?:feed|index|rss)\.json$|/robots\.txt$",
    re.IGNORECASE,
)


def shape_of(head: str) -> SourceKind | None:
    """Return the kind of a document that begins with *head*, or None if it does not list articles."""
    start = head.lstrip("\ufeff \t\r\n")
    if start.startswith(_WARC):
        return "warc"
    if start.startswith("{"):
        return "feed" if _JSON_FEED.match(start) else None
    if start.startswith("<"):
        return _xml(start)
    return "sitemap" if _ROBOTS.search(start) else None


def text_of_head(raw: bytes) -> str:
    """Decode the first bytes of a document, well enough to recognise it."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    return raw.decode("utf-8-sig", "replace")


def looks_like_list(url: str) -> bool:
    """Return whether an address looks like that of a feed, a sitemap or a robots.txt."""
    return bool(_ADDRESS.search(urls.path(url)))


def _xml(text: str) -> SourceKind | None:
    position = 0
    while before := _BEFORE_ROOT.match(text, position):
        position = before.end()
    root = _ROOT.match(text, position)
    return _ROOTS.get(root[1].lower()) if root else None

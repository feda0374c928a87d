"""What a page says of itself: the feed item first, then JSON-LD, meta tags, `<time>`."""

from __future__ import annotations

from harvester import urls
from harvester.markup import Document, attributes, text_of
from harvester.model import Article
from harvester.steps import Opened


def describe(document: Document, opened: Opened) -> Article:
    """Give the facts of an article as its source and its page state them; nothing is invented."""
    lead = opened.lead
    canonical = _canonical(document, opened)
    return Article(
        url=opened.url,
        canonical_url=canonical,
        urls=tuple(dict.fromkeys(filter(None, (opened.url, opened.final_url, canonical)))),
        key=urls.key_of(canonical or opened.url),
        site=_meta(document, "og:site_name") or urls.registered_domain(opened.url),
        title=lead.title or _meta(document, "og:title") or _title(document),
        published=lead.published or _meta(document, "article:published_time"),
        modified=lead.modified or _meta(document, "article:modified_time"),
        language=lead.language or attributes(document.root).get("lang"),
        authors=lead.authors,
        description=lead.description or _meta(document, "og:description"),
        source=lead.source,
        page=opened.page,
        repairs=document.repairs,
        signals=opened.signals,
    )


def _canonical(document: Document, opened: Opened) -> str | None:
    stated = (attributes(node).get("href", "") for node in document.css("link[rel~=canonical]"))
    url = next((found for href in stated if (found := document.resolve(href))), None)
    if url is None or urls.is_root(url):
        return None
    return url if urls.registered_domain(url) == urls.registered_domain(opened.final_url) else None


def _meta(document: Document, name: str) -> str | None:
    for node in document.css(f'meta[property="{name}"], meta[name="{name}"]'):
        content = " ".join(attributes(node).get("content", "").split())
        if content:
            return content
    return None


def _title(document: Document) -> str | None:
    return next((text for node in document.css("h1, title") if (text := text_of(node))), None)

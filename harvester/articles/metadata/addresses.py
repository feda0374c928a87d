"""The addresses that a page states as its own."""

from __future__ import annotations

from collections.abc import Iterator

from harvester import urls
from harvester.markup import Document, attributes
from harvester.steps import Opened


def stated_addresses(document: Document) -> Iterator[str]:
    """Yield what a page states as its address, as written: canonical links, then og:url."""
    for node in document.tagged("link"):
        link = attributes(node)
        if "canonical" in link.get("rel", "").lower().split() and link.get("href", "").strip():
            yield link["href"]
    yield from document.meta.get("og:url", ())


def canonical_of(document: Document, opened: Opened) -> str | None:
    """Return the page's canonical URL, or None; another site's, or a front page, is a template's mistake.

    Source: RFC 6596
    """
    sites = {urls.registered_domain(url) for url in (opened.url, opened.final_url)}
    found = (document.resolve(stated) for stated in stated_addresses(document))
    return next((url for url in found if url and not urls.is_root(url) and urls.registered_domain(url) in sites), None)

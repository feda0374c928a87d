"""What a page's JSON-LD says about the article: the right one of its things, and values in the shapes that pages use.

Sources: https://schema.org/Article, https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator
from typing import Any

from harvester import urls
from harvester.markup import Document, types_of

Thing = dict[str, Any]

_ARTICLES = frozenset(
    ("BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "Report", "Review", "Recipe", "ClaimReview")
)
_PAGES = frozenset(("WebPage", "ItemPage", "VideoObject", "MediaGallery", "ImageGallery", "PodcastEpisode"))
_DEEPEST = 4  # levels of nested lists that are followed


def article_thing(document: Document, addresses: Collection[str]) -> Thing:
    """Return the thing that describes the page's article, an empty one if there is none.

    Of several, the first that names one of *addresses*, the page's own, wins; otherwise the first.
    """
    wanted = {urls.canonical(address) for address in addresses}
    for kinds in (_is_article, _is_page):
        those = [thing for thing in _candidates(document) if kinds(thing)]
        if those:
            return next((thing for thing in those if not wanted.isdisjoint(_addresses(thing, document))), those[0])
    return {}


def site_name(document: Document, article: Thing) -> str | None:
    """Return the name that a page gives its site; the publisher comes last, since it may be the site's owner."""
    sites = [thing for thing in document.json_ld if "WebSite" in types_of(thing)]
    said = document.meta.get("og:site_name")
    return next((name for value in (sites, said, article.get("publisher")) for name in names(value, document)), None)


def texts(value: Any) -> Iterator[str]:
    """Yield the texts of a value: itself, its list items or their `@value`, in one line and without entities."""
    for part in _parts(value):
        text = part.get("@value") if isinstance(part, dict) else part
        folded = " ".join(html.unescape(text).split()) if isinstance(text, str) else ""
        if folded:
            yield folded


def names(value: Any, document: Document) -> Iterator[str]:
    """Yield the names of people or organisations, which are texts, things or references to things."""
    for part in _parts(value):
        if isinstance(part, str):
            yield from texts(part)
        elif "name" in part:
            yield from texts(part["name"])
        elif identity := part.get("@id"):
            meant = (thing for thing in document.json_ld if thing.get("@id") == identity and "name" in thing)
            yield from texts(next(meant, {}).get("name"))


def _candidates(document: Document) -> Iterator[Thing]:
    for thing in document.json_ld:
        yield thing
        yield from (part for part in _parts(thing.get("mainEntity")) if isinstance(part, dict))


def _is_article(thing: Thing) -> bool:
    return any(kind.endswith("Article") or kind in _ARTICLES for kind in types_of(thing))


def _is_page(thing: Thing) -> bool:
    return any(kind in _PAGES for kind in types_of(thing))


def _addresses(thing: Thing, document: Document) -> set[str]:
    """Return the canonical forms of the addresses that a thing names as its own."""
    stated: list[Any] = []
    for part in _parts([thing, thing.get("mainEntityOfPage")]):
        stated += [part.get("url"), part.get("@id")] if isinstance(part, dict) else [part]
    resolved = (document.resolve(text) for value in stated for text in texts(value))
    return {urls.canonical(url) for url in resolved if url}


def _parts(value: Any, deep: int = 0) -> Iterator[Any]:
    """Yield the things and texts that *value* is or lists."""
    if isinstance(value, list) and deep < _DEEPEST:
        for item in value:
            yield from _parts(item, deep + 1)
    elif isinstance(value, dict | str):
        yield value

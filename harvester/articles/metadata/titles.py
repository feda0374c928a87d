"""An article's title: where sources differ, the one that others confirm. Also what follows its headline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from harvester.articles.metadata.schema_org import Thing, texts
from harvester.markup import Document, Node, text_of

_META = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "title")
_SEPARATOR = re.compile(r"\s*[|\-–—·•:»«_@/ㅣ]")


def title_of(document: Document, article: Thing) -> str | None:
    """Return the headline from JSON-LD, else from meta elements, else from the page, else the window's title.

    If the meta elements and the page agree on a different one, that is the title. A suffix that another source leaves
    out is the site's name or a section, and is removed.
    """
    shared = next((document.meta[key][0] for key in _META if key in document.meta), None)
    headlines = [text for node in document.tagged("h1") if (text := text_of(node))]
    window = next((text for node in document.tagged("title") if not _is_drawn(node) and (text := text_of(node))), None)
    said = [*texts(article.get("headline")), *texts(article.get("name"))]
    borne_out = [text for text in said if _is_in(text, [shared, *headlines])]
    agreed = [shared] if _is_in(shared, headlines[:1]) else []
    shown = [text for text in headlines if window is None or _words(text) in _words(window)]  # others name the site
    stated = [text for text in (*borne_out, *agreed, *said, shared, *shown, window) if text]
    return unescape(_without_suffix(stated[0], stated[1:])) if stated else None  # some templates escape twice


def from_headline_on(document: Document, selector: str) -> list[Node]:
    """Return the matches after the page's headline (`h1`), in document order; all matches if none follows it."""
    nodes = document.css(f"h1, {selector}")
    headline = next((place for place, node in enumerate(nodes) if node.tag == "h1"), 0)
    after, all_of_them = ([node for node in some if node.tag != "h1"] for some in (nodes[headline:], nodes))
    return after or all_of_them


def _is_drawn(title: Node) -> bool:
    return title.parent is not None and title.parent.tag not in ("head", "body")  # of an SVG drawing


def _is_in(text: str | None, others: Sequence[str | None]) -> bool:
    return text is not None and any(other is not None and _words(text) == _words(other) for other in others)


def _words(text: str) -> str:
    return " ".join(("", *re.findall(r"[^\W_]+", text.casefold()), ""))


def _without_suffix(title: str, others: Sequence[str]) -> str:
    """Cut *title* where another source's title ends and a separator follows."""
    for other in others:
        if len(other) < len(title) and title.startswith(other) and _SEPARATOR.match(title, len(other)):
            return other
    return title

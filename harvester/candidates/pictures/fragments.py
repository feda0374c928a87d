"""Pictures in markup that is stored as text: in script state, in an attribute, or escaped in a feed item."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

from msgspec.structs import replace

from harvester import markup
from harvester.candidates.captions.caption import beside
from harvester.candidates.page.dom import Dom
from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.candidates.pictures.elements import pictures

ESCAPED = ("item", "feed")
"""Kinds of source whose body may be escaped once more; on an ordinary page, escaped markup is a code example."""


def holds_pictures(text: str) -> bool:
    """Return whether *text* contains the markup of a picture."""
    return "<img" in text or "<picture" in text or "<amp-img" in text or "&lt;img" in text


def pictures_in_html(index: PageIndex, text: str, number: int, origin: str) -> Iterator[Occurrence]:
    """Yield the pictures in a piece of markup found at element *number* of the page."""
    if not index.has_room_for(text, origin):
        return
    document = markup.parse(unescape(text) if "&lt;img" in text else text, index.document.base_url)
    inner = PageIndex(document, index.article, (), Dom(document), index.budget)
    occurrences = tuple(pictures(inner))
    shown = [occurrence.number for occurrence in occurrences]
    for occurrence in occurrences:
        caption, credit = beside(inner.dom, occurrence.number, occurrence.number, shown, index.budget)
        variants = tuple(replace(variant, origin=f"{origin}: {variant.origin}") for variant in occurrence.variants)
        yield replace(
            occurrence,
            kind="escaped",
            number=number,
            node=None,
            origin=origin,
            variants=variants,
            caption=caption,
            credit=credit,
        )


def escaped_bodies(index: PageIndex) -> Iterator[Occurrence]:
    """Yield the pictures of a feed item whose body is escaped markup."""
    if index.article.source.kind in ESCAPED and "lt;img" in index.document.text:
        for number, node in enumerate(index.dom.nodes):
            text = node.text(deep=False) if index.dom.tags[number] != "script" else ""
            if holds_pictures(text):
                yield from pictures_in_html(index, text, number, "escaped body")

"""Pictures in markup that stands as text: an article's body in script state or an attribute, escaped in a feed item."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

from msgspec.structs import replace

from harvester import markup
from harvester.candidates.captions.caption import beside
from harvester.candidates.outline import Outline
from harvester.candidates.pictures.elements import pictures
from harvester.candidates.places import Place
from harvester.candidates.survey import Survey

ESCAPED = ("item", "feed")
"""Kinds of source whose body may be escaped once more; on a page escaped markup is an example of code."""


def holds_pictures(text: str) -> bool:
    """Say whether *text* has markup of a picture in it."""
    return "<img" in text or "<picture" in text or "<amp-img" in text or "&lt;img" in text


def pictures_in_html(survey: Survey, text: str, number: int, origin: str) -> Iterator[Place]:
    """Give the pictures of a piece of markup, which stand at element *number* of the page."""
    if not survey.has_room_for(text, origin):
        return
    document = markup.parse(unescape(text) if "&lt;img" in text else text, survey.document.base_url)
    inner = Survey(document, survey.article, (), Outline(document), survey.budget)
    places = tuple(pictures(inner))
    shown = [place.number for place in places]
    for place in places:
        caption, credit = beside(inner.outline, place.number, place.number, shown, survey.budget)
        variants = tuple(replace(variant, origin=f"{origin}: {variant.origin}") for variant in place.variants)
        yield replace(
            place,
            kind="escaped",
            number=number,
            node=None,
            origin=origin,
            variants=variants,
            caption=caption,
            credit=credit,
        )


def escaped_bodies(survey: Survey) -> Iterator[Place]:
    """Give the pictures of a feed item whose body is escaped markup."""
    if survey.article.source.kind in ESCAPED and "lt;img" in survey.document.text:
        for number, node in enumerate(survey.outline.nodes):
            text = node.text(deep=False) if survey.outline.tags[number] != "script" else ""
            if holds_pictures(text):
                yield from pictures_in_html(survey, text, number, "escaped body")

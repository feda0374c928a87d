"""Pictures that other elements than images carry in attributes: addresses, srcsets, JSON and markup in `data-*`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from harvester.candidates.declared import link_around, loaded_later
from harvester.candidates.fragments import holds_pictures, pictures_in_html
from harvester.candidates.image_urls import has_image_extension
from harvester.candidates.json_pictures import pictures_in
from harvester.candidates.json_text import decoded
from harvester.candidates.pictures import TAGS
from harvester.candidates.places import Place
from harvester.candidates.survey import Survey

NO_PICTURES = frozenset(
    ("html", "head", "meta", "link", "script", "style", "source", "video", "audio", "iframe", "body")
)
_OPENS = ("{", "[", "%7B", "%5B", "&#123;", "&quot;")


def galleries(survey: Survey) -> Iterator[Place]:
    """Give the pictures in the attributes of the page's elements, those of `img` only where they are JSON or markup."""
    for number, tag in enumerate(survey.outline.tags):
        if tag not in NO_PICTURES:
            attributes = survey.attributes(number)
            if attributes:
                yield from _structured(survey, number)
                if tag not in TAGS:
                    yield from _plain(survey, number)


def _plain(survey: Survey, number: int) -> Iterator[Place]:
    attributes = survey.attributes(number)
    variants = loaded_later(survey, attributes, survey.outline.tags[number])
    if variants:
        yield Place(
            kind="attribute",
            number=number,
            node=survey.outline.nodes[number],
            origin=variants[0].origin,
            variants=tuple(variants),
            link=link_around(survey, number),
            alt=attributes.get("data-alt") or attributes.get("title") or None,
            caption=attributes.get("data-caption") or None,
        )


def _structured(survey: Survey, number: int) -> Iterator[Place]:
    for name, value in survey.attributes(number).items():
        if value and len(value) > 20 and name != "style" and (value[0] in "{[%&" or "<" in value):
            origin = f"{survey.outline.tags[number]}@{name}"
            if holds_pictures(value):
                yield from pictures_in_html(survey, value, number, origin)
            elif value.startswith(_OPENS) and has_image_extension(value):
                yield from pictures_in(survey, _value(value), kind="attribute", number=number, origin=origin)


def _value(text: str) -> Any:
    return decoded(unquote(text) if text.startswith("%") else text)

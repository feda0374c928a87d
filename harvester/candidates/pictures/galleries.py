"""Pictures that elements carry in attributes: addresses and srcsets in `data-*`, JSON and markup in any attribute."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import unquote

from harvester.candidates.page.image_urls import has_image_extension
from harvester.candidates.page.index import NEIGHBOURS, PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.candidates.pictures.declared import link_around, loaded_later
from harvester.candidates.pictures.elements import TAGS
from harvester.candidates.pictures.fragments import holds_pictures, pictures_in_html
from harvester.candidates.pictures.json.pictures import pictures_in
from harvester.candidates.pictures.json.text import decoded, opens_json

FRAMES = frozenset(("a", "figure", "li"))
"""Elements that frame one picture: what they carry in attributes is a rendition of it."""


def galleries(survey: PageIndex) -> Iterator[Occurrence]:
    """Give the pictures in the attributes of elements; those of `img` only where they are JSON or markup."""
    for number, carried in groupby(survey.carried, key=lambda attribute: attribute[0]):
        attributes = {name: value for _, name, value in carried}
        yield from _structured(survey, number, attributes)
        if survey.outline.tags[number] not in TAGS:
            yield from _plain(survey, number, attributes)


def _structured(survey: PageIndex, number: int, attributes: dict[str, str]) -> Iterator[Occurrence]:
    for name, value in attributes.items():
        origin = f"{survey.outline.tags[number]}@{name}"
        if "<" in value and holds_pictures(value):
            yield from pictures_in_html(survey, value, number, origin)
        elif opens_json(value) and has_image_extension(value) and survey.has_room_for(value, origin):
            yield from pictures_in(survey, _value(value), kind="attribute", number=number, origin=origin)


def _value(text: str) -> Any:
    return decoded(unquote(text) if text.startswith("%") else text)


def _plain(survey: PageIndex, number: int, attributes: dict[str, str]) -> Iterator[Occurrence]:
    variants = loaded_later(survey, attributes, survey.outline.tags[number])
    if variants:
        words = survey.attributes(number)
        yield Occurrence(
            kind="attribute",
            number=_sole_picture(survey, number) or number,
            node=survey.outline.nodes[number],
            origin=variants[0].origin,
            variants=tuple(variants),
            link=link_around(survey, number),
            alt=words.get("data-alt") or words.get("title") or None,
            caption=words.get("data-caption") or None,
        )


def _sole_picture(survey: PageIndex, number: int) -> int | None:
    """Give the only picture inside a link or figure, whose attributes are about that picture."""
    inside = survey.between(survey.tagged("img"), number) if survey.outline.tags[number] in FRAMES else ()
    shown = [i for i in inside[:NEIGHBOURS] if survey.within(i, "noscript") is None]
    return shown[0] if len(shown) == 1 else None

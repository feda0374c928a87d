"""Pictures that elements carry in attributes: URLs and srcsets in `data-*`, JSON and markup in any attribute."""

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
"""Elements that frame a single picture: their attributes name renditions of it."""


def galleries(index: PageIndex) -> Iterator[Occurrence]:
    """Yield the pictures in the attributes of elements; for `img`, only those in JSON or markup."""
    for number, carried in groupby(index.carried, key=lambda attribute: attribute[0]):
        attributes = {name: value for _, name, value in carried}
        yield from _structured(index, number, attributes)
        if index.dom.tags[number] not in TAGS:
            yield from _plain(index, number, attributes)


def _structured(index: PageIndex, number: int, attributes: dict[str, str]) -> Iterator[Occurrence]:
    for name, value in attributes.items():
        origin = f"{index.dom.tags[number]}@{name}"
        if "<" in value and holds_pictures(value):
            yield from pictures_in_html(index, value, number, origin)
        elif opens_json(value) and has_image_extension(value) and index.has_room_for(value, origin):
            yield from pictures_in(index, _value(value), kind="attribute", number=number, origin=origin)


def _value(text: str) -> Any:
    return decoded(unquote(text) if text.startswith("%") else text)


def _plain(index: PageIndex, number: int, attributes: dict[str, str]) -> Iterator[Occurrence]:
    variants = loaded_later(index, attributes, index.dom.tags[number])
    if variants:
        words = index.attributes(number)
        yield Occurrence(
            kind="attribute",
            number=_sole_picture(index, number) or number,
            node=index.dom.nodes[number],
            origin=variants[0].origin,
            variants=tuple(variants),
            link=link_around(index, number),
            alt=words.get("data-alt") or words.get("title") or None,
            caption=words.get("data-caption") or None,
        )


def _sole_picture(index: PageIndex, number: int) -> int | None:
    """Return the only picture inside a link or figure, whose attributes are about that picture."""
    inside = index.between(index.tagged("img"), number) if index.dom.tags[number] in FRAMES else ()
    shown = [i for i in inside[:NEIGHBOURS] if index.within(i, "noscript") is None]
    return shown[0] if len(shown) == 1 else None

"""Pictures that a page declares to search engines in JSON-LD, at any depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.candidates.pictures.declared import address
from harvester.candidates.pictures.json.text import pixels_of, texts_of
from harvester.model import Variant

MOST_VALUES = 100_000
HOLDS_IMAGES = frozenset(
    (
        "image",
        "images",
        "thumbnailurl",
        "thumbnail",
        "primaryimageofpage",
        "photo",
        "photos",
        "associatedmedia",
        "contenturl",
    )
)
# What a picture under one of these keys is for, instead of the article: https://schema.org/NewsArticle
ABOUT = {
    "logo": "logo",
    "publisher": "publisher",
    "sourceorganization": "publisher",
    "brand": "publisher",
    "author": "author",
    "creator": "author",
    "editor": "author",
    "contributor": "author",
    "reviewedby": "author",
    "itemlistelement": "list",
    "ispartof": "list",
    "mentions": "list",
    "citation": "list",
    "relatedlink": "list",
    "comment": "list",
}


def json_ld(index: PageIndex) -> Iterator[Occurrence]:
    """Yield the pictures in the page's JSON-LD, leaving out the posters of videos."""
    for script, values in index.document.json_ld_scripts:
        number = index.dom.number(script)
        if number is not None and index.has_room_for(index.script_text(number), "json-ld"):
            for value, about in _images(values):
                yield from _occurrence(index, number, value, about)


def _images(tree: Any) -> Iterator[tuple[Any, str | None]]:
    """Yield each ImageObject, and each URL under a key that holds images, with what it is for."""
    waiting: list[tuple[Any, str, str | None]] = [(tree, "", None)]
    seen = 0
    while waiting and seen < MOST_VALUES:
        value, key, about = waiting.pop()
        seen += 1
        if isinstance(value, list):
            waiting.extend((child, key, about) for child in reversed(value))
        elif isinstance(value, dict):
            types = texts_of(value.get("@type"))
            if "VideoObject" in types:
                continue
            if "ImageObject" in types or key in HOLDS_IMAGES:
                yield value, about
            inner = [(child, name.lower()) for name, child in value.items() if isinstance(child, (dict, list, str))]
            shows = {"url", "contenturl"} if "ImageObject" in types or key in HOLDS_IMAGES else set()
            waiting.extend((c, n, about or ABOUT.get(n)) for c, n in reversed(inner) if n not in shows)
        elif isinstance(value, str) and key in HOLDS_IMAGES:
            yield {"url": value}, about


def _occurrence(index: PageIndex, number: int, value: dict[str, Any], about: str | None) -> Iterator[Occurrence]:
    found: dict[str, Variant] = {}
    for text in (*texts_of(value.get("contentUrl")), *texts_of(value.get("url"))):
        url = address(index, text)
        if url:
            width, height = pixels_of(value.get("width")), pixels_of(value.get("height"))
            found.setdefault(url, Variant(url=url, width=width, height=height, origin="json-ld"))
    if found:
        yield Occurrence(
            kind="json-ld",
            number=number,
            origin="json-ld",
            variants=tuple(found.values()),
            caption=_text(value, "caption", "description"),
            credit=_text(value, "creditText", "copyrightNotice", "author", "creator", "copyrightHolder"),
            about=about,
        )


def _text(value: dict[str, Any], *keys: str) -> str | None:
    for key in keys:
        said = value.get(key)
        for own in said if isinstance(said, list) else [said]:
            text = own.get("name") or own.get("text") if isinstance(own, dict) else own
            if isinstance(text, str) and text.strip() and "<" not in text:
                return " ".join(text.split())
    return None

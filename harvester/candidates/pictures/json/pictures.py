"""Pictures in a JSON value: galleries in attributes, the state that scripts keep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from harvester.candidates.page.image_urls import (
    has_image_extension,
    holds_a_place,
    is_one_address,
    is_template,
    looks_like_srcset,
)
from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.lazy import names_another
from harvester.candidates.page.occurrence import Kind, Occurrence
from harvester.candidates.pictures.declared import address, listed
from harvester.candidates.pictures.fragments import holds_pictures, pictures_in_html
from harvester.candidates.pictures.json.objects import Description, Texts, objects
from harvester.candidates.pictures.json.text import pixels_of
from harvester.model import Variant
from harvester.renditions import asset_key

_IMAGE_KEY = re.compile(
    r"(?:image|img|photo|picture|thumb(?:nail)?)(?:_?-?(?:url|src|uri|path|href))?$|^src$", re.IGNORECASE
)
_ADDRESS_KEY = re.compile(r"(?:url|uri|src|href|image|img|photo|picture|thumb(?:nail)?)$", re.IGNORECASE)
_LOCAL = re.compile(r"(?!https?:|/)", re.IGNORECASE)
_SMALL_KEY = re.compile(r"thumb|small|preview|tiny|mini|teaser", re.IGNORECASE)


def pictures_in(index: PageIndex, tree: Any, *, kind: Kind, number: int, origin: str) -> Iterator[Occurrence]:
    """Yield the pictures in *tree*, in its order, each with all its renditions."""
    found: dict[str, tuple[list[Variant], Description]] = {}
    for texts in objects(tree):
        for variants in _of_object(index, texts, origin, names_files=kind == "attribute"):
            key = asset_key(variants[0].url) or variants[0].url
            found.setdefault(key, ([], texts.words))[0].extend(variants)
        for _, text in texts.named:
            if "<" in text and holds_pictures(text):
                yield from pictures_in_html(index, text, number, f"markup in {origin}")
    for variants, words in found.values():
        yield Occurrence(kind=kind, number=number, origin=origin, variants=tuple(variants), **words._asdict())


def _of_object(index: PageIndex, texts: Texts, origin: str, *, names_files: bool) -> list[list[Variant]]:
    """Return the pictures named by an object's texts; small ones beside a single large one are renditions of it.

    With *names_files*, a path without a leading slash is relative to the page; in script state it may be relative to
    anything.
    """
    large: list[list[Variant]] = []
    small: list[Variant] = []
    for key, text in texts.named:
        if (names_files or not _LOCAL.match(text)) and (url := _image_address(index, key, text)):
            variant = Variant(url=url, origin=f"{origin} {key}".strip())
            if _SMALL_KEY.search(key):
                small.append(variant)
            else:
                large.append([variant])
        elif " " in text and looks_like_srcset(text):
            large.append(listed(index, text, f"{origin} {key}"))
    if len(large) == 1 and large[0]:
        return [_sized(large[0], texts.members) + small]
    return [variants for variants in (*large, *([one] for one in small)) if variants]


def _image_address(index: PageIndex, key: str, text: str) -> str | None:
    """Resolve *text* if it is an image URL; a bare path counts only when its key says that it is one."""
    if not text.startswith(("http://", "https://", "//")) and not _ADDRESS_KEY.search(key):
        return None
    if not has_image_extension(text) and not _IMAGE_KEY.search(key):
        return None
    if not is_one_address(text) or names_another(key) or is_template(text) or holds_a_place(text):
        return None
    return address(index, text)


def _sized(variants: list[Variant], value: dict[str, Any]) -> list[Variant]:
    width, height = pixels_of(value.get("width", value.get("w"))), pixels_of(value.get("height", value.get("h")))
    if len(variants) > 1 or not (width or height):
        return variants
    return [replace(variants[0], width=width, height=height)]

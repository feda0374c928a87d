"""Pictures in a JSON value: galleries in attributes, the state that scripts keep."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from harvester.candidates.declared import address, listed
from harvester.candidates.fragments import holds_pictures, pictures_in_html
from harvester.candidates.image_urls import LONGEST, has_image_extension, holds_a_place, is_template, looks_like_srcset
from harvester.candidates.json_text import decoded, pixels_of
from harvester.candidates.lazy import names_another
from harvester.candidates.places import Kind, Place
from harvester.candidates.survey import Survey
from harvester.model import Variant
from harvester.renditions import asset_key

MOST_VALUES = 300_000  # of one tree; the largest state of a real page seen has some 60,000
NESTED = 2  # how deep JSON may stand as a text inside JSON

_IMAGE_KEY = re.compile(
    r"(?:image|img|photo|picture|thumb(?:nail)?)(?:_?-?(?:url|src|uri|path|href))?$|^src$", re.IGNORECASE
)
_ADDRESS_KEY = re.compile(r"(?:url|uri|src|href|image|img|photo|picture|thumb(?:nail)?)$", re.IGNORECASE)
_LOCAL = re.compile(r"(?!https?:|/)", re.IGNORECASE)
_NO_ADDRESS = re.compile(r"[\s<>\"'{}]")
_SMALL_KEY = re.compile(r"thumb|small|preview|tiny|mini|teaser", re.IGNORECASE)
_ALT = ("alt", "altText", "alt_text", "alternativeText")
_CAPTION = ("caption", "captionText", "legend")
_CREDIT = ("credit", "credits", "copyright", "byline", "photographer", "creditText")
_SAYING = frozenset((*_ALT, *_CAPTION, *_CREDIT))


class Words(NamedTuple):
    """What an object says of the pictures in it."""

    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


def pictures_in(survey: Survey, tree: Any, *, kind: Kind, number: int, origin: str) -> Iterator[Place]:
    """Give the pictures in *tree*, the renditions of one picture at one place, in the order of the tree."""
    found: dict[str, tuple[list[Variant], Words]] = {}
    for value, words in _objects(tree):
        for variants in _of_object(survey, value, origin, names_files=kind == "attribute"):
            key = asset_key(variants[0].url) or variants[0].url
            found.setdefault(key, ([], words))[0].extend(variants)
        for text in _texts(value):
            yield from pictures_in_html(survey, text, number, f"markup in {origin}")
    for variants, words in found.values():
        yield Place(kind=kind, number=number, origin=origin, variants=tuple(variants), **words._asdict())


def _objects(tree: Any) -> Iterator[tuple[dict[str, Any], Words]]:
    """Give every object of *tree*, lists of texts as objects too, with the words that stand in and around it."""
    waiting: list[tuple[Any, str, Words, int]] = [(tree, "", Words(), 0)]
    seen = 0
    while waiting and seen < MOST_VALUES:
        value, key, words, depth = waiting.pop()
        if isinstance(value, str):
            waiting.append((decoded(value), key, words, depth + 1))
        elif isinstance(value, dict):
            if not _SAYING.isdisjoint(value):
                own = _said(value)
                words = own if any(own) else words
            yield value, words
            seen += len(value)
            waiting.extend((c, k, words, depth) for k, c in reversed(value.items()) if _goes_on(c, depth))
        elif isinstance(value, list):
            for text in value:
                if isinstance(text, str):
                    yield {key: text}, words
            seen += len(value)
            waiting.extend((c, key, words, depth) for c in reversed(value) if _goes_on(c, depth))


def _said(value: dict[str, Any]) -> Words:
    return Words(_first(value, _ALT), _first(value, _CAPTION), _first(value, _CREDIT))


def _first(value: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        text = value.get(key)
        if isinstance(text, str) and text.strip() and "<" not in text:
            return " ".join(text.split())
    return None


def _goes_on(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        return depth < NESTED and value[:1] in ("{", "[") and has_image_extension(value)
    return isinstance(value, (dict, list))


def _texts(value: dict[str, Any]) -> Iterable[str]:
    return (text for text in value.values() if isinstance(text, str) and "<" in text and holds_pictures(text))


def _of_object(survey: Survey, value: dict[str, Any], origin: str, *, names_files: bool) -> list[list[Variant]]:
    """Give the pictures that the texts of one object name; a small one beside the only large one is the same.

    *names_files*: a path that begins with no slash is meant from the page; in a script's state it may be from anywhere.
    """
    large: list[list[Variant]] = []
    small: list[Variant] = []
    for key, text in value.items():
        if not isinstance(text, str) or "/" not in text:
            continue
        if (names_files or not _LOCAL.match(text)) and (url := _image_address(survey, key, text)):
            variant = Variant(url=url, origin=f"{origin} {key}".strip())
            if _SMALL_KEY.search(key):
                small.append(variant)
            else:
                large.append([variant])
        elif " " in text and looks_like_srcset(text):
            large.append(listed(survey, text, f"{origin} {key}"))
    if len(large) == 1 and large[0]:
        return [_sized(large[0], value) + small]
    return [variants for variants in (*large, *([one] for one in small)) if variants]


def _image_address(survey: Survey, key: str, text: str) -> str | None:
    """Resolve *text* where it is an image's address; a path alone only where the key says that it is one."""
    if not text.startswith(("http://", "https://", "//")) and not _ADDRESS_KEY.search(key):
        return None
    if not has_image_extension(text) and not _IMAGE_KEY.search(key):
        return None
    if (
        len(text) > LONGEST
        or _NO_ADDRESS.search(text)
        or names_another(key)
        or is_template(text)
        or holds_a_place(text)
    ):
        return None
    return address(survey, text)


def _sized(variants: list[Variant], value: dict[str, Any]) -> list[Variant]:
    width, height = pixels_of(value.get("width", value.get("w"))), pixels_of(value.get("height", value.get("h")))
    if len(variants) > 1 or not (width or height):
        return variants
    return [replace(variants[0], width=width, height=height)]

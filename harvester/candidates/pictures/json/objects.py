"""The objects of a JSON value, each with its texts and with the descriptions in and around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from harvester.candidates.page.image_urls import has_image_extension
from harvester.candidates.pictures.json.text import decoded

MOST_VALUES = 300_000  # of one tree; the largest state of a real page seen has some 60,000
NESTED = 2  # how many levels of JSON may be encoded as text inside JSON

_ALT = ("alt", "altText", "alt_text", "alternativeText")
_CAPTION = ("caption", "captionText", "legend")
_CREDIT = ("credit", "credits", "copyright", "byline", "photographer", "creditText")
_DESCRIBING = frozenset((*_ALT, *_CAPTION, *_CREDIT))


class Description(NamedTuple):
    """What an object says about the pictures in it."""

    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


class Texts(NamedTuple):
    """Those texts of an object that may be URLs or markup, with their keys; *members* is the object itself."""

    named: list[tuple[str, str]]
    members: dict[str, Any]
    words: Description


class _Waiting(NamedTuple):
    value: Any
    key: str
    words: Description
    depth: int


def objects(tree: Any) -> Iterator[Texts]:
    """Yield every object of *tree* that has texts, in order; each text in a list counts as an object of its own."""
    waiting, seen = [_Waiting(tree, "", Description(), 0)], 0
    while waiting and seen < MOST_VALUES:
        value, key, words, depth = waiting.pop()
        if isinstance(value, str):
            waiting.append(_Waiting(decoded(value), key, words, depth + 1))
        elif isinstance(value, dict):
            words = _description(value, words)
            texts, inner = _separated(value.items(), words, depth)
            if texts:
                yield Texts(texts, value, words)
            waiting.extend(reversed(inner))
            seen += len(value)
        elif isinstance(value, list):
            texts, inner = _separated([(key, child) for child in value], words, depth)
            yield from (Texts([text], {}, words) for text in texts)
            waiting.extend(reversed(inner))
            seen += len(value)


def _separated(members: Any, words: Description, depth: int) -> tuple[list[tuple[str, str]], list[_Waiting]]:
    """Separate the texts that may be URLs or markup from what holds further values."""
    texts: list[tuple[str, str]] = []
    inner: list[_Waiting] = []
    for key, value in members:
        kind = type(value)
        if kind is str:
            if depth < NESTED and value[:1] in ("{", "[") and has_image_extension(value):
                inner.append(_Waiting(value, key, words, depth))
            elif "/" in value:
                texts.append((key, value))
        elif kind is dict or kind is list:
            inner.append(_Waiting(value, key, words, depth))
    return texts, inner


def _description(value: dict[str, Any], around: Description) -> Description:
    if _DESCRIBING.isdisjoint(value):
        return around
    own = Description(_first(value, _ALT), _first(value, _CAPTION), _first(value, _CREDIT))
    return own if any(own) else around


def _first(value: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        text = value.get(key)
        if isinstance(text, str) and text.strip() and "<" not in text:
            return " ".join(text.split())
    return None

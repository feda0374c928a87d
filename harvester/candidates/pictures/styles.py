"""Pictures in style attributes: `background-image: url(...)` and `image-set(...)`.

Source: https://drafts.csswg.org/css-images-4/#image-set-notation, https://drafts.csswg.org/css-syntax/#consume-url-token
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from harvester.candidates.page import lazy
from harvester.candidates.page.image_urls import holds_a_place, is_template
from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.candidates.pictures.declared import address, link_around
from harvester.candidates.pictures.links import with_linked_files
from harvester.model import Variant

_STRING = r"\"(?:[^\"\\]++|\\.)*+\"|'(?:[^'\\]++|\\.)*+'"
_TOKEN = re.compile(
    rf"(?:^|;)\s*+(?P<property>[-\w]++)\s*+:"
    rf"|url\(\s*+(?:(?P<quoted>{_STRING})|(?P<bare>(?:[^()\"'\s\\]++|\\[0-9a-f]{{1,6}}\s?|\\.)*+))\s*+\)"
    rf"|(?P<set>image-set\()"
    rf"|type\(\s*+(?P<type>{_STRING})\s*+\)"
    rf"|(?P<string>{_STRING})"
    rf"|(?P<end>\))"
    rf"|\s(?P<density>[0-9]++(?:\.[0-9]++)?)(?:x|dppx)\b"
    rf"|\\.",
    re.IGNORECASE | re.DOTALL,
)
_CLOSED = re.compile(rf"(?:[^\"'\\]++|\\.|{_STRING})*+", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)


def styles(index: PageIndex) -> Iterable[Occurrence]:
    """Return every occurrence of a picture in a style attribute."""
    return with_linked_files(_occurrences(index))


def _occurrences(index: PageIndex) -> Iterator[Occurrence]:
    for number, text in index.styled:
        for variants in pictures_of(index, text):
            yield Occurrence(
                kind="style",
                number=number,
                node=index.dom.nodes[number],
                origin="style",
                variants=tuple(variants),
                link=link_around(index, number),
                alt=index.attributes(number).get("aria-label") or index.attributes(number).get("title") or None,
            )


def pictures_of(index: PageIndex, text: str) -> list[list[Variant]]:
    """Return the pictures in a style attribute, each with its renditions; an `image-set` is one picture."""
    found: list[list[Variant]] = []
    counts, in_set = False, False
    tokens = _TOKEN.finditer(_with_closed_texts(text))
    for token in takewhile(lambda _: index.budget.has("addresses"), tokens):
        if token["property"]:
            counts, in_set = _shows_a_picture(token["property"].lower()), False
        elif token["set"]:
            in_set = counts
            found += [[]] if counts else []
        elif token["end"]:
            in_set = False
        elif in_set and found[-1] and (token["density"] or token["type"]):
            found[-1][-1] = _with_descriptor(found[-1][-1], token)
        elif counts and (token["bare"] or token["quoted"] or (in_set and token["string"])):
            shown = _variants(index, token["bare"] or (token["quoted"] or token["string"])[1:-1])
            if in_set:
                found[-1] += shown
            else:
                found.append(shown)
    return [variants for variants in found if variants]


def _with_closed_texts(text: str) -> str:
    """Leave out the quotes of a kind from where one opens a text without an end, which no later one of it ends."""
    for _ in "\"'":
        found = _CLOSED.match(text)
        end = found.end() if found else 0
        text = text[:end] + text[end:].replace(text[end : end + 1] or '"', " ")
    return text


def _shows_a_picture(name: str) -> bool:
    return (
        name.startswith("background") or name == "content" or (name.startswith("--") and not lazy.names_another(name))
    )


def _variants(index: PageIndex, written: str) -> list[Variant]:
    url = _ESCAPE.sub(_unescaped, written)
    resolved = None if is_template(url) or holds_a_place(url) else address(index, url)
    return [Variant(url=resolved, origin="style")] if resolved else []


def _unescaped(found: re.Match[str]) -> str:
    if not found[1]:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _with_descriptor(variant: Variant, token: re.Match[str]) -> Variant:
    if token["type"]:
        return Variant(url=variant.url, density=variant.density, type=token["type"][1:-1], origin=variant.origin)
    return Variant(url=variant.url, density=float(token["density"]), type=variant.type, origin=variant.origin)

"""What the attributes of one element declare: the renditions of its picture, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import takewhile

from harvester.candidates.page import lazy
from harvester.candidates.page.image_urls import is_template, looks_like_image, looks_like_srcset
from harvester.candidates.page.index import PageIndex
from harvester.candidates.pictures.json.text import opens_json
from harvester.candidates.pictures.srcset import parse_srcset
from harvester.model import Variant

LONGEST_ADDRESS = 50_000  # characters; no server takes one so long
INLINED = ("data:", "blob:", "about:")  # what is no address for the network
LINK_REACH = 8  # levels between a picture and the link around it
Attributes = Mapping[str, str | None]

_PIXELS = re.compile(r"\A\s*+([0-9]{1,5})(?:\.[0-9]*+)?\s*+(?:px)?\s*+")


def pixels(attribute: str | None) -> int | None:
    """Read a width or height attribute: pixels, or None for a percentage or anything that is not a number."""
    found = _PIXELS.fullmatch(attribute) if attribute else None
    return int(found[1]) if found else None


def listed(index: PageIndex, text: str, origin: str) -> list[Variant]:
    """Return the renditions of a srcset, leaving out what a browser would not request."""
    return [
        Variant(url=url, width=c.width, height=c.height, density=c.density, origin=origin)
        for c in takewhile(lambda _: index.budget.has("addresses"), parse_srcset(text))
        if (url := address(index, c.url))
    ]


def single(index: PageIndex, text: str, origin: str) -> list[Variant]:
    """Return a list with the one rendition that *text* names, or an empty one."""
    url = address(index, text)
    return [Variant(url=url, origin=origin)] if url else []


def address(index: PageIndex, text: str) -> str | None:
    """Resolve *text*; None when it is empty or not a URL for the network."""
    text = text.strip("\t\n\f\r ")
    if not text or text.startswith(INLINED) or not index.budget.takes("addresses"):
        return None
    if len(text) > LONGEST_ADDRESS:
        index.budget.note("address", f"an address of {len(text):,} characters")
        return None
    return index.resolve(text)


def link_around(index: PageIndex, number: int) -> str | None:
    """Return the target of the link around an element, or of the element itself."""
    tags = index.dom.tags
    link = number if tags[number] == "a" else index.within(number, "a", reach=LINK_REACH)
    return None if link is None else address(index, index.attributes(link).get("href") or "")


def loaded_later(index: PageIndex, attributes: Attributes, origin: str) -> list[Variant]:
    """Return the renditions that scripts load later, from the attributes in which scripts look for them."""
    found: list[Variant] = []
    for name, value, certain in lazy.later(attributes):
        if is_template(value) or opens_json(value):
            continue
        if looks_like_srcset(value):
            found += listed(index, value, f"{origin}@{name}")
        elif certain or looks_like_image(value):
            found += single(index, value, f"{origin}@{name}")
    return found

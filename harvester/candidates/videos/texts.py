"""Running text that mentions YouTube: what it says, which element it is in, and its place in document order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from harvester.candidates.page.dom import Dom
from harvester.markup import Document, Node

_HINT = "outu"
_MENTIONING = f':not(script, style):lexbor-contains("{_HINT}")'
_CODE = {"textarea", "pre", "code", "title"}


class Text(Struct, frozen=True):
    """A text directly in the element *parent*."""

    parent: int
    text: str


def mentioning(document: Document, dom: Dom) -> Mapping[int, Sequence[Text]]:
    """Return the texts that mention YouTube, each under the number of the last element before it, in document order."""
    found: defaultdict[int, list[Text]] = defaultdict(list)
    if _HINT in document.text:
        for node in reversed(document.css(_MENTIONING)):  # so that deeper elements come first
            for before, text in _texts_in(dom, node):
                found[before].append(text)
    return found


def _texts_in(dom: Dom, node: Node) -> Iterator[tuple[int, Text]]:
    parent = dom.number(node)
    if parent is None or dom.tags[parent] in _CODE:
        return
    before = parent
    for child in node.iter(include_text=True):
        number = dom.number(child)
        if number is not None:
            before = dom.end[number] - 1
        elif _HINT in (text := child.text_content or ""):
            yield before, Text(parent, text)

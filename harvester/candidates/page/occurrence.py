"""One occurrence of a picture on a page, and the group of occurrences of the same picture."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from msgspec import Struct

from harvester.markup import Node
from harvester.model import Variant

Kind = Literal["img", "svg", "style", "attribute", "head", "preload", "json-ld", "state", "escaped", "offer"]
"""What names the picture: an element that shows it, or a source that only mentions it."""

SHOWN: frozenset[Kind] = frozenset({"img", "svg", "style", "attribute"})
"""The kinds found where a reader sees the picture; the others only mention it."""

SEEN: frozenset[Kind] = frozenset({"img", "svg", "style"})
"""Those of them that show the picture themselves: an attribute may name another rendition of a picture beside it."""


MOST_NAMED = 1_000
"""Renditions of one picture whose URLs are searched for a name; the largest real picture seen has 640."""


class Occurrence(Struct, frozen=True, kw_only=True):
    """One mention of a picture, with every rendition declared there.

    *number* is that of its element in the page's `Dom`; -1 stands for "before the page" (an offer of the lead). *node*
    is None where no element shows it (script state, head, escaped text). *link* is the resolved target of the link
    around it. *width* and *height* come from the element's attributes. *joined* says why renditions from several
    elements (a link around, a copy for readers without scripts) are of one picture. *about* says what the picture is
    for where that is not the article: `logo`, `author`, `placeholder`.
    """

    kind: Kind
    number: int
    variants: tuple[Variant, ...]
    origin: str
    node: Node | None = None
    link: str | None = None
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None
    width: int | None = None
    height: int | None = None
    in_noscript: bool = False
    joined: tuple[str, ...] = ()
    about: str | None = None


class Group(Struct, frozen=True, kw_only=True, dict=True):
    """The occurrences of one picture, in document order, and why they were joined.

    What they say together is worked out once: every occurrence is judged by it, and there may be thousands.
    """

    occurrences: tuple[Occurrence, ...]
    variants: tuple[Variant, ...]
    joined: tuple[str, ...] = ()

    @cached_property
    def shown(self) -> Occurrence | None:
        """The first occurrence that a reader sees; None when the picture is only mentioned."""
        return next((occurrence for occurrence in self.occurrences if occurrence.kind in SHOWN), None)

    @property
    def first(self) -> Occurrence:
        """The occurrence that represents the picture: the first one shown, else the first mention."""
        return self.shown or self.occurrences[0]

    @cached_property
    def is_declared(self) -> bool:
        """Whether the page names the picture to social networks or search engines as its own."""
        return any(each.kind in ("head", "json-ld") and each.about is None for each in self.occurrences)

    @cached_property
    def is_drawing(self) -> bool:
        """Whether the picture is a vector drawing: an icon or a logo, seldom a picture."""
        return all(".svg" in variant.url for variant in self.variants)

    @cached_property
    def is_linked_file(self) -> bool:
        """Whether what the page shows only links to the picture's file."""
        return any(variant.origin == "a@href" for variant in self.variants)

    @cached_property
    def width(self) -> int | None:
        """The largest width in pixels that any occurrence claims."""
        claims = (*(v.width for v in self.variants), *(occurrence.width for occurrence in self.occurrences))
        return max(filter(None, claims), default=None)

    @cached_property
    def height(self) -> int | None:
        """The largest height in pixels that any occurrence claims."""
        claims = (*(v.height for v in self.variants), *(occurrence.height for occurrence in self.occurrences))
        return max(filter(None, claims), default=None)

    @cached_property
    def addresses(self) -> str:
        """The URLs of the renditions in lower case, separated by spaces; of very many only the first."""
        return " ".join(variant.url for variant in self.variants[:MOST_NAMED]).lower()

"""One place of a page where a picture stands, and the group of places that show the same picture."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from msgspec import Struct

from harvester.markup import Node
from harvester.model import Variant

Kind = Literal["img", "svg", "style", "attribute", "head", "preload", "json-ld", "state", "escaped", "offer"]
"""What names the picture: an element that shows it, or one of the places that only speak of it."""

SHOWN: frozenset[Kind] = frozenset({"img", "svg", "style", "attribute"})
"""The kinds that stand where a reader sees the picture; the others only speak of it."""

SEEN: frozenset[Kind] = frozenset({"img", "svg", "style"})
"""Those of them that show the picture themselves: an attribute may name another rendition of one beside it."""


MOST_NAMED = 1_000
"""Renditions of one picture whose addresses are searched for a name; the largest real picture seen has 640."""


class Occurrence(Struct, frozen=True, kw_only=True):
    """A picture named at one place, with every rendition that the place declares.

    *number* is that of its element in the page's `Outline`; -1 before the page (an offer of the lead). *node* is null
    where no element of the page stands for it (script state, head, escaped text). *link* is where a link around it
    leads, resolved. *width* and *height* are those of the element's attributes. *joined* says why renditions that stand
    at several elements (a link around, a copy for readers without scripts) are of one picture. *about* names what the
    place says that the picture is for, where that is not the article: `logo`, `author`, `placeholder`.
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
    """The places that show one picture, in document order, and why they were joined.

    What all of them say together is found out once: each place is judged by it, and there may be thousands.
    """

    occurrences: tuple[Occurrence, ...]
    variants: tuple[Variant, ...]
    joined: tuple[str, ...] = ()

    @cached_property
    def shown(self) -> Occurrence | None:
        """The first place where a reader sees the picture; None when it is only spoken of."""
        return next((occurrence for occurrence in self.occurrences if occurrence.kind in SHOWN), None)

    @property
    def first(self) -> Occurrence:
        """The place that stands for the picture: where it is shown, else where it is first spoken of."""
        return self.shown or self.occurrences[0]

    @cached_property
    def is_declared(self) -> bool:
        """Whether the page names the picture to social networks or search engines as its own."""
        return any(
            occurrence.kind in ("head", "json-ld") and occurrence.about is None for occurrence in self.occurrences
        )

    @cached_property
    def is_drawing(self) -> bool:
        """Whether the picture is a vector drawing: an icon or a logo, seldom a picture."""
        return all(".svg" in variant.url for variant in self.variants)

    @cached_property
    def is_linked_file(self) -> bool:
        """Whether what is shown somewhere is only a way to the file."""
        return any(variant.origin == "a@href" for variant in self.variants)

    @cached_property
    def width(self) -> int | None:
        """The largest width in pixels that anybody claims."""
        claims = (*(v.width for v in self.variants), *(occurrence.width for occurrence in self.occurrences))
        return max(filter(None, claims), default=None)

    @cached_property
    def height(self) -> int | None:
        """The largest height in pixels that anybody claims."""
        claims = (*(v.height for v in self.variants), *(occurrence.height for occurrence in self.occurrences))
        return max(filter(None, claims), default=None)

    @cached_property
    def addresses(self) -> str:
        """The addresses of the renditions in lower case, with a space between them; of very many the first."""
        return " ".join(variant.url for variant in self.variants[:MOST_NAMED]).lower()

"""One place of a page where a picture stands, and the group of places that show the same picture."""

from __future__ import annotations

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


class Place(Struct, frozen=True, kw_only=True):
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


class Group(Struct, frozen=True, kw_only=True):
    """The places that show one picture, in document order, and why they were joined."""

    places: tuple[Place, ...]
    variants: tuple[Variant, ...]
    joined: tuple[str, ...] = ()

    @property
    def shown(self) -> Place | None:
        """The first place where a reader sees the picture; None when it is only spoken of."""
        return next((place for place in self.places if place.kind in SHOWN), None)

    @property
    def first(self) -> Place:
        """The place that stands for the picture: where it is shown, else where it is first spoken of."""
        return self.shown or self.places[0]

    @property
    def kinds(self) -> frozenset[Kind]:
        """What names the picture."""
        return frozenset(place.kind for place in self.places)

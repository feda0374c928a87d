"""A small article of our own into which a test puts one thing, and what becomes of the pictures in it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from harvester import markup
from harvester.candidates.find import find
from harvester.candidates.page.dom import Dom
from harvester.candidates.page.index import PageIndex
from harvester.candidates.scope.regions import Regions, regions
from harvester.config import Candidates
from harvester.model import Role
from harvester.steps import Found
from tests.support.pages import BASE, article

TEXT = (
    "The boats went out before sunrise, and by noon the whole harbour knew that none of them had found the shoal.",
    "Nobody on the quay could remember a spring in which the water had been as warm as it was this time.",
    "The harbour master wrote the numbers into his book, as his father had done, and shut it without a word.",
    "In the evening the council met, and it was late when the last of the lamps in the town hall went out.",
    "What the fishermen want is simple: that somebody counts the fish before somebody sells the licences.",
)
SITE = "https://news.example"


def page(text: str = "", *, head: str = "", top: str = "", opening: str = "", tail: str = "", after: str = "") -> str:
    """Give a page with an article: *text* stands amid its paragraphs, the others where their names say."""
    paragraphs = [f"<p>{paragraph}</p>" for paragraph in TEXT]
    body = "".join((*paragraphs[:3], text, *paragraphs[3:], tail))
    return (
        f"<html><head><title>The shoal that stayed away</title>{head}</head><body>{top}<main>"
        f"<h1>The shoal that stayed away</h1>{opening}<div class='story'>{body}</div>{after}</main></body></html>"
    )


def look(text: str, *, authors: tuple[str, ...] = (), published: str | None = None, **settings: Any) -> Found:
    """Give what is found on a page, in the scope of its article unless *settings* say otherwise."""
    about = replace(article(), authors=authors, published=published)
    return find(markup.parse(text, BASE), about, (), Candidates(**settings))


def taken(text: str, **settings: Any) -> list[tuple[str, Role]]:
    """Give the pictures that are taken, each by its first address without the site's, and their roles."""
    return [(image.variants[0].url.removeprefix(SITE), image.role) for image in look(text, **settings).images]


def left_out(text: str, **settings: Any) -> dict[str, str]:
    """Give the pictures that are left out, and why."""
    return {item.url.removeprefix(SITE): item.reason for item in look(text, **settings).left_out}


def article_of(text: str) -> tuple[Dom, Regions | None]:
    """Give the elements of a page and where its article is among them."""
    document = markup.parse(text, BASE)
    outline = Dom(document)
    return outline, regions(PageIndex(document, article(), (), outline))

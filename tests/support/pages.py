"""Small pages of our own, looked at as `find` looks at any page."""

from __future__ import annotations

from typing import Literal

from harvester import markup
from harvester.candidates.find import find
from harvester.config import Candidates
from harvester.model import Article, Image, Page, Source, SourceKind
from harvester.steps import Found, Offer

BASE = "https://news.example/2026/story.html"


def article(url: str = BASE, kind: SourceKind = "html") -> Article:
    """Give an article that says nothing of itself but where it is and what kind of source it came from."""
    return Article(
        url=url,
        canonical_url=None,
        urls=(url,),
        key="a" * 16,
        site=None,
        title=None,
        published=None,
        modified=None,
        language=None,
        authors=(),
        description=None,
        source=Source(kind=kind, given=url),
        page=Page(),
    )


def found(
    text: str,
    *,
    scope: Literal["article", "page"] = "page",
    base: str = BASE,
    kind: SourceKind = "html",
    offers: tuple[Offer, ...] = (),
) -> Found:
    """Give what is found on a page of *text*."""
    document = markup.parse(text, base)
    return find(document, article(base, kind), offers, Candidates(scope=scope))


def images(text: str, *, base: str = BASE) -> tuple[Image, ...]:
    """Give all images that a page of *text* shows or speaks of."""
    return found(text, base=base).images


def only(text: str, *, base: str = BASE) -> Image:
    """Give the one image of a page that has one."""
    (image,) = images(text, base=base)
    return image


def addresses(image: Image) -> list[str]:
    """Give the URLs of the renditions in their order, those of the page's own site without it."""
    return [variant.url.removeprefix("https://news.example") for variant in image.variants]

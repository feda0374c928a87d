"""A page as the signals see it: where its article is, where it shows pictures, and what its elements are called."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from harvester import urls
from harvester.candidates.image_urls import is_image_file
from harvester.candidates.places import Group
from harvester.candidates.scope.callings import Calling, callings
from harvester.candidates.scope.regions import HEADINGS, regions
from harvester.candidates.survey import Survey

_NAMES = ("class", "id", "itemprop", "data-testid", "role", "aria-label")
_PICTURE_PAGE = re.compile(
    r"galler|galerie|galeria|galería|fotostrecke|bildstrecke|slideshow|diaporama|album|lightbox|attachment|zoom|popup"
    r"|/(?:photo|foto|image|bild|picture|media)s?(?:[/_.?-]|$)",
    re.IGNORECASE,
)
_ROOT = 3  # strokes in the address of a site's own page; what lies under an article's address is a part of it
_NOTHING: frozenset[Calling] = frozenset()


class Scene:
    """A page, its groups of pictures and its regions. Numbers are those of the page's elements."""

    def __init__(self, survey: Survey, groups: Sequence[Group]) -> None:
        self.survey = survey
        self.groups = groups
        self.outline = survey.outline
        self.regions = regions(survey)
        self.headings = survey.tagged(*HEADINGS)
        self.pictures = sorted({group.first.number for group in groups if group.shown and not is_drawing(group)})
        self._addresses = {urls.canonical(url) for url in (survey.document.base_url, survey.article.url)}
        self._folders = [f"{address.rstrip('/')}/" for address in self._addresses if address.count("/") > _ROOT]
        self._sites = {urls.registered_domain(url) for url in self._addresses}
        self._holders = self._around_article()
        self._called: dict[int, frozenset[Calling]] = {}
        self._around: dict[int, frozenset[Calling]] = {}

    @property
    def is_front(self) -> bool:
        """Whether the page is a list of other pages: nothing reads like an article, and it claims to be none."""
        return self.regions is None and self.survey.article.published is None

    def pictures_in(self, i: int) -> int:
        """Count the pictures shown in an element."""
        return bisect_left(self.pictures, self.outline.end[i]) - bisect_left(self.pictures, i)

    def paragraphs_in(self, i: int) -> int:
        """Count the paragraphs of the article in an element."""
        if self.regions is None:
            return 0
        paragraphs = self.regions.paragraphs
        return bisect_left(paragraphs, self.outline.end[i]) - bisect_left(paragraphs, i)

    def holds_article(self, i: int) -> bool:
        """Say whether an element stands around the article's text; without an article, around the whole page."""
        return i in self._holders

    def called(self, i: int) -> frozenset[Calling]:
        """Give what an element is called."""
        found = self._called.get(i)
        if found is None:
            attributes = self.outline.attributes(i)
            author = "author" if "author" in (attributes.get("rel") or "") else None
            tag = self.outline.tags[i]
            found = self._called[i] = _callings(author, tag if "-" in tag else None, *map(attributes.get, _NAMES))
        return found

    def called_around(self, i: int) -> frozenset[Calling]:
        """Give what an element and those around it are called, up to what holds the article."""
        open_ = []
        while i not in self._around and not self.holds_article(i):
            open_.append(i)
            i = self.outline.parent[i]
        known = self._around.get(i, _NOTHING)
        for inner in reversed(open_):
            known = self._around[inner] = known | self.called(inner)
        return known

    def leads_away(self, link: str | None) -> bool:
        """Say whether a link leads to another page that is not about a picture alone."""
        if not link or is_image_file(link) or _PICTURE_PAGE.search(link):
            return False
        address = urls.canonical(link)
        return address not in self._addresses and not any(address.startswith(folder) for folder in self._folders)

    def is_of_site(self, link: str) -> bool:
        """Say whether a link stays on the page's site."""
        return urls.registered_domain(link) in self._sites

    def _around_article(self) -> frozenset[int]:
        if self.regions is None:
            return frozenset((0, *self.outline.children(0)))
        return frozenset((self.regions.body, *self.outline.up(self.regions.body)))


@lru_cache(maxsize=1024)
def _callings(*names: str | None) -> frozenset[Calling]:
    return callings(" ".join(filter(None, names)).lower())


def is_drawing(group: Group) -> bool:
    """Say whether a group is a vector drawing: an icon or a logo, seldom a picture."""
    return all(".svg" in variant.url for variant in group.variants)

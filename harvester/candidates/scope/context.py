"""A page as the signals see it: where its article is, where it shows pictures, and what its elements hint at."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from harvester import urls
from harvester.candidates.page.image_urls import is_image_file
from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Group
from harvester.candidates.scope.class_names import Hint, class_hints
from harvester.candidates.scope.regions import HEADINGS, regions

_NAMES = ("class", "id", "itemprop", "data-testid", "role", "aria-label")
_PICTURE_PAGE = re.compile(
    r"galler|galerie|galeria|galería|fotostrecke|bildstrecke|slideshow|diaporama|album|lightbox|attachment|zoom|popup"
    r"|/(?:photo|foto|image|bild|picture|media)s?(?:[/_.?-]|$)",
    re.IGNORECASE,
)
LABEL = 15  # characters of text in a card; fewer only label its picture
_HEADLINE = 25  # characters from which a link counts as a headline
_MOST_LINKS = 300  # links considered in one card, which holds a few hundred characters of text
_MOST_AUTHORS = 50
_ROOT = 3  # slashes in the URL of a site's front page; pages below an article's URL are part of the article
_NOTHING: frozenset[Hint] = frozenset()


class PageContext:
    """A page, its groups of pictures and its regions. Numbers are those of the page's elements."""

    def __init__(self, index: PageIndex, groups: Sequence[Group]) -> None:
        self.index = index
        self.groups = groups
        self.dom = index.dom
        self.regions = regions(index)
        self.headings = index.tagged(*HEADINGS)
        self.telling_headings = [i for i in self.headings if self.dom.text(i) > LABEL]
        self.captions = [i for i in index.tagged("figcaption") if self.dom.text(i)]
        self.authors = [author.casefold() for author in index.article.authors[:_MOST_AUTHORS]]
        self.pictures = sorted({group.first.number for group in groups if group.shown and not group.is_drawing})
        self._addresses = {urls.canonical(url) for url in (index.document.base_url, index.article.url)}
        self._folders = [f"{address.rstrip('/')}/" for address in self._addresses if address.count("/") > _ROOT]
        self._sites = {urls.registered_domain(url) for url in self._addresses}
        self._holders = self._around_article()
        self._own_hints: dict[int, frozenset[Hint]] = {}
        self._hints_above: dict[int, frozenset[Hint]] = {}
        self._away: dict[str, bool] = {}
        self._of_site: dict[str, bool] = {}
        self._invites: dict[int, bool] = {}

    @property
    def is_front(self) -> bool:
        """Whether the page is a list of other pages: nothing reads like an article, and it does not claim to be one."""
        return self.regions is None and self.index.article.published is None

    def pictures_in(self, i: int) -> int:
        """Count the pictures that an element shows."""
        return bisect_left(self.pictures, self.dom.end[i]) - bisect_left(self.pictures, i)

    def paragraphs_in(self, i: int) -> int:
        """Count the paragraphs of the article in an element."""
        if self.regions is None:
            return 0
        paragraphs = self.regions.paragraphs
        return bisect_left(paragraphs, self.dom.end[i]) - bisect_left(paragraphs, i)

    def holds_article(self, i: int) -> bool:
        """Return whether an element contains the article's text or, on a page without an article, the whole page."""
        return i in self._holders

    def hints_of(self, i: int) -> frozenset[Hint]:
        """Return the hints in an element's own names."""
        found = self._own_hints.get(i)
        if found is None:
            attributes = self.dom.attributes(i)
            author = "author" if "author" in (attributes.get("rel") or "") else None
            tag = self.dom.tags[i]
            found = self._own_hints[i] = _hints_in(author, tag if "-" in tag else None, *map(attributes.get, _NAMES))
        return found

    def hints_around(self, i: int) -> frozenset[Hint]:
        """Return the hints in the names of an element and its ancestors, up to the one that holds the article."""
        open_ = []
        while i not in self._hints_above and not self.holds_article(i):
            open_.append(i)
            i = self.dom.parent[i]
        known = self._hints_above.get(i, _NOTHING)
        for inner in reversed(open_):
            known = self._hints_above[inner] = known | self.hints_of(inner)
        return known

    def leads_away(self, link: str | None) -> bool:
        """Return whether a link leads to another page, other than one that only shows a picture."""
        if not link:
            return False
        if link not in self._away:
            self._away[link] = self._leads_away(link)
        return self._away[link]

    def is_of_site(self, link: str) -> bool:
        """Return whether a link stays on the page's site."""
        if link not in self._of_site:
            self._of_site[link] = urls.registered_domain(link) in self._sites
        return self._of_site[link]

    def invites(self, card: int) -> bool:
        """Return whether a headline in the card of a picture links to another page of the site."""
        if card not in self._invites:
            headlines = self._headlines(card)
            self._invites[card] = any(self.leads_away(link) and self.is_of_site(link) for link in headlines)
        return self._invites[card]

    def _leads_away(self, link: str) -> bool:
        if is_image_file(link) or _PICTURE_PAGE.search(link):
            return False
        address = urls.canonical(link)
        return address not in self._addresses and not any(address.startswith(folder) for folder in self._folders)

    def _headlines(self, card: int) -> Iterator[str]:
        """Yield the targets of the headline links in the card; links in its caption are not headlines."""
        links = self.index.tagged("a")
        first, end = bisect_left(links, card), bisect_left(links, self.dom.end[card])
        for i in links[first : min(end, first + _MOST_LINKS)]:
            if self._is_headline(i) and self.index.within(i, "figcaption") is None:
                link = self.index.resolve(self.dom.attributes(i).get("href") or "")
                if link:
                    yield link

    def _is_headline(self, i: int) -> bool:
        if self.dom.text(i) > _HEADLINE or self.index.within(i, *HEADINGS, reach=3) is not None:
            return True
        return bisect_left(self.headings, i) < bisect_left(self.headings, self.dom.end[i])

    def _around_article(self) -> frozenset[int]:
        if self.regions is None:
            return frozenset((0, *self.dom.children(0)))
        return frozenset((self.regions.body, *self.dom.up(self.regions.body)))


@lru_cache(maxsize=1024)
def _hints_in(*names: str | None) -> frozenset[Hint]:
    return class_hints(" ".join(filter(None, names)).lower())

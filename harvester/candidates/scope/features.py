"""The facts about one occurrence of a picture that `signals` weighs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import Literal

from harvester import urls
from harvester.candidates.page.image_urls import looks_like_image
from harvester.candidates.page.occurrence import Group, Occurrence
from harvester.candidates.scope import url_patterns as addresses
from harvester.candidates.scope.context import LABEL, PageContext

Zone = Literal["text", "opening", "above", "tail", "after", "none"]
"""Where on the page: in the text, between headline and text, above the headline, after the text but in its element,
after the article; `none` without an article."""

_REACH = 60  # ancestors that are considered
_CARD_TEXT = 700  # characters of text allowed in the card of one picture
_CARD_REACH = 10  # levels from a picture to the outermost element of its card
_NEAR = 400  # characters between a picture and the headline below it
_BOX = 600  # px of width
_CHART = 400  # px of width
_PORTRAIT = 400  # px of width; a larger picture of an author may be the article's
_BESIDE_NAME = 20  # characters of an alternative text beyond the author's name


class Features:
    """One occurrence of a picture, seen within the whole page. Sizes are pixels as the page claims them.

    *zone* is its part of the page; *around* are its ancestors that do not also hold the article, nearest first.
    """

    def __init__(self, context: PageContext, group: Group, occurrence: Occurrence) -> None:
        self.context = context
        self.group = group
        self.occurrence = occurrence
        self._dom = context.dom
        self.number = min(
            occurrence.number, len(context.dom.tags) - 1
        )  # elements built by scripts count as the last one
        self.zone = self._zone()
        self.around = self._around()

    def _zone(self) -> Zone:
        """Return where the picture is in relation to the article's text; the position of a script says little."""
        found, number = self.context.regions, self.number
        if found is None:
            return "none"
        if found.paragraphs[0] < number < found.paragraphs[-1]:
            return "text"
        if self.occurrence.kind in ("state", "escaped"):
            return "after"
        if number > found.paragraphs[-1]:
            return "tail" if self._dom.holds(found.body, number) else "after"
        return "opening" if found.headline is None or number > found.headline else "above"

    @property
    def is_all_there_is(self) -> bool:
        """Whether this is the only picture of a page without an article: then it is what the page is for."""
        return self.context.regions is None and len(self.context.groups) == 1

    @property
    def is_over_headline(self) -> bool:
        """Whether the headline follows the picture, with little between them."""
        found = self.context.regions
        if self.zone != "above" or found is None or found.headline is None:
            return False
        return self._dom.text_between(self.number, found.headline) <= _NEAR

    @property
    def is_figure(self) -> bool:
        """Whether the picture is inside a `figure`."""
        return self._figure is not None

    @property
    def is_captioned(self) -> bool:
        """Whether the `figure` around the picture has a caption."""
        figure = self._figure
        return figure is not None and self._has_inside(figure, self.context.captions)

    @property
    def is_declared(self) -> bool:
        """Whether the page names the picture to social networks or search engines as its own."""
        return self.group.is_declared

    @property
    def width(self) -> int | None:
        """The largest width that any occurrence claims."""
        return self.group.width

    @property
    def shorter_side(self) -> int | None:
        """The shorter side by the largest claims; None where what is shown only links to the file."""
        if self.group.is_linked_file:
            return None
        return min(filter(None, (self.group.width, self.group.height)), default=None)

    @property
    def is_drawing(self) -> bool:
        """Whether the picture is a vector drawing; a large one with a caption is a chart and does not count."""
        return self.group.is_drawing and not (self.is_captioned and (self.width or 0) >= _CHART)

    @property
    def is_still(self) -> bool:
        """Whether the picture only covers a player until it starts; one shown by an `img` may be the lead."""
        return self.occurrence.kind != "img" and "player" in self._hints

    @property
    def is_spare(self) -> bool:
        """Whether the picture is in an attribute or script inside the figure of one that is shown."""
        own = self.number in self.context.pictures
        near = (self.number, *self.around[:3])
        return self.occurrence.kind not in ("img", "svg", "style") and any(
            self.context.pictures_in(i) > own for i in near
        )

    @property
    def is_teaser(self) -> bool:
        """Whether the picture's card is a teaser for another page of the site."""
        if self.context.is_front:
            return False
        if self.leads_on and (self._dom.text(self.card) > LABEL or self.has_heading):
            return True
        return self.context.invites(self.card)

    @property
    def has_heading(self) -> bool:
        """Whether the picture's card has a heading: an article's pictures have captions instead."""
        return not self.context.is_front and self._heading and not self._is_box

    @property
    def leads_on(self) -> bool:
        """Whether the picture links to another page of the site."""
        return self._leads_away and self.context.is_of_site(self.occurrence.link or "") and not self.context.is_front

    @property
    def leads_off(self) -> bool:
        """Whether the picture links to another site."""
        return self._leads_away and not self.context.is_of_site(self.occurrence.link or "")

    @property
    def is_aside(self) -> bool:
        """Whether an `aside` around the picture holds more than the picture's card."""
        return any(self._dom.tags[i] == "aside" for i in self.around if i < self.card)

    @property
    def is_navigation(self) -> bool:
        """Whether the picture is in the site's navigation."""
        return "navigation" in self._hints or any(self._dom.tags[i] in ("nav", "footer") for i in self.around)

    @property
    def is_person(self) -> bool:
        """Whether the picture shows an author of the article: its card says so, or its alternative text."""
        if self._names_author or self.occurrence.about == "author":
            return True
        if addresses.says(self.group.variants[0].url, "person"):
            return True
        return any("person" in self.context.hints_of(i) for i in (self.number, *self.around) if self._is_portrait_of(i))

    @property
    def is_promotion(self) -> bool:
        """Whether the names of the elements around the picture hint at a promotion."""
        return "promotion" in self._hints and not self.context.is_front

    @property
    def is_advertisement(self) -> bool:
        """Whether the names of the elements around the picture hint at advertising."""
        return "advertisement" in self._hints

    @property
    def is_of_theme(self) -> bool:
        """Whether the URL says that the picture belongs to the site's design."""
        return self.occurrence.about == "logo" or addresses.says(self.group.variants[0].url, "theme")

    @property
    def is_elsewhere(self) -> bool:
        """Whether an attribute names a URL that is not an image's: a page, a widget."""
        return self.occurrence.kind == "attribute" and not any(looks_like_image(v.url) for v in self.group.variants)

    @property
    def _names_author(self) -> bool:
        """Return whether the alternative text is an author's name, give or take a few words for a small picture."""
        said = (self.occurrence.alt or "").strip().casefold()
        room = _BESIDE_NAME if 0 < (self.width or 0) <= _PORTRAIT else 0
        return any(author in said and len(said) <= len(author) + room for author in self.context.authors)

    def _is_portrait_of(self, i: int) -> bool:
        """Return whether an element is about this picture: it is in the card, or is a box with little text."""
        if i >= self.card:
            return True
        return self.context.pictures_in(i) <= 1 and self._dom.text(i) <= _CARD_TEXT

    def _around(self) -> tuple[int, ...]:
        """Return the picture's ancestors that do not also hold the article, the nearest first."""
        found = []
        for i in islice(self._dom.up(self.number), _REACH):
            if self.context.holds_article(i):
                break
            found.append(i)
        return tuple(found)

    @cached_property
    def card(self) -> int:
        """The largest element around the picture that shows no other one and holds none of the article."""
        card = self.number
        for i in self.around[:_CARD_REACH]:
            if self._is_crowded(i):
                break
            card = i
        return card

    def _is_crowded(self, i: int) -> bool:
        found, context = self.context.regions, self.context
        if context.pictures_in(i) > 1 or context.paragraphs_in(i) or self._dom.text(i) > _CARD_TEXT:
            return True
        if found and found.headline is not None and self._dom.holds(i, found.headline):
            return True
        return self._dom.tags[i] == "header" and context.paragraphs_in(self._dom.parent[i]) > 0

    @property
    def _hints(self) -> frozenset[str]:
        return self.context.hints_around(self.number)

    @property
    def _figure(self) -> int | None:
        return next((i for i in self.around if self._dom.tags[i] == "figure"), None)

    @cached_property
    def _heading(self) -> bool:
        return self._has_inside(self.card, self.context.telling_headings)

    @property
    def _is_box(self) -> bool:
        """Whether the card shows a large picture under its heading and links nowhere: a box of the article."""
        if (self.width or 0) < _BOX or self._leads_away:
            return False
        return not self._has_inside(self.card, self.context.index.tagged("a", "button", "form", "audio"))

    @cached_property
    def _leads_away(self) -> bool:
        return self.context.leads_away(self.occurrence.link) and not self._is_its_page(self.occurrence.link or "")

    def _is_its_page(self, link: str) -> bool:
        """Return whether a link leads to the picture's own page, which has the picture's name."""
        stem = urls.stem(link).lower()
        return len(stem) > 8 and stem in self.group.addresses

    def _has_inside(self, holder: int, numbers: Sequence[int]) -> bool:
        """Return whether one of the sorted *numbers* is *holder* or inside it."""
        first = bisect_left(numbers, holder)
        return first < len(numbers) and numbers[first] < self._dom.end[holder]

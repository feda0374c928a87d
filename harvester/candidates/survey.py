"""What every extractor reads: the page as numbered elements, sorted by tag once, and its way of resolving URLs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property

from harvester.candidates import lazy
from harvester.candidates.outline import Outline
from harvester.markup import Document
from harvester.model import Article
from harvester.steps import Offer


class Survey:
    """A page made ready to be searched for pictures."""

    def __init__(self, document: Document, article: Article, offers: tuple[Offer, ...], outline: Outline) -> None:
        self.document = document
        self.article = article
        self.offers = offers
        self.outline = outline
        self.attributes = outline.attributes
        self._tagged: dict[str, list[int]] = {}
        for number, tag in enumerate(outline.tags):
            self._tagged.setdefault(tag, []).append(number)
        self._resolved: dict[str, str | None] = {}
        self.unread: list[str] = []

    @property
    def tags(self) -> Iterable[str]:
        """Every tag that the page has."""
        return self._tagged

    def tagged(self, *tags: str) -> Sequence[int]:
        """Give the numbers of the elements with one of *tags*, in document order."""
        if len(tags) == 1:
            return self._tagged.get(tags[0], ())
        return sorted(number for tag in tags for number in self._tagged.get(tag, ()))

    def resolve(self, url: str) -> str | None:
        """Give *url* as a browser would ask for it, or None when it is none for the network."""
        if url not in self._resolved:
            self._resolved[url] = self.document.resolve(url)
        return self._resolved[url]

    def script_text(self, number: int) -> str:
        """Give the text of the script or style *number* as it stands."""
        return self.outline.nodes[number].text(deep=True) or ""

    def not_read(self, why: str) -> None:
        """Note that a part of the page was too large to be read."""
        self.unread.append(why)

    def within(self, number: int, *tags: str, reach: int = 12) -> int | None:
        """Give the nearest ancestor of *number* with one of *tags*, at most *reach* levels up."""
        parent, names = self.outline.parent, self.outline.tags
        for _ in range(reach):
            number = parent[number]
            if number < 0:
                return None
            if names[number] in tags:
                return number
        return None

    def between(self, numbers: Sequence[int], container: int) -> Sequence[int]:
        """Give those of the sorted *numbers* that stand in *container*."""
        return numbers[bisect_left(numbers, container + 1) : bisect_left(numbers, self.outline.end[container])]

    @cached_property
    def styled(self) -> list[tuple[int, str]]:
        """The elements whose style attribute names a picture, with the attribute."""
        found = ((number, self.attributes(number).get("style") or "") for number in range(len(self.outline.nodes)))
        return [(number, style) for number, style in found if "url(" in style or "image-set(" in style]

    def is_shared(self, url: str) -> bool:
        """Say whether elements that load different pictures later all show *url* first."""
        return len(self._loaded_behind.get(url, ())) > 1

    @cached_property
    def _loaded_behind(self) -> dict[str | None, set[str]]:
        found: dict[str | None, set[str]] = {}
        for number in self.tagged("img"):
            attributes = self.attributes(number)
            first = next((value for _, value, certain in lazy.later(attributes) if certain), None)
            if first and attributes.get("src"):
                found.setdefault(self.resolve(attributes["src"] or ""), set()).add(first)
        return found

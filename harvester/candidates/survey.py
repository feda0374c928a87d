"""What every extractor reads: the page as numbered elements, sorted by tag once, and its way of resolving URLs."""

from __future__ import annotations

from harvester import urls
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
        self._tagged: dict[str, list[int]] = {}
        for number, tag in enumerate(outline.tags):
            self._tagged.setdefault(tag, []).append(number)
        self._resolved: dict[str, str | None] = {}

    def tagged(self, *tags: str) -> list[int]:
        """Give the numbers of the elements with one of *tags*, in document order."""
        if len(tags) == 1:
            return self._tagged.get(tags[0], [])
        return sorted(number for tag in tags for number in self._tagged.get(tag, ()))

    def resolve(self, url: str) -> str | None:
        """Give *url* as a browser would ask for it, or None when it is not one for the network."""
        if url not in self._resolved:
            self._resolved[url] = urls.resolve_web(url, self.document.base_url)
        return self._resolved[url]

    def within(self, number: int, *tags: str, reach: int = 12) -> int | None:
        """Give the nearest ancestor of *number* with one of *tags*, at most *reach* levels up."""
        return next(
            (i for i, _ in zip(self.outline.up(number), range(reach), strict=False) if self.outline.tags[i] in tags),
            None,
        )

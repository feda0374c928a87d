"""What every extractor reads: the page's elements, sorted by tag once, and its URLs, resolved once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from harvester.candidates.page import lazy
from harvester.candidates.page.budget import FEE, Budget
from harvester.candidates.page.dom import MOST_ELEMENTS, Dom
from harvester.candidates.page.lazy import names_in
from harvester.markup import Document
from harvester.model import Article
from harvester.steps import Offer

NEIGHBOURS = 4  # how many neighbours are considered, so that a broken page costs no more than a sound one
_STYLED = '[style*="url(" i], [style*="image-set(" i]'
# Elements of the head, of text and of drawings, and those whose attributes are not about pictures.
_WITHOUT_PICTURES = names_in(
    "html head body title meta link script style noscript template source track param iframe object embed "
    "p br hr b em strong small s u sub sup q cite code pre abbr time center font blockquote "
    "h1 h2 h3 h4 h5 h6 dl dt dd tr th tbody thead tfoot caption label select option textarea "
    "svg g path use defs symbol rect circle ellipse line polyline polygon lineargradient stop clippath mask"
)
# Attributes to which HTML gives another meaning, or that the extractor of their element reads.
_ORDINARY = names_in(
    "class id style href src srcset alt title rel type content value action cite d points viewbox xmlns xmlns:xlink "
    "xlink:href aria-label property itemtype datetime onclick onload onerror placeholder target "
    "width height sizes loading decoding fetchpriority role tabindex dir lang hidden aria-hidden itemprop itemscope"
)


class PageIndex:
    """A page prepared for the search for pictures."""

    def __init__(
        self,
        document: Document,
        article: Article,
        offers: tuple[Offer, ...],
        dom: Dom,
        budget: Budget | None = None,
    ) -> None:
        self.document = document
        self.article = article
        self.offers = offers
        self.dom = dom
        self.attributes = dom.attributes
        self._tagged: defaultdict[str, list[int]] = defaultdict(list)
        for number, tag in enumerate(dom.tags):
            self._tagged[tag].append(number)
        self._resolved: dict[str, str | None] = {}
        self._sorted: dict[tuple[str, ...], list[int]] = {}
        self.budget = budget or Budget()
        if len(dom.nodes) >= MOST_ELEMENTS:
            self.budget.note("elements", f"what follows element {MOST_ELEMENTS:,}")

    @property
    def tags(self) -> Iterable[str]:
        """Every tag that the page has."""
        return self._tagged

    def tagged(self, *tags: str) -> Sequence[int]:
        """Return the numbers of the elements with one of *tags*, in document order."""
        if len(tags) == 1:
            return self._tagged.get(tags[0], ())
        if tags not in self._sorted:
            self._sorted[tags] = sorted(number for tag in tags for number in self._tagged.get(tag, ()))
        return self._sorted[tags]

    def resolve(self, url: str) -> str | None:
        """Return *url* as a browser would request it, or None when it is not one for the network."""
        if url not in self._resolved:
            self._resolved[url] = self.document.resolve(url)
        return self._resolved[url]

    def script_text(self, number: int) -> str:
        """Return the raw text of the script or style element *number*."""
        return self.dom.nodes[number].text(deep=True)

    def has_room_for(self, text: str, origin: str) -> bool:
        """Charge the length of *text* and a fee, and return whether it may still be parsed."""
        return self.budget.takes("inside", len(text) + FEE, f"{origin} of {len(text):,} characters")

    def within(self, number: int, *tags: str, reach: int = 12) -> int | None:
        """Return the nearest ancestor of *number* with one of *tags*, at most *reach* levels up."""
        if self._tagged.keys().isdisjoint(tags):
            return None
        parent, names = self.dom.parent, self.dom.tags
        for _ in range(reach):
            number = parent[number]
            if number < 0:
                return None
            if names[number] in tags:
                return number
        return None

    def between(self, numbers: Sequence[int], container: int) -> Sequence[int]:
        """Return those of the sorted *numbers* that are inside *container*."""
        return numbers[bisect_left(numbers, container + 1) : bisect_left(numbers, self.dom.end[container])]

    def last_in(self, numbers: Sequence[int], container: int) -> int | None:
        """Return the last of the sorted *numbers* that is inside *container*."""
        end = bisect_left(numbers, self.dom.end[container])
        return numbers[end - 1] if end and numbers[end - 1] > container else None

    @cached_property
    def carried(self) -> list[tuple[int, str, str]]:
        """Attributes that may hold a URL although HTML does not define them for one: element, name and value."""
        dom = self.dom
        return [
            (number, name, value)
            for number, tag in enumerate(dom.tags)
            if tag not in _WITHOUT_PICTURES and not _ORDINARY.issuperset(attributes := dom.attributes(number))
            for name, value in attributes.items()
            if value and name not in _ORDINARY and "/" in value
        ]

    @cached_property
    def styled(self) -> list[tuple[int, str]]:
        """The elements whose style attribute names a picture, with the attribute."""
        found = ((self.dom.number(node), node) for node in self.document.css(_STYLED))
        return sorted((number, node.attributes["style"] or "") for number, node in found if number is not None)

    def after(self, numbers: Sequence[int], number: int, container: int) -> Sequence[int]:
        """Return the next few of the sorted *numbers* after *number* in *container*."""
        first = bisect_right(numbers, number)
        return numbers[first : min(first + NEIGHBOURS, bisect_left(numbers, self.dom.end[container]))]

    def before(self, numbers: Sequence[int], number: int, container: int) -> Sequence[int]:
        """Return the last few of the sorted *numbers* before *number* in *container*."""
        end = bisect_left(numbers, number)
        return numbers[max(end - NEIGHBOURS, bisect_right(numbers, container)) : end]

    def is_shared(self, url: str) -> bool:
        """Return whether several elements that load different pictures later all show *url* first."""
        return len(self._loaded_after.get(url, ())) > 1

    @cached_property
    def _loaded_after(self) -> dict[str | None, set[str]]:
        found: dict[str | None, set[str]] = {}
        for number in self.tagged("img"):
            attributes = self.attributes(number)
            first = next((value for _, value, certain in lazy.later(attributes) if certain), None)
            if first and attributes.get("src"):
                found.setdefault(self.resolve(attributes["src"] or ""), set()).add(first)
        return found

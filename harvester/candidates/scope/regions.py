"""Where the article is: its headline, the element that holds its text, and its paragraphs.

The text is found from where paragraphs are dense, not from what elements are called: `<article>` and `<main>` stand
around teasers as well.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, islice

from msgspec import Struct

from harvester.candidates.page.dom import Dom
from harvester.candidates.page.index import PageIndex

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

_SHORTEST = 40  # characters of a paragraph; shorter ones are labels
_LINKED = 0.45  # of a paragraph's text; what is linked more is a list of links
_SHARE = 0.6  # of the text that an element must hold so that the search goes on in it
_BLOCKS_DEEP = 5  # levels around the text in which its blocks may stand side by side
_COMMON = 3  # words that a headline and the title must share
_LITTLE = 400  # characters in `p` below which other blocks are taken for paragraphs too
_FURNITURE = ("nav", "footer", "aside", "form", "figcaption", "button", "address", "dialog")
_COMMENT_REACH = 6  # levels from a paragraph to what is called a comment
_COMMENTS = frozenset(
    "comment comments comment-list commentlist comments-list comments-area comments-section comment-section "
    "comment-item comment-body comment-content comment-text user-comments user-comment kommentar kommentare".split()
)
_BLOCKS = ("div", "td", "li", "section", "article", "blockquote", "dd", "main", "body", "font", "center", "span")


class Regions(Struct, frozen=True, kw_only=True):
    """Numbers of elements: *body* holds the article's text, *paragraphs* are in it; *headline* may be missing."""

    headline: int | None
    body: int
    paragraphs: tuple[int, ...]


def regions(survey: PageIndex) -> Regions | None:
    """Find the article of a page; None where nothing reads like one, as on a front page."""
    paragraphs = _paragraphs(survey)
    if not paragraphs:
        return None
    headline, under = _titled(survey, paragraphs)
    body = _with_its_like(survey.outline, _densest(survey.outline, under), under)
    inside = tuple(survey.between(under, body)) or (body,)
    return Regions(headline=headline or _above(survey, inside[0]), body=body, paragraphs=inside)


def _paragraphs(survey: PageIndex) -> list[int]:
    """Find what reads like a paragraph of an article: `p`, and other blocks where a page does without."""
    outline, comments = survey.outline, Comments(survey.outline)
    found = [i for i in survey.tagged("p") if _reads(survey, comments, i, outline.text(i))]
    if sum(map(outline.text, found)) >= _LITTLE:
        return found
    blocks = (i for i in survey.tagged(*_BLOCKS) if _reads(survey, comments, i, outline.own_text(i)))
    return sorted({*found, *blocks})


def _reads(survey: PageIndex, comments: Comments, i: int, length: int) -> bool:
    outline = survey.outline
    if length < _SHORTEST or outline.linked(i) >= _LINKED * outline.text(i):
        return False
    return survey.within(i, *_FURNITURE) is None and not _announces(outline, i) and not comments.hold(i)


class Comments:
    """Which blocks of a page are called comments; each is asked once for all paragraphs in it."""

    def __init__(self, outline: Dom) -> None:
        self._outline = outline
        self._called: dict[int, bool] = {}

    def hold(self, paragraph: int) -> bool:
        """Say whether a paragraph is what a reader wrote below the article."""
        return any(self._is_called(block) for block in islice(self._outline.up(paragraph), _COMMENT_REACH))

    def _is_called(self, block: int) -> bool:
        known = self._called.get(block)
        if known is None:
            attributes = self._outline.attributes(block)
            names = filter(None, (attributes.get("class"), attributes.get("id")))
            known = any("omment" in name and not _COMMENTS.isdisjoint(name.lower().split()) for name in names)
            self._called[block] = known
        return known


def _announces(outline: Dom, i: int) -> bool:
    """Say whether a paragraph belongs to a teaser: a linked heading stands before it in the same small block."""
    for block in islice(outline.up(i), 3):
        if outline.text(block) > 3 * outline.text(i) + 200 or i - block > 60:
            return False
        if any(outline.tags[j] in HEADINGS and outline.linked(j) > 10 for j in range(block + 1, i)):
            return True
    return False


def _titled(survey: PageIndex, paragraphs: list[int]) -> tuple[int | None, list[int]]:
    """Give the headline that says the page's title, and the paragraphs under it, which end at another headline."""
    outline = survey.outline
    headlines = [i for i in survey.tagged("h1") if outline.text(i)]
    title = survey.article.title or _text(outline, survey.tagged("title")[:1])
    ours = {i: None for i in headlines if _says(_text(outline, (i,)), title)}
    if not ours:
        return None, paragraphs
    first = next(iter(ours))
    end = next((i for i in headlines if i > first and i not in ours), len(outline.tags))
    under = [i for i in paragraphs if first < i < end]
    enough = sum(map(outline.text, under)) >= _LITTLE
    if not enough and paragraphs[0] < first:
        return None, paragraphs
    return first, under if enough else paragraphs


def _text(outline: Dom, numbers: Iterable[int]) -> str:
    return " ".join(outline.nodes[i].text() for i in numbers)


def _says(headline: str, title: str) -> bool:
    """Say whether a headline is the page's title, but for what either says besides."""
    said, wanted = (re.findall(r"\w+", text.lower()) for text in (headline, title))
    common = len(set(said) & set(wanted))
    return said == wanted or (common >= _COMMON and common * 2 > min(len(said), len(wanted)))


def _densest(outline: Dom, paragraphs: Sequence[int]) -> int:
    """Give the smallest element that still holds most of the text: the search goes down to the child that has most."""
    ends = frozenset(paragraphs)
    total = list(accumulate(map(outline.text, paragraphs), initial=0))

    def prose(i: int) -> int:
        return total[bisect_left(paragraphs, outline.end[i])] - total[bisect_left(paragraphs, i)]

    holder, inner = 0, 0
    while inner not in ends:
        holder, inner = inner, max(outline.children(inner), key=prose, default=inner)
        if inner == holder or prose(inner) < _SHARE * prose(holder):
            break
    return holder


def _with_its_like(outline: Dom, body: int, paragraphs: Sequence[int]) -> int:
    """Give what holds *body* together with elements beside it that are called alike and hold paragraphs as well.

    Page builders lay a text out in many blocks, with the pictures between them.
    """
    inner = body
    for holder in islice(outline.up(body), _BLOCKS_DEEP):
        texts = (i for i in outline.behind(inner) if _holds_some(paragraphs, i, outline.end[i]))
        if _is_plain(outline, inner) and any(_is_like(outline, i, inner) and _is_plain(outline, i) for i in texts):
            return holder
        inner = holder
    return body


def _is_like(outline: Dom, one: int, other: int) -> bool:
    """Say whether two elements have the tag and most of the classes in common."""
    if outline.tags[one] != outline.tags[other] or outline.tags[one] not in ("div", "section"):
        return False
    first, second = (set((outline.attributes(i).get("class") or "").split()) for i in (one, other))
    return bool(first) and 2 * len(first & second) >= max(len(first), len(second))


def _is_plain(outline: Dom, block: int) -> bool:
    """Say whether a block is nothing but text: no article of its own, no heading that leads elsewhere."""
    inside = range(block, outline.end[block])
    return not any(
        outline.tags[i] in ("h1", "article", "form", "time") or (outline.tags[i] in HEADINGS and outline.linked(i))
        for i in inside
    )


def _holds_some(paragraphs: Sequence[int], start: int, end: int) -> bool:
    return bisect_left(paragraphs, start) < bisect_left(paragraphs, end)


def _above(survey: PageIndex, paragraph: int) -> int | None:
    """Give the last `h1` before the text."""
    return max((i for i in survey.tagged("h1") if i < paragraph and survey.outline.text(i)), default=None)

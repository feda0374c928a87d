"""Where the article is: its headline, the element that holds its text, and its paragraphs.

The text is found by the density of paragraphs, not by the names of elements: `<article>` and `<main>` are wrapped
around teasers too.
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
_LINKED = 0.45  # of a paragraph's text; with more than this linked, it is a list of links
_SHARE = 0.6  # of the text that an element must hold for the search to go on inside it
_BLOCKS_DEEP = 5  # levels around the text at which its blocks may be side by side
_COMMON = 3  # words that a headline and the title must share
_LITTLE = 400  # characters in `p` elements; with fewer, other blocks count as paragraphs too
_FURNITURE = ("nav", "footer", "aside", "form", "figcaption", "button", "address", "dialog")
_COMMENT_REACH = 6  # levels from a paragraph up to the comment that it is in
_COMMENTS = frozenset(
    "comment comments comment-list commentlist comments-list comments-area comments-section comment-section "
    "comment-item comment-body comment-content comment-text user-comments user-comment kommentar kommentare".split()
)
_BLOCKS = ("div", "td", "li", "section", "article", "blockquote", "dd", "main", "body", "font", "center", "span")


class Regions(Struct, frozen=True, kw_only=True):
    """Numbers of elements: *body* holds the article's text, *paragraphs* are in it; *headline* may be None."""

    headline: int | None
    body: int
    paragraphs: tuple[int, ...]


def regions(index: PageIndex) -> Regions | None:
    """Return the regions of a page's article; None where nothing reads like one, as on a front page."""
    paragraphs = _paragraphs(index)
    if not paragraphs:
        return None
    headline, under = _under_headline(index, paragraphs)
    body = _with_siblings(index.dom, _densest(index.dom, under), under)
    inside = tuple(index.between(under, body)) or (body,)
    return Regions(headline=headline or _headline_above(index, inside[0]), body=body, paragraphs=inside)


def _paragraphs(index: PageIndex) -> list[int]:
    """Return what reads like a paragraph of an article: `p` and, where a page hardly uses it, other blocks."""
    dom, comments = index.dom, Comments(index.dom)
    found = [i for i in index.tagged("p") if _reads_like_article(index, comments, i, dom.text(i))]
    if sum(map(dom.text, found)) >= _LITTLE:
        return found
    blocks = (i for i in index.tagged(*_BLOCKS) if _reads_like_article(index, comments, i, dom.own_text(i)))
    return sorted({*found, *blocks})


def _reads_like_article(index: PageIndex, comments: Comments, i: int, length: int) -> bool:
    dom = index.dom
    if length < _SHORTEST or dom.linked(i) >= _LINKED * dom.text(i):
        return False
    return index.within(i, *_FURNITURE) is None and not _is_in_teaser(dom, i) and not comments.hold(i)


class Comments:
    """Which blocks of a page are named as comments; each block is judged once for all its paragraphs."""

    def __init__(self, dom: Dom) -> None:
        self._dom = dom
        self._known: dict[int, bool] = {}

    def hold(self, paragraph: int) -> bool:
        """Return whether a paragraph is part of a reader's comment."""
        return any(self._is_comment(block) for block in islice(self._dom.up(paragraph), _COMMENT_REACH))

    def _is_comment(self, block: int) -> bool:
        known = self._known.get(block)
        if known is None:
            attributes = self._dom.attributes(block)
            names = filter(None, (attributes.get("class"), attributes.get("id")))
            known = any("omment" in name and not _COMMENTS.isdisjoint(name.lower().split()) for name in names)
            self._known[block] = known
        return known


def _is_in_teaser(dom: Dom, i: int) -> bool:
    """Return whether a paragraph belongs to a teaser: a linked heading comes before it in the same small block."""
    for block in islice(dom.up(i), 3):
        if dom.text(block) > 3 * dom.text(i) + 200 or i - block > 60:
            return False
        if any(dom.tags[j] in HEADINGS and dom.linked(j) > 10 for j in range(block + 1, i)):
            return True
    return False


def _under_headline(index: PageIndex, paragraphs: list[int]) -> tuple[int | None, list[int]]:
    """Return the headline that matches the page's title, and the paragraphs from there to the next headline."""
    dom = index.dom
    headlines = [i for i in index.tagged("h1") if dom.text(i)]
    title = index.article.title or _text(dom, index.tagged("title")[:1])
    ours = {i: None for i in headlines if _matches_title(_text(dom, (i,)), title)}
    if not ours:
        return None, paragraphs
    first = next(iter(ours))
    end = next((i for i in headlines if i > first and i not in ours), len(dom.tags))
    under = [i for i in paragraphs if first < i < end]
    enough = sum(map(dom.text, under)) >= _LITTLE
    if not enough and paragraphs[0] < first:
        return None, paragraphs
    return first, under if enough else paragraphs


def _text(dom: Dom, numbers: Iterable[int]) -> str:
    return " ".join(dom.nodes[i].text() for i in numbers)


def _matches_title(headline: str, title: str) -> bool:
    """Return whether a headline matches the page's title, whatever else either of them says."""
    said, wanted = (re.findall(r"\w+", text.lower()) for text in (headline, title))
    common = len(set(said) & set(wanted))
    return said == wanted or (common >= _COMMON and common * 2 > min(len(said), len(wanted)))


def _densest(dom: Dom, paragraphs: Sequence[int]) -> int:
    """Return the smallest element that still holds most of the text, descending into the child with the most."""
    ends = frozenset(paragraphs)
    total = list(accumulate(map(dom.text, paragraphs), initial=0))

    def prose(i: int) -> int:
        return total[bisect_left(paragraphs, dom.end[i])] - total[bisect_left(paragraphs, i)]

    holder, inner = 0, 0
    while inner not in ends:
        holder, inner = inner, max(dom.children(inner), key=prose, default=inner)
        if inner == holder or prose(inner) < _SHARE * prose(holder):
            break
    return holder


def _with_siblings(dom: Dom, body: int, paragraphs: Sequence[int]) -> int:
    """Return the element that holds *body* and similar siblings with paragraphs of their own; else *body*.

    Page builders lay a text out in many blocks, with pictures between them.
    """
    inner = body
    for holder in islice(dom.up(body), _BLOCKS_DEEP):
        texts = (i for i in dom.behind(inner) if _holds_some(paragraphs, i, dom.end[i]))
        if _is_plain(dom, inner) and any(_is_like(dom, i, inner) and _is_plain(dom, i) for i in texts):
            return holder
        inner = holder
    return body


def _is_like(dom: Dom, one: int, other: int) -> bool:
    """Return whether two elements have the same tag and share most of their classes."""
    if dom.tags[one] != dom.tags[other] or dom.tags[one] not in ("div", "section"):
        return False
    first, second = (set((dom.attributes(i).get("class") or "").split()) for i in (one, other))
    return bool(first) and 2 * len(first & second) >= max(len(first), len(second))


def _is_plain(dom: Dom, block: int) -> bool:
    """Return whether a block is plain text: no article of its own, no heading that links elsewhere."""
    inside = range(block, dom.end[block])
    return not any(
        dom.tags[i] in ("h1", "article", "form", "time") or (dom.tags[i] in HEADINGS and dom.linked(i)) for i in inside
    )


def _holds_some(paragraphs: Sequence[int], start: int, end: int) -> bool:
    return bisect_left(paragraphs, start) < bisect_left(paragraphs, end)


def _headline_above(index: PageIndex, paragraph: int) -> int | None:
    """Return the last `h1` before the text."""
    return max((i for i in index.tagged("h1") if i < paragraph and index.dom.text(i)), default=None)

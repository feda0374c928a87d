"""The caption and the credit that a page gives a picture.

A caption is in an element near the picture that is named as one; else it is the text of the figure. A credit is in an
element that is named as one; else it is at the end of the caption (`credit_line`). The alternative text is no caption.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from html import unescape
from itertools import islice
from typing import NamedTuple

from harvester.candidates.captions import credit_line
from harvester.candidates.captions.button_labels import is_service
from harvester.candidates.captions.unmarked import below
from harvester.candidates.captions.visible_text import pieces
from harvester.candidates.page.dom import Dom
from harvester.candidates.page.occurrence import SHOWN, Group, Occurrence

LONGEST = 1500  # characters; anything longer is text of the article
_REACH = 7  # ancestors of a picture that are considered
_MOST_ELEMENTS = 300  # elements of an ancestor that is considered
_APART = 100  # characters allowed between a picture and an element named as its caption
_UNNAMED = 400  # characters of text in a figure that may be a caption although no element is named so
_CARD = 250  # characters in an element whose few words describe the picture
_LABEL = 80  # characters of these words
_LONGEST_CREDIT = 200

_CAPTION = re.compile(
    r"caption|legend|cutline|bildunterschrift|bildtext|bu-?text|pie-?(?:de-)?foto|leyenda"
    r"|didascalia|bijschrift|bildetekst|billedtekst|kuvateksti|podpis|popisek|(?:ima?ge?|photo|foto|bild)[-_]*(?:text|info|desc)"
)
_CREDIT = re.compile(
    r"credit|copyright|(?<!re)source|byline|aut(?:h?or)(?!i[tz])|photographer|fotograf|quelle|urheber|nachweis|rechte"
    r"|attribution|distributor|agency|agentur|courtesy|licen[cs]e|rights|fuente|zdroj|forras"
)
_OF_PICTURES = re.compile(r"credit|copyright|photo|foto|bild|rights|rechte|nachweis|attribution")
_PICTURE = re.compile(r"ima?ge?|phot|foto|bild|picture|\bpic\b|media|figure|galler|galerie|slide")
_LINK = 3  # ancestors of a picture searched for the link around it
# Jetpack, Fancybox, lightGallery and the like; attributes that on some sites hold no caption (titles) are left out.
_CAPTION_ATTRIBUTES = ("data-caption", "data-image-caption", "data-fancybox-caption", "data-sub-html")
_TAG = re.compile(r"<[^<>]*>")
_NO_LABEL = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "time"))
_NO_TEXT = frozenset(("img", "picture", "figure", "source", "svg", "meta", "noscript"))


class NamedAs(NamedTuple):
    """What the names of an element say it is."""

    caption: bool
    credit: bool
    credit_of_picture: bool
    picture: bool


def caption_of(dom: Dom, group: Group, pictures: Sequence[int] = ()) -> tuple[str | None, str | None]:
    """Return the caption of a picture, without its credit, and the credit.

    *pictures* are the sorted numbers of the elements that show pictures: the search stops at another picture.
    """
    caption = credit = None
    for occurrence in sorted(group.occurrences, key=lambda occurrence: occurrence.kind not in SHOWN):
        said, credited = _caption_at(dom, occurrence, group.first.number, pictures)
        caption, credit = caption or said, credit or credited
        if caption and credit:
            break
    return caption, credit or _beside_the_alternative(dom, group)


def beside(dom: Dom, picture: int, own: int, pictures: Sequence[int]) -> tuple[str | None, str | None]:
    """Return the caption beside a picture, and the credit inside it, at its end or near it.

    *own* is the member of the sorted *pictures* that shows this picture.
    """
    levels = list(_levels(dom, picture, own, pictures))
    named_captions = _captions(dom, picture, levels)
    captions = named_captions or _labels(dom, levels)
    inside = [i for caption in captions for i in _outermost(dom, caption, -1, _credits_in(caption))]
    links = [] if named_captions else [i for label in captions for i in _outermost(dom, label, -1, _is_link)]
    said = (piece for caption in captions for piece in _caption_pieces(dom, caption, [*inside, *links]))
    caption, credit = credit_line.cut(list(dict.fromkeys(said)))
    crediting = inside or ([] if credit else _credits(dom, (picture, *captions), levels))
    credit = credit_line.joined(filter(None, (_joined_credits(dom, crediting), credit)))
    caption = None if caption == credit else caption
    if credit is None:
        lower, credit = below(dom, picture)
        caption = caption or lower
    return caption, credit


def _caption_at(dom: Dom, occurrence: Occurrence, own: int, pictures: Sequence[int]) -> tuple[str | None, str | None]:
    is_shown = occurrence.kind in SHOWN and occurrence.node is not None
    caption, credit = beside(dom, occurrence.number, own, pictures) if is_shown else (None, None)
    stated = occurrence.caption or (_full_view_caption(dom, occurrence.number) if is_shown and not caption else None)
    said, credited = credit_line.cut([stated]) if stated and not caption else (None, None)
    declared = credit_line.without_mark(occurrence.credit) or None if occurrence.credit else credited
    return caption or said, credit or declared


def _full_view_caption(dom: Dom, picture: int) -> str | None:
    """Return the caption for the full view in an attribute of a picture or its link; a selector does not count."""
    near = (picture, *(i for i in islice(dom.up(picture), _LINK) if dom.tags[i] == "a"))
    stated = (dom.attributes(i).get(name) for i in near for name in _CAPTION_ATTRIBUTES)
    texts = (" ".join(unescape(_TAG.sub(" ", text)).split()) for text in stated if text)
    return next((text for text in texts if 0 < len(text) <= LONGEST and text[0] not in ".#"), None)


def _levels(dom: Dom, picture: int, own: int, pictures: Sequence[int]) -> Iterator[int]:
    """Yield the ancestors of *picture* that may hold its caption, the nearest first.

    Beyond another picture only a figure around both counts, whose caption is that of all its pictures.
    """
    for level in islice(dom.up(picture), _REACH):
        end = dom.end[level]
        if dom.text(level) > LONGEST or end - level > _MOST_ELEMENTS:
            return
        shown = bisect_left(pictures, end) - bisect_left(pictures, level)
        if shown <= dom.holds(level, own) or dom.tags[level] == "figure":
            yield level


def _captions(dom: Dom, picture: int, levels: Sequence[int]) -> list[int]:
    """Return the nearest elements named as the caption of *picture*, else the figure whose text may be one."""
    inner, figure = picture, []
    for level in levels:
        named = [i for i in _outermost(dom, level, inner, _is_caption) if _is_near(dom, i, picture)]
        if any(pieces(dom, i) for i in named):
            return [i for i in named if dom.tags[i] == "figcaption"] or named
        if _is_figure(dom, level) and _may_caption(dom, level):
            figure = [level]
        inner = level
    return figure


def _caption_pieces(dom: Dom, caption: int, without: Sequence[int]) -> Iterator[str]:
    """Yield the text of a caption piece by piece; if it is not named as one, without names of sharing services."""
    for piece in pieces(dom, caption, without):
        if _is_caption(dom, caption) or not is_service(piece):
            yield piece


def _labels(dom: Dom, levels: Sequence[int]) -> list[int]:
    """Return the largest element around a picture with a credit and a few more words, which say what is shown."""
    label: list[int] = []
    for level in levels:
        if dom.text(level) > _CARD or any(dom.tags[i] in _NO_LABEL for i in range(level, dom.end[level])):
            break
        is_credited = any(True for _ in _outermost(dom, level, -1, _credits_in(level)))
        if is_credited and 0 < dom.text(level) - dom.linked(level) <= _LABEL:
            label = [level]
    return label


def _credits(dom: Dom, picture_and_captions: Sequence[int], levels: Sequence[int]) -> list[int]:
    """Return the nearest elements to a picture that are named as a credit and are outside its captions."""
    inner = picture_and_captions[0]
    for level in levels:
        named = [
            i
            for i in _outermost(dom, level, inner, _credits_in(level))
            if any(_is_near(dom, i, other) for other in picture_and_captions)
            and not any(dom.holds(i, other) or dom.holds(other, i) for other in picture_and_captions[1:])
            and (_is_figure(dom, level) or _named_as(dom, i).credit_of_picture)
        ]
        if named:
            return named
        inner = level
    return []


def _outermost(dom: Dom, holder: int, hole: int, is_wanted: Callable[[Dom, int], bool]) -> Iterator[int]:
    """Yield the outermost wanted elements with text inside *holder* that neither contain *hole* nor are inside it."""
    i = holder + 1
    while i < dom.end[holder]:
        if i == hole or (dom.tags[i] in _NO_TEXT and not dom.holds(i, hole)):
            i = dom.end[i]
        elif dom.text(i) and not dom.holds(i, hole) and is_wanted(dom, i):
            yield i
            i = dom.end[i]
        else:
            i += 1


def _is_near(dom: Dom, one: int, other: int) -> bool:
    first, second = sorted((one, other))
    return dom.text_between(dom.end[first], second) <= _APART


def _is_caption(dom: Dom, i: int) -> bool:
    return dom.tags[i] == "figcaption" or _named_as(dom, i).caption


def _credits_in(holder: int) -> Callable[[Dom, int], bool]:
    """Return a test of whether an element is named as a credit, is short enough for one, and holds no caption.

    Apply it to the elements of *holder* in order, so that each is examined only once.
    """
    caption = -1  # the first caption after the last element tested

    def is_credit(dom: Dom, i: int) -> bool:
        nonlocal caption
        if not (dom.tags[i] == "cite" or _named_as(dom, i).credit) or dom.text(i) > _LONGEST_CREDIT:
            return False
        if caption <= i:
            behind = range(i + 1, dom.end[holder])
            caption = next((j for j in behind if _is_caption(dom, j)), dom.end[holder])
        return caption >= dom.end[i]

    return is_credit


def _is_link(dom: Dom, i: int) -> bool:
    return dom.tags[i] == "a"


def _is_figure(dom: Dom, i: int) -> bool:
    return dom.tags[i] == "figure" or _named_as(dom, i).picture


def _may_caption(dom: Dom, figure: int) -> bool:
    """Return whether the whole text of *figure* may be a caption: it is short, and not a list of links."""
    text = dom.text(figure)
    return 0 < text <= _UNNAMED and dom.linked(figure) <= text / 2


def _named_as(dom: Dom, i: int) -> NamedAs:
    """Return what an element is named as, by its class, its `itemprop` and its `data-testid`."""
    attributes = dom.attributes(i)
    return _read_names(attributes.get("class"), attributes.get("itemprop"), attributes.get("data-testid"))


@lru_cache(maxsize=2048)
def _read_names(*names: str | None) -> NamedAs:
    name = " ".join(filter(None, names)).lower()
    caption, credit = bool(_CAPTION.search(name)), bool(_CREDIT.search(name))
    return NamedAs(
        caption=caption and not credit,
        credit=credit,
        credit_of_picture=bool(_OF_PICTURES.search(name)),
        picture=caption or bool(_PICTURE.search(name)),
    )


def _joined_credits(dom: Dom, crediting: Sequence[int]) -> str | None:
    """Return the credit in elements that are named as one; adjacent elements form one name."""
    names: list[str] = []
    last = -1
    for i in crediting:
        text = " ".join(pieces(dom, i))
        if last >= 0 and dom.end[last] == i and dom.parent[last] == dom.parent[i]:
            names[-1] += (" / " if _are_parted(dom, last, i) else " ") + text
        else:
            names.append(text)
        last = i
    return credit_line.joined(map(credit_line.without_mark, names))


def _are_parted(dom: Dom, one: int, other: int) -> bool:
    """Return whether the page puts something between two neighbours, such as a slash or a bar."""
    node, end = dom.nodes[one].next, dom.nodes[other].mem_id
    while node is not None and node.mem_id != end:
        if (node.text_content or "").strip():
            return True
        node = node.next
    return False


def _beside_the_alternative(dom: Dom, group: Group) -> str | None:
    """Return the credit at the end of a picture's title or alternative text, used where there is no other."""
    for occurrence in group.occurrences:
        if occurrence.node is not None and occurrence.kind == "img":
            for text in (dom.attributes(occurrence.number).get("title"), occurrence.alt):
                said, credit = credit_line.cut([text]) if text else (None, None)
                if said and credit:
                    return credit
    return None

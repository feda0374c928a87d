"""What the page says under a picture, and whom it credits.

A caption stands in an element near the picture that is called so (`figcaption`, a class, what the picture says it is
described by), else it is what a figure says besides showing its picture. A credit stands in an element that is called
so, else at the end of the caption (`credits`). The alternative text is neither.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence

from harvester.candidates import credits
from harvester.candidates.outline import SILENT, Outline
from harvester.candidates.places import Group, Place

LONGEST = 1500  # characters; what is longer is text of the article
_REACH = 7  # ancestors of a picture that are looked at
_MOST_ELEMENTS = 300  # of an ancestor that is looked at
_APART = 100  # characters that may stand between a picture and what is called its caption
_UNCALLED = 400  # characters that a figure may say in elements that are not called its caption
_LONGEST_CREDIT = 200

_CAPTION = re.compile(
    r"caption|legend|cutline|bildunterschrift|bildtext|bu-?text|descri(?:ption|be)|pie-?(?:de-)?foto|leyenda"
    r"|didascalia|bijschrift|bildetekst|billedtekst|kuvateksti|podpis|popisek|(?:ima?ge?|photo|foto|bild)-?(?:text|info)",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"credit|copyright|(?<!re)source|byline|aut(?:h?or)(?!i[tz])|photographer|fotograf|quelle|urheber|nachweis|rechte"
    r"|attribution|distributor|agency|agentur|courtesy|licen[cs]e|rights|fuente|zdroj|forras",
    re.IGNORECASE,
)
_OF_PICTURES = re.compile(r"credit|copyright|photo|foto|bild|rights|rechte|nachweis|attribution", re.IGNORECASE)
_PICTURE = re.compile(r"ima?ge?|phot|foto|bild|picture|\bpic\b|media|figure|galler|galerie|slide", re.IGNORECASE)
_UNSEEN = re.compile(r"\b(?:sr-?only|visually-?hidden|screen-?reader)", re.IGNORECASE)
_INLINE = frozenset("a abbr b bdi cite em font i mark q s small span strong sub sup time u".split())


def caption_of(outline: Outline, group: Group, others: Sequence[int] = ()) -> tuple[str | None, str | None]:
    """Give the caption of a picture, without the credit, and the credit.

    *others* are the sorted numbers of the elements that show other pictures: a caption is not looked for beyond them.
    """
    caption = credit = None
    for place in group.places:
        said, credited = _beside(outline, place, others) if place.node is not None else _declared(place)
        caption, credit = caption or said, credit or credited
        if caption and credit:
            break
    return caption, credit


def _declared(place: Place) -> tuple[str | None, str | None]:
    """Give what a place that only speaks of the picture says of it."""
    said, credited = credits.cut([place.caption]) if place.caption else (None, None)
    return said, credits.without_mark(place.credit) if place.credit else credited


def _beside(outline: Outline, place: Place, others: Sequence[int]) -> tuple[str | None, str | None]:
    """Give what the page says beside a picture: the caption, and the credit in it, at its end or near it."""
    levels = list(_reach(outline, place.number, others))
    captions = _captions(outline, place.number, levels)
    inside = [i for caption in captions for i in _outermost(outline, caption, -1, _is_credit) if _is_short(outline, i)]
    pieces = _distinct(piece for caption in captions for piece in _pieces(outline, caption, inside))
    caption, credit = (credits.tidy(" ".join(pieces)) or None, None) if inside else credits.cut(pieces)
    crediting = inside or ([] if credit else _credits(outline, place.number, levels, captions))
    names = [" ".join(_distinct(_pieces(outline, i, ()))) for i in crediting]
    return caption, credit or credits.joined(credits.without_mark(name) for name in names)


def _captions(outline: Outline, picture: int, levels: Sequence[int]) -> list[int]:
    """Give the elements that are called a caption and stand nearest to *picture*, else the figure that says something."""
    inner, bare = picture, []
    for level in levels:
        called = [i for i in _outermost(outline, level, inner, _is_caption) if _near(outline, i, picture)]
        if called:
            return [i for i in called if outline.tags[i] == "figcaption"] or called
        if _may_caption(outline, level):
            bare = [level]
        inner = level
    return bare


def _credits(outline: Outline, picture: int, levels: Sequence[int], captions: Sequence[int]) -> list[int]:
    """Give the elements that are called a credit and stand nearest to *picture*, outside of its caption."""
    inner = picture
    for level in levels:
        called = [i for i in _outermost(outline, level, inner, _is_credit) if _near(outline, i, picture) and _is_short(outline, i) and not any(outline.holds(i, c) or outline.holds(c, i) for c in captions)]
        called = [i for i in called if _is_figure(outline, level) or _OF_PICTURES.search(_name(outline, i))]
        if called:
            return called
        inner = level
    return []

def _is_short(outline: Outline, i: int) -> bool:
    return 0 < outline.text(i) <= _LONGEST_CREDIT

def _reach(outline: Outline, picture: int, others: Sequence[int]) -> Iterator[int]:
    """Give the ancestors of *picture* that may hold its caption, the nearest first."""
    for ancestor, _ in zip(outline.up(picture), range(_REACH), strict=False):
        end = outline.end[ancestor]
        crowded = bisect_left(others, end) - bisect_left(others, ancestor)
        if crowded and outline.tags[ancestor] != "figure" or outline.text(ancestor) > LONGEST or end - ancestor > _MOST_ELEMENTS:
            return
        yield ancestor


def _outermost(outline: Outline, frame: int, hole: int, is_wanted: Callable[[Outline, int], bool]) -> Iterator[int]:
    """Give the wanted elements with text in *frame* but not in *hole*, none within another."""
    i = frame + 1
    while i < outline.end[frame]:
        if i == hole:
            i = outline.end[i]
        elif outline.text(i) and not outline.holds(i, hole) and is_wanted(outline, i):
            yield i
            i = outline.end[i]
        else:
            i += 1


def _near(outline: Outline, caption: int, picture: int) -> bool:
    first, second = sorted((caption, picture))
    return outline.text_between(outline.end[first], second) <= _APART


def _may_caption(outline: Outline, frame: int) -> bool:
    """Say whether all that *frame* says may be the caption of the picture in it."""
    text = outline.text(frame)
    return 0 < text <= _UNCALLED and outline.linked(frame) <= text / 2 and _is_figure(outline, frame)


def _is_figure(outline: Outline, i: int) -> bool:
    name = _name(outline, i)
    return outline.tags[i] == "figure" or bool(_PICTURE.search(name) or _CAPTION.search(name))


def _is_caption(outline: Outline, i: int) -> bool:
    if outline.tags[i] == "figcaption":
        return True
    name = _name(outline, i)
    return bool(_CAPTION.search(name)) and not _CREDIT.search(name)


def _is_credit(outline: Outline, i: int) -> bool:
    if outline.tags[i] == "cite":
        return True
    return bool(_CREDIT.search(_name(outline, i))) and not any(_is_caption(outline, j) for j in range(i + 1, outline.end[i]))


def _name(outline: Outline, i: int) -> str:
    """Give what an element is called: its class, the property it holds, its name for tests."""
    attributes = outline.attributes(i)
    return " ".join(filter(None, (attributes.get(key) for key in ("class", "itemprop", "data-testid"))))


def _pieces(outline: Outline, element: int, without: Sequence[int]) -> list[str]:
    """Give the text of *element* in the pieces in which it is laid out, without that of some elements in it."""
    pieces, last = [""], element
    for node in outline.nodes[element].traverse(include_text=True):
        if node.tag != "-text":
            if node.tag not in _INLINE: pieces.append("")
            continue
        parent = node.parent
        i = outline.number(parent) if parent is not None else None
        if i is None or _is_silent(outline, element, i, without):
            continue
        if i != last and (outline.tags[i] not in _INLINE or outline.tags[last] not in _INLINE or outline.tags[i]=='span' or outline.tags[last]=='span'):
            pieces.append("")
        last = i
        pieces[-1] += node.text_content or ""
    return pieces


def _is_silent(outline: Outline, element: int, i: int, without: Sequence[int]) -> bool:
    if any(outline.holds(other, i) for other in without):
        return True
    while i > element:
        if outline.tags[i] == "button" or outline.tags[i] in SILENT or _UNSEEN.search(_name(outline, i)):
            return True
        i = outline.parent[i]
    return False


def _distinct(pieces: Iterable[str]) -> list[str]:
    """Tidy the white space and give each text once: screen readers and small screens get copies."""
    kept: list[str] = []
    for piece in pieces:
        text = " ".join(piece.split())
        if text and not any(text == other or (len(text) > 20 and text in other) for other in kept):
            kept.append(text)
    return kept

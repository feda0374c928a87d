"""Captions that no name marks: recognised by their position below the picture and their style or their credit."""

from __future__ import annotations

import re
from itertools import islice

from harvester.candidates.captions import credit_line
from harvester.candidates.captions.visible_text import pieces
from harvester.candidates.page.dom import Dom
from harvester.markup import text_of

LONGEST = 250  # characters
_REACH = 4  # levels from a picture to the block that shows nothing else
_MOST_ELEMENTS = 30  # elements of a block that is considered
_LONGEST_SIGNATURE = 80  # characters of a block that only credits somebody
_AHEAD = 6  # blocks after a caption within which the text goes on
_BLOCKS = frozenset("p div center td th tr small em i figure".split())
_SMALL = frozenset(("small", "font"))
_ITALIC = frozenset(("em", "i"))
_CENTRED = re.compile(r"text-align:\s*center|text-?center|align-?center|\bcent(?:er|re)d?\b")


def below(dom: Dom, picture: int) -> tuple[str | None, str | None]:
    """Return caption and credit from the text right below a picture, in its own block or the next.

    Small text is a caption; so is centred text below a centred picture where the text after it is not, and italic or
    centred text with a credit. A block that only credits somebody is a credit. Other paragraphs are the article's.
    """
    block = _without_text(dom, picture)
    holder = dom.parent[block]
    if holder < 0:
        return None, None
    if dom.tags[holder] in _BLOCKS and _is_short(dom, holder):
        is_dressed = _is_all_in(dom, holder, _SMALL | _ITALIC)
        return _split(dom, holder) if is_dressed else (None, None)
    following = dom.end[block]
    if following >= len(dom.tags) or dom.parent[following] != holder or not _is_short(dom, following):
        return None, None
    return _of_block(dom, block, following)


def _without_text(dom: Dom, picture: int) -> int:
    """Return the largest element around a picture that has no text."""
    block = picture
    for level in islice(dom.up(picture), _REACH):
        if dom.text(level):
            break
        block = level
    return block


def _is_short(dom: Dom, block: int) -> bool:
    """Return whether a block is short enough for a caption and holds no links."""
    inside = range(block, dom.end[block])
    return 0 < dom.text(block) <= LONGEST and len(inside) <= _MOST_ELEMENTS and not dom.linked(block)


def _of_block(dom: Dom, block: int, following: int) -> tuple[str | None, str | None]:
    if dom.tags[following] not in _BLOCKS or "img" in dom.tags[following : dom.end[following]]:
        return None, None
    caption, credit = _split(dom, following)
    if credit is None:
        is_set_apart = _is_all_in(dom, following, _SMALL) or _is_alone_centred(dom, block, following)
        return caption if is_set_apart else None, None
    if caption is None:
        is_signature = credit_line.is_signature(text_of(dom.nodes[following]))
        return None, credit if is_signature and dom.text(following) <= _LONGEST_SIGNATURE else None
    is_dressed = _is_all_in(dom, following, _SMALL | _ITALIC) or _is_centred(dom, following)
    return (caption, credit) if is_dressed else (None, None)


def _split(dom: Dom, block: int) -> tuple[str | None, str | None]:
    """Split the text of a block into caption and credit; a date or a number is not a caption."""
    caption, credit = credit_line.cut(pieces(dom, block))
    letters = [letter for letter in caption or "" if letter.isalnum()]
    is_number = 3 * sum(letter.isdigit() for letter in letters) >= len(letters)
    return None if is_number else caption, credit


def _is_all_in(dom: Dom, block: int, tags: frozenset[str]) -> bool:
    """Return whether *block* has one of *tags*, or all its text is in elements that do."""
    if dom.tags[block] in tags:
        return True
    i, dressed = block + 1, 0
    while i < dom.end[block]:
        if dom.tags[i] in tags:
            dressed += dom.text(i)
            i = dom.end[i]
        else:
            i += 1
    return dressed == dom.text(block)


def _is_alone_centred(dom: Dom, block: int, following: int) -> bool:
    """Return whether a block is centred like the picture above it, while the text after it is not."""
    if not (_is_centred(dom, block) and _is_centred(dom, following)):
        return False
    after = next((i for i in islice(dom.behind(following), _AHEAD) if dom.text(i)), None)
    return after is not None and not _is_centred(dom, after)


def _is_centred(dom: Dom, block: int) -> bool:
    attributes = dom.attributes(block)
    said = " ".join(filter(None, map(attributes.get, ("style", "class", "align")))).lower()
    return dom.tags[block] == "center" or bool(_CENTRED.search(said))

"""A caption that nothing is called so: its place below the picture tells it, with its dress or the credit in it."""

from __future__ import annotations

import re
from itertools import islice

from harvester.candidates.captions import credit_line
from harvester.candidates.captions.visible_text import pieces
from harvester.candidates.page.dom import Dom
from harvester.markup import text_of

LONGEST = 250  # characters
_REACH = 4  # levels from a picture to the block that shows nothing else
_MOST_ELEMENTS = 30  # of a block that is looked at
_LONGEST_SIGNATURE = 80  # characters of a block that only credits somebody
_AHEAD = 6  # blocks behind a caption among which the text goes on
_BLOCKS = frozenset("p div center td th tr small em i figure".split())
_SMALL = frozenset(("small", "font"))
_SLANTED = frozenset(("em", "i"))
_CENTRED = re.compile(r"text-align:\s*center|text-?center|align-?center|\bcent(?:er|re)d?\b")


def below(outline: Dom, picture: int) -> tuple[str | None, str | None]:
    """Give what stands right below a picture, in its block or in the next, as its caption and its credit.

    What is set small is a caption, and what alone is centred as the picture is, and what is slanted or centred and
    credits somebody; a block that does nothing but credit somebody is a credit. Other paragraphs are the article's.
    """
    block = _silent(outline, picture)
    holder = outline.parent[block]
    if holder < 0:
        return None, None
    if outline.tags[holder] in _BLOCKS and _is_short(outline, holder):
        is_dressed = _is_all_in(outline, holder, _SMALL | _SLANTED)
        return _parted(outline, holder) if is_dressed else (None, None)
    following = outline.end[block]
    if following >= len(outline.tags) or outline.parent[following] != holder or not _is_short(outline, following):
        return None, None
    return _of_block(outline, block, following)


def _silent(outline: Dom, picture: int) -> int:
    """Give the largest element around a picture that says nothing."""
    block = picture
    for level in islice(outline.up(picture), _REACH):
        if outline.text(level):
            break
        block = level
    return block


def _is_short(outline: Dom, block: int) -> bool:
    """Say whether a block may be a caption by its length; one that holds a link or a picture of its own is none."""
    inside = range(block, outline.end[block])
    return 0 < outline.text(block) <= LONGEST and len(inside) <= _MOST_ELEMENTS and not outline.linked(block)


def _of_block(outline: Dom, block: int, following: int) -> tuple[str | None, str | None]:
    if outline.tags[following] not in _BLOCKS or "img" in outline.tags[following : outline.end[following]]:
        return None, None
    caption, credit = _parted(outline, following)
    if credit is None:
        is_set_apart = _is_all_in(outline, following, _SMALL) or _is_alone_centred(outline, block, following)
        return caption if is_set_apart else None, None
    if caption is None:
        is_signature = credit_line.is_signature(text_of(outline.nodes[following]))
        return None, credit if is_signature and outline.text(following) <= _LONGEST_SIGNATURE else None
    is_dressed = _is_all_in(outline, following, _SMALL | _SLANTED) or _is_centred(outline, following)
    return (caption, credit) if is_dressed else (None, None)


def _parted(outline: Dom, block: int) -> tuple[str | None, str | None]:
    """Part what a block says into caption and credit; a date or a number is no caption."""
    caption, credit = credit_line.cut(pieces(outline, block))
    letters = [letter for letter in caption or "" if letter.isalnum()]
    is_number = 3 * sum(letter.isdigit() for letter in letters) >= len(letters)
    return None if is_number else caption, credit


def _is_all_in(outline: Dom, block: int, tags: frozenset[str]) -> bool:
    """Say whether all text of *block* stands in elements with one of *tags*, or it is one."""
    if outline.tags[block] in tags:
        return True
    i, dressed = block + 1, 0
    while i < outline.end[block]:
        if outline.tags[i] in tags:
            dressed += outline.text(i)
            i = outline.end[i]
        else:
            i += 1
    return dressed == outline.text(block)


def _is_alone_centred(outline: Dom, block: int, following: int) -> bool:
    """Say whether a block is centred as the picture above it is, but not the text that goes on behind it."""
    if not (_is_centred(outline, block) and _is_centred(outline, following)):
        return False
    after = next((i for i in islice(outline.behind(following), _AHEAD) if outline.text(i)), None)
    return after is not None and not _is_centred(outline, after)


def _is_centred(outline: Dom, block: int) -> bool:
    attributes = outline.attributes(block)
    said = " ".join(filter(None, map(attributes.get, ("style", "class", "align")))).lower()
    return outline.tags[block] == "center" or bool(_CENTRED.search(said))

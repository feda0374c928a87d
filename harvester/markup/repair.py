"""Repair of tags that lost their white space, in the text, before parsing.

Republishers that strip line breaks inside tags leave `<imgsrc="a.jpg"` and `<video-playermedia-id="x"`, all of which a
tokenizer takes for the name of the tag. White space between a quoted value and the next attribute may be missing too,
but a tokenizer repairs that itself, so it is left as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import islice, pairwise

from harvester.markup.tags import ATTRIBUTE, MOST_LOOKED_AT, START, attributes_end, content_end, uncommon
from harvester.markup.vocabulary import BOOLEANS, ELEMENTS, is_attribute
from harvester.model import Repair

_LONGEST_NAME = 200  # characters; a longer name, or one beyond the first 1,000, is not a republisher's accident
_MOST_NAMES = 1_000
_PLAIN_NAME = re.compile(r"[a-z_][\w:.-]*+")


def repair(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Return *text* with lost white space restored in its tags, and the repairs: `glued-tag`, `glued-attribute`.

    Scripts, styles, comments and attribute values stay as they are. Takes linear time.
    """
    return mend(text, uncommon(text))


def mend(text: str, names: Collection[str]) -> tuple[str, tuple[Repair, ...]]:
    """Repair *text*, given the uncommon names of its tags; otherwise like `repair`."""
    cuts = _cuts(names)
    if not cuts:
        return text, ()
    gaps = list(_gaps(text, cuts))
    bounds = [0, *(position for _, position in gaps), len(text)]
    pieces = (text[start:end] for start, end in pairwise(bounds))
    counts = Counter(kind for kind, _ in gaps)
    return " ".join(pieces), tuple(Repair(kind=kind, count=count) for kind, count in sorted(counts.items()))


def _cuts(names: Collection[str]) -> dict[str, int]:
    """Return where to cut each glued name: `imgsrc=` after three characters."""
    ends = {name[1:] for name in names if name[0] == "/"}
    unknown = (name for name in names if name[0] != "/" and name not in ELEMENTS and name not in ends)
    short = (name for name in unknown if len(name) <= _LONGEST_NAME)
    cuts = {name: _cut(name, ends) for name in islice(short, _MOST_NAMES)}
    return {name: cut for name, cut in cuts.items() if cut}


def _cut(glued: str, ends: Collection[str]) -> int:
    """Return the length of the tag's name in *glued*; 0 if it is not a name followed by attributes.

    Elements that HTML does not know count if the page has their end tag: `</video-player>`.
    """
    name, valued = glued.rstrip("="), glued.endswith("=")
    tags = [size for size in range(len(name) - 1, 0, -1) if name[:size] in ELEMENTS or name[:size] in ends]
    for size in tags:
        custom = name[:size] not in ELEMENTS
        if _attributes(name[size:], valued) or (custom and valued and _PLAIN_NAME.fullmatch(name, size)):
            return size
    if valued and tags and tags[0] > 1 and _PLAIN_NAME.fullmatch(name, tags[0]):
        return tags[0]  # no tag's name contains `=`, so this is an attribute that only its page knows
    return 0


def _attributes(glued: str, valued: bool) -> list[int]:
    """Return the lengths of the attribute names that *glued* consists of; empty if it has anything but known ones.

    Only the last may have a value; those before it must be ones that never have one.
    """
    if is_attribute(glued) and (valued or glued in BOOLEANS or glued.startswith("data-")):
        return [len(glued)]
    for size in range(len(glued) - 1, 3, -1):
        if glued[:size] in BOOLEANS and (rest := _attributes(glued[size:], valued)):
            return [size, *rest]
    return []


def _gaps(text: str, cuts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield the positions at which a space is missing, and the kind of damage."""
    position = seen = 0
    while seen < MOST_LOOKED_AT and (tag := START.search(text, position)) is not None:
        position = tag.end()
        if tag["name"] is None:
            continue
        seen += 1
        name = tag["name"].lower()
        cut = 0 if tag["end"] else cuts.get(name + tag["odd"][:1], 0)
        if cut:
            name, position = name[:cut], tag.start("name") + cut
            yield "glued-tag", position
        end = attributes_end(text, position)
        if not tag["end"]:
            yield from (("glued-attribute", gap) for gap in _gaps_between_attributes(text, position, end))
        position = end if tag["end"] else content_end(text, name, end)


def _gaps_between_attributes(text: str, start: int, end: int) -> Iterator[int]:
    while (attribute := ATTRIBUTE.match(text, start, end)) is not None:
        name = attribute["name"].lower()
        if len(name) <= _LONGEST_NAME and not is_attribute(name):
            position = attribute.start("name")
            for size in _attributes(name, bool(attribute["valued"]))[:-1]:
                position += size
                yield position
        start = attribute.end()

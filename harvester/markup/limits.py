"""Limits on what reaches the parser, whose time and memory grow with the square of nesting and of attributes.

Within them a page is parsed as it is. Beyond them tags are left out, but never text, and the repairs report it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from harvester.markup.nesting import FORMATTING, Nesting
from harvester.markup.tags import MOST_LOOKED_AT, RAW, TAG, is_overfull, raw_end, surplus_start
from harvester.model import Repair

MOST_TAGS = 200_000
"""Start and end tags of a page; the largest real page seen has 20,000. An element costs some 200 bytes."""

_HARMLESS_TAGS = 12_000  # nested in each other they take 1.7 s at most; none of 300 real pages has more
_HARMLESS_SIZE = 200_000  # characters; filled with attributes they take 7 s
_HARMLESS_COPIES = 1_000_000  # elements that a parser creates by reopening formatting


def limited(text: str, names: Counter[str]) -> tuple[str, tuple[Repair, ...]]:
    """Return *text* without its excess tags, and what was left out; *names* counts its uncommon tags.

    The kinds are `too-deep`, `too-many-attributes` and `too-many-tags`. Takes linear time.
    """
    overfull = len(text) > _HARMLESS_SIZE and is_overfull(text)
    if not (overfull or _is_suspicious(text, names)):
        return text, ()
    kept: list[str] = []
    left_out: Counter[str] = Counter()
    done = 0
    for kind, start, end in _excess(text, overfull=overfull):
        left_out[kind] += 1
        if start > done:
            kept.append(text[done:start])
        done = end
    kept.append(text[done:])
    return "".join(kept), tuple(Repair(kind=kind, count=count) for kind, count in sorted(left_out.items()))


def _is_suspicious(text: str, names: Counter[str]) -> bool:
    tags = text.count("<")
    if tags > _HARMLESS_TAGS:
        tags -= text.count("</")
    formatting = sum(names[name] for name in FORMATTING)
    return tags > _HARMLESS_TAGS or tags * formatting > _HARMLESS_COPIES


def _excess(text: str, *, overfull: bool) -> Iterator[tuple[str, int, int]]:
    """Yield each piece of excess: its kind, and where it starts and ends."""
    nesting = Nesting()
    position = tags = seen = 0
    while (tag := TAG.search(text, position)) is not None:
        closing, name = tag.group("end", "name")
        position = end = tag.end()
        if name is None:
            continue
        seen += 1
        name = name.lower()
        is_raw = name in RAW and not (closing or nesting.is_foreign)
        if not (nesting.end(name) if closing else nesting.start(name, closed=text.endswith("/>", 0, end))):
            yield "too-deep", tag.start(), end
        else:
            tags += 1
            if overfull and (surplus := surplus_start(text, tag.start("attributes"))) < end:
                yield "too-many-attributes", surplus, end - text.endswith(">", 0, end)
        if tags > MOST_TAGS or seen > MOST_LOOKED_AT:
            yield "too-many-tags", tag.start(), len(text)
            return
        if is_raw:
            position = raw_end(text, name, end)

"""The text of an element as a reader sees it: in the pieces in which it is laid out, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from harvester.candidates.captions.button_labels import LONGEST, is_label, is_service
from harvester.candidates.page.dom import SILENT, Dom
from harvester.candidates.scope.class_names import class_hints

_INLINE = frozenset("a abbr b bdi em font i mark q s small strong sub sup u".split())
_EMPHASIS = _INLINE - {"a"}
_COPY = 20  # characters from which a text contained in another one is a copy of it
_SCREEN_READER_ONLY = (
    "sr-only sronly visually-hidden visuallyhidden screen-reader screenreader is_blind off-screen".split()
)
_SHARING = re.compile(
    r"(?:^|[-_ ])(?:shar(?:e|ing)|social)(?:$|[-_ ]|bar|btn|button|icon|link|list|menu|tool|widget|box)"
    r"|addthis|addtoany|sharedaddy"
)
_SHARES = re.compile(
    r"^(?:whatsapp|fb-messenger):|/sharer|/share(?:Article|/url)?\?|/intent/(?:tweet|post)|/pin/create|/submit\?"
)


def pieces(dom: Dom, element: int, without: Sequence[int] = ()) -> list[str]:
    """Return the text of *element* piece by piece, leaving out the elements *without*.

    Scripts, buttons, the labels of buttons, advertising and text for screen readers only are left out; copies for other
    screen sizes count once.
    """
    found, last = [""], element
    silent: dict[int, bool] = {element: False, **dict.fromkeys(without, True)}
    for node in dom.nodes[element].traverse(include_text=True):
        parent = node.parent
        i = dom.number(parent) if node.tag == "-text" and parent is not None else None
        if i is None:
            if node.tag not in _INLINE:
                found.append("")
            continue
        if not _is_silent(dom, i, silent):
            if i != last and not _flows(dom, last, i):
                found.append("")
            last = i
            found[-1] += node.text_content or ""
    return _distinct(found)


def _is_silent(dom: Dom, i: int, known: dict[int, bool]) -> bool:
    """Return whether *i*, or an element around it, shows a reader no text; *known* caches the answers."""
    asked = []
    while i not in known:
        asked.append(i)
        if dom.tags[i] in SILENT or _is_not_for_readers(dom, i) or _is_button(dom, i):
            known[i] = True
            break
        i = dom.parent[i]
    known.update(dict.fromkeys(asked, known[i]))
    return known[i]


def _is_not_for_readers(dom: Dom, i: int) -> bool:
    name = (dom.attributes(i).get("class") or "").lower()
    return (
        any(word in name for word in _SCREEN_READER_ONLY)
        or "advertisement" in class_hints(name)
        or bool(_SHARING.search(name))
    )


def _is_button(dom: Dom, i: int) -> bool:
    """Return whether an element is a button: by its tag, by where it links or by its whole text."""
    if dom.tags[i] == "button":
        return True
    is_link = dom.tags[i] == "a"
    if is_link and _SHARES.search(dom.attributes(i).get("href") or ""):
        return True
    if dom.tags[i] in _EMPHASIS or dom.text(i) > LONGEST:
        return False
    said = dom.nodes[i].text()
    return is_label(said) or (is_link and is_service(said))


def _flows(dom: Dom, last: int, i: int) -> bool:
    """Return whether the text of *i* continues the line of *last*: one of them is emphasis or a link."""
    return dom.tags[i] in _INLINE or dom.tags[last] in _INLINE


def _distinct(texts: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for text in (" ".join(text.split()) for text in texts):
        if (
            text
            and not is_label(text)
            and not any(text == other or (len(text) > _COPY and text in other) for other in kept)
        ):
            kept.append(text)
    return kept

"""The elements that are open at a tag, close enough to a browser's tree construction to know how deep a page nests.

Source: https://html.spec.whatwg.org/#parsing-main-inbody
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

DEEPEST = 512  # browsers nest no deeper; source: kMaximumHTMLParserDOMTreeDepth in Blink
_MOST_FORMATTING = 5  # open at once; a parser reopens them all in every new paragraph

FORMATTING = frozenset("b big code em font i nobr s small strike strong tt u".split())
"""Elements that a parser reopens after the end of the block in which they were left open."""

_VOID = frozenset(
    """area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr image
    html head body script style textarea title iframe xmp noembed noframes""".split()
)
"""Elements that hold no others, and those that are always open."""

_BLOCKS = frozenset(
    """address article aside blockquote button center details dialog dir div dl dd dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup li listing main menu nav ol p pre search section summary ul""".split()
)
_TABLE = frozenset("html table template".split())
_INTEGRATION = {
    "svg": frozenset("foreignobject desc title".split()),
    "math": frozenset("mi mo mn ms mtext".split()),
}
"""Elements of drawings and formulas that may hold HTML."""
_SCOPE = frozenset("applet caption html table td th marquee object template".split()).union(*_INTEGRATION.values())
_SPECIAL = _BLOCKS | _SCOPE | frozenset("body colgroup head iframe noscript select tbody tfoot thead tr".split())
_PARTS = frozenset("caption colgroup tbody td tfoot th thead tr".split())
_CELLS = _PARTS - {"colgroup"} | {"table"}
_BREAKOUT = FORMATTING - {"font"} | frozenset(
    """blockquote body br center dd div dl dt embed h1 h2 h3 h4 h5 h6 head hr img li listing menu meta ol p pre ruby
    span sub sup table ul var""".split()
)
"""Elements that end the drawing or formula that they are in."""
_UNCLEAR = frozenset("annotation-xml malignmark mglyph frameset".split())
"""Elements whose meaning depends on their attributes or neighbours; no article needs them."""

_CLOSED_BY = {
    **dict.fromkeys(_BLOCKS - {"button"}, (frozenset(("p",)), _SCOPE | {"button"})),
    "li": (frozenset(("li",)), _SPECIAL - {"address", "div", "p"}),
    "dd": (frozenset(("dd", "dt")), _SPECIAL - {"address", "div", "p"}),
    "dt": (frozenset(("dd", "dt")), _SPECIAL - {"address", "div", "p"}),
    "td": (frozenset(("td", "th")), _TABLE),
    "th": (frozenset(("td", "th")), _TABLE),
    "tr": (frozenset(("tr",)), _TABLE),
    "table": (frozenset(("table",)), frozenset("caption html td template th".split())),
    **dict.fromkeys(("tbody", "thead", "tfoot"), (frozenset(("tbody", "thead", "tfoot")), _TABLE)),
}
"""What a start tag closes, and where the search for it ends."""


class Nesting:
    """The open elements. A refused start or end tag must be left out of the page."""

    def __init__(self) -> None:
        self._open = ["html", "body"]
        self._holds = ["", ""]  # the content of each: HTML (""), a drawing (svg) or a formula (math)
        self._count: defaultdict[str, int] = defaultdict(int)
        self._formatting: defaultdict[str, int] = defaultdict(int)
        self._refused: defaultdict[str, int] = defaultdict(int)

    @property
    def is_foreign(self) -> bool:
        """Return whether the next tag is in a drawing or formula, where any element may end with `/>`."""
        return self._holds[-1] != ""

    def start(self, name: str, *, closed: bool) -> bool:
        """Open an element and return whether it is allowed; *closed* says that its tag ends with `/>`."""
        foreign = self.is_foreign and name not in _BREAKOUT
        if self._is_unwanted(name, foreign=foreign):
            return self._refuse(name)
        self._make_way(name, foreign=foreign)
        if (closed and (foreign or name in _INTEGRATION)) or (not foreign and self._opens_nothing(name)):
            return True
        if len(self._open) >= DEEPEST:
            return self._refuse(name)
        self._open.append(name)
        self._holds.append(self._content_of(name))
        self._count[name] += 1
        if name in FORMATTING:
            self._formatting[name] += 1
        return True

    def end(self, name: str) -> bool:
        """Close an element and return whether its end tag stays; that of a refused element does not."""
        if self.is_foreign and name in ("br", "p"):
            self._break_out()
        if name in _VOID and not self._count[name]:
            return True
        if self._refused[name]:
            self._refused[name] -= 1
            return False
        barrier = _TABLE if name in _CELLS else _SCOPE if name in _BLOCKS else _SPECIAL
        beyond = self._close((name,), barrier)
        if self._formatting[name] and beyond not in _SCOPE:
            self._formatting[name] -= 1
        return True

    def _refuse(self, name: str) -> bool:
        self._refused[name] += 1
        return False

    def _is_unwanted(self, name: str, *, foreign: bool) -> bool:
        if name in FORMATTING and sum(self._formatting.values()) >= _MOST_FORMATTING:
            return True
        return name in _UNCLEAR or (foreign and name == "font")

    def _make_way(self, name: str, *, foreign: bool) -> None:
        """Close the elements that end where *name* begins."""
        if self.is_foreign and not foreign:
            self._break_out()
        if not foreign and name in _CLOSED_BY:
            self._close(*_CLOSED_BY[name])
        if name in ("optgroup", "option") and self._open[-1] == "option":
            self._leave(-1)

    def _opens_nothing(self, name: str) -> bool:
        """Return whether an element opens nothing here: it is void, or a part of a table outside any table."""
        return name in _VOID or (name in _PARTS and not (self._count["table"] or self._count["template"]))

    def _content_of(self, name: str) -> str:
        """Return the kind of content of an element that is opened here."""
        if self.is_foreign:
            return "" if name in _INTEGRATION[self._holds[-1]] else self._holds[-1]
        return name if name in _INTEGRATION else ""

    def _close(self, names: Collection[str], barrier: frozenset[str]) -> str | None:
        """Close the nearest of *names* and all in it; return the element of *barrier* that was in the way, if any."""
        if not any(map(self._count.__getitem__, names)):
            return None
        for i in range(len(self._open) - 1, 1, -1):
            if self._open[i] in names:
                self._leave(i)
                return None
            if self._open[i] in barrier:
                return self._open[i]
        return None

    def _break_out(self) -> None:
        """Close the whole drawing or formula that is open here."""
        self._leave(max(i for i, holds in enumerate(self._holds) if not holds) + 1)

    def _leave(self, first: int) -> None:
        """Close the open elements from index *first* on."""
        for name in self._open[first:]:
            self._count[name] -= 1
        del self._open[first:], self._holds[first:]

"""What publishers ask of machines in header fields, and whether we obey it.

Sources: https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag (X-Robots-Tag),
https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240202/ (tdm-reservation)
"""

from __future__ import annotations

import re
from collections.abc import Collection

from harvester.model import Signals
from harvester.web.network.transport import Headers

_AGENT = re.compile(r"\A\s*+(?!unavailable_after|max-)([\w.-]++)\s*+:\s*+(.*)", re.DOTALL)


def signals_of(headers: Headers, robots: str | None) -> Signals:
    """Return the signals of a response; *robots* is the answer of robots.txt."""
    reservation = headers.get("TDM-Reservation", "").strip()
    return Signals(
        robots=robots,
        x_robots_tag=_joined(headers.getall("X-Robots-Tag", [])),
        tdm_reservation=reservation or None,
    )


def opt_out(signals: Signals, respected: Collection[str], product: str = "harvester") -> str | None:
    """Return the first of *respected* (`noai`, `noimageai`, `tdm`, ...) that *signals* contain, or None."""
    if not respected:
        return None
    said = _directives(signals.x_robots_tag, product) | _directives(signals.meta_robots, product)
    if signals.tdm_reservation == "1":
        said.add("tdm")
    return next((token for token in respected if token.lower() in said), None)


def _joined(fields: list[str]) -> str | None:
    """Join several fields into one text; those for an agent come last, since its name applies to all that follows."""
    return ", ".join(sorted(fields, key=lambda field: _AGENT.fullmatch(field) is not None)) or None


def _directives(text: str | None, product: str) -> set[str]:
    """Return the directives for us: in `noai, otherbot: noindex` the one after another agent's name is not."""
    said: set[str] = set()
    meant = True
    for part in (text or "").split(","):
        named = _AGENT.fullmatch(part)
        if named:
            meant = named[1].lower() in (product, "*")
            part = named[2]
        if meant:
            said.add(part.strip().lower())
    return said

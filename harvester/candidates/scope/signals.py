"""What counts for a picture and what counts against it: the weights of the decision, in one table.

A picture is the article's when the weights of the signals that hold add up to `NEEDED`. `docs/extraction.md` shows what
each is worth.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from harvester.candidates.scope.features import Features

NEEDED = 1.5

LARGE = 600  # px of width
TINY = 100  # px of the shorter side
SMALL = 200


class Signal(Struct, frozen=True, kw_only=True):
    """A fact that counts for a picture (*weight* above zero) or against it; *reason* completes a sentence "it ..."."""

    weight: float
    reason: str
    holds: Callable[[Features], bool]


SIGNALS: tuple[Signal, ...] = (
    # where it is
    Signal(weight=3, reason="stands in the text", holds=lambda it: it.zone == "text"),
    Signal(weight=2, reason="stands between headline and text", holds=lambda it: it.zone == "opening"),
    Signal(weight=1.5, reason="stands behind the text, in its element", holds=lambda it: it.zone == "tail"),
    Signal(weight=2, reason="stands on a page without an article", holds=lambda it: it.zone == "none"),
    Signal(weight=9, reason="is all that a page without an article shows", holds=lambda it: it.is_all_there_is),
    Signal(weight=-2, reason="stands above the headline", holds=lambda it: it.zone == "above"),
    Signal(weight=-3.5, reason="stands after the article", holds=lambda it: it.zone == "after"),
    Signal(weight=3, reason="stands directly over the headline", holds=lambda it: it.is_over_headline),
    # what counts for it
    Signal(weight=3.5, reason="is named in the page's metadata", holds=lambda it: it.is_declared),
    Signal(weight=1, reason="is large", holds=lambda it: (it.width or 0) >= LARGE),
    Signal(weight=1, reason="is a figure", holds=lambda it: it.is_figure),
    Signal(weight=1.5, reason="has a caption", holds=lambda it: it.is_captioned),
    # what counts against it
    Signal(weight=-6, reason="is a drawing", holds=lambda it: it.is_drawing),
    Signal(weight=-6, reason="is the still of a player", holds=lambda it: it.is_still),
    Signal(weight=-4, reason="stands beside a picture that is shown", holds=lambda it: it.is_spare),
    Signal(weight=-3, reason="stands in a script only", holds=lambda it: it.occurrence.kind == "state"),
    Signal(weight=-3, reason="has an address that is no picture's", holds=lambda it: it.is_elsewhere),
    Signal(weight=-3.5, reason="invites to another page", holds=lambda it: it.is_teaser),
    Signal(weight=-3, reason="is tiny", holds=lambda it: (it.shorter_side or SMALL) <= TINY),
    Signal(weight=-1, reason="is small", holds=lambda it: TINY < (it.shorter_side or SMALL) < SMALL),
    Signal(weight=-2, reason="is a link to another page", holds=lambda it: it.leads_on),
    Signal(weight=-2, reason="is a link to another site", holds=lambda it: it.leads_off),
    Signal(weight=-3, reason="has a heading of its own", holds=lambda it: it.has_heading),
    Signal(weight=-3, reason="shows an author", holds=lambda it: it.is_person),
    Signal(weight=-2, reason="has the address of an icon", holds=lambda it: it.is_of_theme),
    Signal(weight=-3, reason="stands in an aside", holds=lambda it: it.is_aside),
    Signal(weight=-2, reason="stands in the navigation", holds=lambda it: it.is_navigation),
    Signal(weight=-1.5, reason="stands among invitations", holds=lambda it: it.is_promotion),
    Signal(weight=-2, reason="stands in advertising", holds=lambda it: it.is_advertisement),
)
"""In the order in which they are weighed: a picture is given up once the remaining signals cannot save it."""

_WEIGHED = [
    (signal, signal.holds, signal.weight, sum(max(later.weight, 0) for later in SIGNALS[i + 1 :]))
    for i, signal in enumerate(SIGNALS)
]
"""Each signal, its question, its weight, and the most that the signals after it can still add."""


def weighed(features: Features) -> tuple[float, list[Signal]]:
    """Return the total weight and the signals that hold; incomplete once `NEEDED` is out of reach."""
    total, holding = 0.0, []
    for signal, holds, weight, to_come in _WEIGHED:
        if holds(features):
            total += weight
            holding.append(signal)
        if total + to_come < NEEDED:
            break
    return total, holding

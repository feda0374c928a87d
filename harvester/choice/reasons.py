"""Why a rendition was chosen, in words for people."""

from __future__ import annotations

from typing import Literal

from harvester.choice.accept import Accepted
from harvester.config import Choice
from harvester.steps import Candidate, Measured

Expects = Literal["original", "larger", "uncropped"]

PROMISES: dict[Expects, str] = {
    "original": "original from the CDN",
    "larger": "larger rendition from the CDN",
    "uncropped": "uncropped picture from the CDN",
}


def of_place(width: int | None, place: int, count: int, settings: Choice) -> str:
    """Return why a declared rendition is at *place* (from 0) of *count*: `1280 px wide, the largest of 9 declared`."""
    wide = f"{width} px wide" if width else "of unknown width"
    if count == 1:
        return f"{wide}, the only one declared"
    name, _, number = settings.policy.partition(":")
    if place:
        return f"{wide}, number {place + 1} of {count} declared"
    if name == "at-least" and (width or 0) >= int(number):
        return f"{wide}, the smallest of {count} declared that has at least {number} px"
    return f"{wide}, the largest of {count} declared"


def of_proposal(rule: str, expects: Expects) -> str:
    """Return what a rule proposes: `original from the CDN (rule wordpress-size)`."""
    return f"{PROMISES[expects]} (rule {rule})"


def of_derived(candidate: Candidate, measured: Measured, best: int, verdict: Accepted) -> str:
    """Return why a derived rendition was taken: wider than the declared ones, and proved to be the same picture."""
    expects = "original" if candidate.expects == "uncropped" and not verdict.uncropped else candidate.expects
    what = of_proposal(candidate.rule or "", expects or "original")
    return f"{what}, {measured.width} px{_against(measured.width or 0, best)}, {_proof(verdict)}"


def of_declared(candidate: Candidate, measured: Measured, refused: int) -> str:
    """Return why a declared rendition was taken, and how many others were tried before it."""
    why = candidate.reason
    if measured.width and candidate.width and candidate.width > measured.width:
        why += f"; it was {measured.width} px wide and nothing wider was available"
    return f"{why}, after {refused} that could not be used" if refused else why


def _against(width: int, best: int) -> str:
    if width > best:
        return f" against {best} declared" if best else ", nothing else declared"
    return f" where {best} were declared but could not be fetched"


def _proof(verdict: Accepted) -> str:
    if verdict.distance is None:
        return "named by an id of its own"
    picture = "same picture with more around it" if verdict.uncropped else "same picture"
    return f"{picture} (distance {verdict.distance})"

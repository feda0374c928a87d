"""Pictures in the state that scripts keep: `__NEXT_DATA__`, `window.__X__ = {...}`, `JSON.parse("...")`, Next's flight.

Scripts are searched for JSON values, which are parsed; nothing is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harvester.candidates.image_urls import has_image_extension
from harvester.candidates.json_pictures import pictures_in
from harvester.candidates.json_text import decoded
from harvester.candidates.places import Place
from harvester.candidates.script_values import flight_chunks, flight_values, values
from harvester.candidates.survey import Survey


def state(survey: Survey) -> Iterator[Place]:
    """Give the pictures in the page's scripts, each named by the script it stands in."""
    flight: list[str] = []
    for number in survey.tagged("script"):
        text = survey.script_text(number)
        if "ld+json" in (survey.attributes(number).get("type") or "") or not has_image_extension(text):
            continue
        if not survey.has_room_for(text, "a script"):
            continue
        if "__next_f" in text:
            flight += flight_chunks(text)
        else:
            yield from _of_script(survey, number, text)
    for value in flight_values("".join(flight)):
        yield from pictures_in(survey, value, kind="state", number=len(survey.outline.nodes), origin="script __next_f")


def _of_script(survey: Survey, number: int, text: str) -> Iterator[Place]:
    for name, value in _values(survey, number, text):
        yield from pictures_in(survey, value, kind="state", number=number, origin=f"script {name}".strip())


def _values(survey: Survey, number: int, text: str) -> Iterator[tuple[str, Any]]:
    attributes = survey.attributes(number)
    if "json" in (attributes.get("type") or "").lower():
        yield attributes.get("id") or "", decoded(text)
    else:
        yield from values(text)

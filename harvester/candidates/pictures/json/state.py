"""Pictures in script state: `__NEXT_DATA__`, `window.__X__ = {...}`, `JSON.parse("...")`, Next.js's flight data.

Scripts are searched for JSON values, which are parsed; nothing is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from harvester.candidates.page.image_urls import has_image_extension
from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.candidates.pictures.json.pictures import pictures_in
from harvester.candidates.pictures.json.script_values import flight_chunks, flight_values, values
from harvester.candidates.pictures.json.text import decoded

# Templates hold no state, and JSON-LD has an extractor of its own.
_NO_STATE = re.compile(r"ld\+json|template|html|handlebars|mustache|tmpl")


def state(index: PageIndex) -> Iterator[Occurrence]:
    """Yield the pictures in the page's scripts, each at the number of its script."""
    stream: list[str] = []
    for number in index.tagged("script"):
        kind = (index.attributes(number).get("type") or "").lower()
        text = "" if _NO_STATE.search(kind) else index.script_text(number)
        if "__next_f" in text:
            stream += flight_chunks(text) if index.has_room_for(text, "a script") else ()
        elif has_image_extension(text) and index.has_room_for(text, "a script"):
            yield from _of_script(index, number, text)
    yield from _of_stream(index, "".join(stream))


def _of_stream(index: PageIndex, stream: str) -> Iterator[Occurrence]:
    if has_image_extension(stream):
        end = len(index.dom.nodes)
        for value in flight_values(stream):
            yield from pictures_in(index, value, kind="state", number=end, origin="script __next_f")


def _of_script(index: PageIndex, number: int, text: str) -> Iterator[Occurrence]:
    for name, value in _values(index, number, text):
        yield from pictures_in(index, value, kind="state", number=number, origin=f"script {name}".strip())


def _values(index: PageIndex, number: int, text: str) -> Iterator[tuple[str, Any]]:
    attributes = index.attributes(number)
    if "json" in (attributes.get("type") or "").lower():
        yield attributes.get("id") or "", decoded(text)
    else:
        yield from values(text)

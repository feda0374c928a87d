"""VideoObjects of JSON-LD: the player, the file and the poster that a page declares to search engines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from harvester import urls
from harvester.candidates.pictures.json.text import texts_of
from harvester.candidates.videos import files, providers, youtube
from harvester.candidates.videos.sightings import Sighting, of_provider, of_youtube
from harvester.markup import types_of
from harvester.model import Variant

MOST_VALUES = 100_000
_DIGITS = re.compile(r"[0-9]{1,9}")


def video_objects(things: Sequence[Any], base: str) -> Iterator[Sighting]:
    """Yield the videos, with posters, declared by VideoObjects in *things*, at any depth."""
    waiting, seen = list(reversed(things)), 0
    while waiting and seen < MOST_VALUES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            if "VideoObject" in types_of(value):
                yield from _sighting(value, base)
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _sighting(found: dict[str, Any], base: str) -> Iterator[Sighting]:
    posters = tuple(_posters(found, base))
    for key in ("embedUrl", "contentUrl", "url"):
        for url in texts_of(found.get(key)):
            for sighting in _read(url, base, f"json-ld {key}"):
                yield replace(sighting, posters=posters)
                return


def _read(url: str, base: str, origin: str) -> Iterator[Sighting]:
    yield from of_youtube(youtube.read_player_url(url), origin, embedded=True, confidence=0.8)
    if other := providers.read_url(url):
        yield of_provider(other, origin, embedded=True, confidence=0.8)
    yield from files.of_url(url, base, origin)


def _posters(found: dict[str, Any], base: str) -> Iterator[Variant]:
    for key in ("thumbnailUrl", "thumbnail", "image"):
        values = found.get(key)
        for value in values if isinstance(values, list) else [values]:
            own = value if isinstance(value, dict) else {"url": value}
            for text in [*texts_of(own.get("url")), *texts_of(own.get("contentUrl"))][:1]:
                url = urls.resolve_web(text, base)
                if url:
                    width, height = _pixels(own.get("width")), _pixels(own.get("height"))
                    yield Variant(url=url, width=width, height=height, origin=f"json-ld {key}")


def _pixels(value: Any) -> int | None:
    text = str(value).removesuffix("px").strip()
    return int(text) if _DIGITS.fullmatch(text) and 0 < int(text) < 20_000 else None

"""Bare ids in attributes: custom players and facades that carry a video's id and no URL.

Eleven characters are an id only where something says so: the attribute's name, the element, or what is around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from harvester.candidates.page.dom import Dom
from harvester.candidates.videos import youtube
from harvester.candidates.videos.markers import BY_ATTRIBUTE, Marker
from harvester.candidates.videos.sightings import Sighting, of_provider, of_youtube

Attributes = dict[str, str | None]

_LIST_NAMES = {"playlistid", "playlist-id", "data-playlistid", "data-playlist-id", "data-live-channelid"}
NAMES = _LIST_NAMES | set(BY_ATTRIBUTE)
"""Attributes that players use for ids, whatever their value."""
_YOUTUBE_WORD = re.compile(r"you-?tube|(?:^|[\s_-])(?:yt|lyte)(?:[\s_-]|$)", re.IGNORECASE)
_ID_NAME = re.compile(
    r"(?:^|[-_])(?:id|videoid|ytid|code|key|vid|video|embed|src|media|content|youtube|yt)$|video-?id", re.IGNORECASE
)
VIDEO_NAME = re.compile(r"video|embed|youtube", re.IGNORECASE)


def ids(dom: Dom, number: int) -> Iterator[Sighting]:
    """Yield the videos whose bare ids are in the attributes of an element."""
    tag, attributes = dom.tags[number], dom.attributes(number)
    for name, value in attributes.items():
        if not value:
            continue
        if name in BY_ATTRIBUTE:
            for marker in BY_ATTRIBUTE[name]:
                yield from _marked(marker, tag, value, attributes)
        if len(value) == 11:
            yield from _by_id(dom, number, name, value)
        elif name in _LIST_NAMES and says_youtube(tag, attributes):
            ref = youtube.named("playlist", value) or youtube.named("live_channel", value)
            yield from of_youtube(ref, f"{tag}[{name}]", embedded=True, confidence=0.9)


def _by_id(dom: Dom, number: int, name: str, value: str) -> Iterator[Sighting]:
    if _ID_NAME.search(name) and "fallback" not in name and youtube.is_id(value):
        confidence = _confidence_in_id(dom, number, name, value)
        ref = youtube.named("video", value) if confidence else None
        yield from of_youtube(ref, f"{dom.tags[number]}[{name}]", embedded=True, confidence=confidence)


def _marked(marker: Marker, tag: str, value: str, attributes: Attributes) -> Iterator[Sighting]:
    ref = marker.read(tag, value, attributes)
    if ref:
        yield of_provider(ref, f"{tag}[{marker.attribute}]", embedded=True)


def _confidence_in_id(dom: Dom, number: int, name: str, value: str) -> float:
    """Return how sure it is that eleven characters are an id, by the names on the element, else by those around it."""
    tag, attributes = dom.tags[number], dom.attributes(number)
    if _YOUTUBE_WORD.search(name) or _YOUTUBE_WORD.search(tag):
        return 0.95 if not value.islower() or any(c.isdigit() for c in value) else 0.0
    if not youtube.looks_drawn(value):
        return 0.0
    if says_youtube(tag, attributes):
        return 0.85
    if any(says_youtube(dom.tags[i], dom.attributes(i)) for i in islice(dom.up(number), 3)):
        return 0.7
    return 0.5 if VIDEO_NAME.search(name) else 0.0


def says_youtube(tag: str, attributes: Attributes) -> bool:
    """Return whether an element mentions YouTube in its tag or its attributes."""
    return bool(_YOUTUBE_WORD.search(tag)) or any(
        _YOUTUBE_WORD.search(name) or (value and len(value) < 200 and _YOUTUBE_WORD.search(value))
        for name, value in attributes.items()
    )

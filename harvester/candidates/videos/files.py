"""Plain `<video>` and `<audio>`: media files without a provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, takewhile

from msgspec.structs import replace

from harvester import urls
from harvester.candidates.page.dom import Dom
from harvester.candidates.videos import youtube
from harvester.candidates.videos.sightings import Sighting, of_youtube
from harvester.model import Variant

_ENDINGS = (".mp4", ".m4v", ".webm", ".mov", ".ogv", ".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".aac", ".flac")
_PLAYERS = ("video", "audio")
_MOST_SOURCES = 50  # of one player; they are one video in several types and sizes
_STREAMS = (".m3u8", ".mpd", ".f4m", ".ism/manifest")
_SOURCES = ("src", "data-src", "data-lazy-src", "data-url", "data-video-src", "data-mp4")


def of_element(dom: Dom, number: int, base: str) -> Iterator[Sighting]:
    """Yield the video of a `<video>` or `<audio>` element: its best source, with its poster."""
    tag, attributes = dom.tags[number], dom.attributes(number)
    posters = _posters(attributes, base)
    offered = [(tag, attributes), *(("source", dom.attributes(i)) for i in _sources_in(dom, number))]
    found = [(f"{of}[{name}]", value.strip()) for of, own in offered for name in _SOURCES if (value := own.get(name))]
    for origin, value in found:
        for sighting in of_youtube(youtube.read_player_url(value), origin, embedded=True, confidence=0.95):
            yield replace(sighting, posters=posters)
            return
    plain = [(origin, url) for origin, value in found if (url := urls.resolve_web(value, base))]
    if plain:
        origin, url = min(plain, key=lambda pair: _preference(pair[1]))
        yield _file(url, f"{tag} {origin}" if origin.startswith("source") else origin, posters)


def _sources_in(dom: Dom, player: int) -> Iterator[int]:
    """Return the first sources in a player; if it was never closed, those of players inside it are not its own."""
    inside = range(player + 1, dom.end[player])
    ours = takewhile(lambda i: dom.tags[i] not in _PLAYERS, inside)
    return islice((i for i in ours if dom.tags[i] == "source"), _MOST_SOURCES)


def of_url(value: str, base: str, origin: str, *, known: bool = False) -> Iterator[Sighting]:
    """Yield the file that *value* names, if it has an extension of video or audio or is *known* to be such a file."""
    url = urls.resolve_web(value.strip(), base)
    if url and (known or urls.path(url).lower().endswith(_ENDINGS)):
        yield _file(url, origin, ())


def _file(url: str, origin: str, posters: tuple[Variant, ...]) -> Sighting:
    return Sighting(
        provider="file", kind="file", id=None, url=url, origin=origin, embedded=True, confidence=0.9, posters=posters
    )


def _posters(own: Mapping[str, str | None], base: str) -> tuple[Variant, ...]:
    url = urls.resolve_web((own.get("poster") or own.get("data-poster") or "").strip(), base)
    return (Variant(url=url, origin="video[poster]"),) if url and (own.get("poster") or own.get("data-poster")) else ()


def _preference(url: str) -> int:
    """Return a sort key for sources: files that every player opens, then other files, then segmented streams."""
    path = urls.path(url).lower()
    if path.endswith(_STREAMS):
        return 3
    return 0 if path.endswith((".mp4", ".m4v", ".mp3", ".m4a")) else 1 + (not path.endswith(_ENDINGS))

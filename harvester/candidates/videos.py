"""The videos of a page: every player and every link to one, each video once. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from harvester.candidates import youtube
from harvester.candidates.embeds import sightings
from harvester.candidates.sightings import Sighting
from harvester.markup import Document
from harvester.model import Article, Derived, Image, Variant, Video

MOST_VIDEOS = 1_000  # of one page; the longest real list of embeds seen has 150


def find_videos(document: Document, article: Article) -> tuple[Video, ...]:
    """Give the videos of *document*, numbered from 1 in document order, each once and with its poster.

    What is embedded and linked is embedded; its facts come from the surest place, its start and its list from any.
    """
    found: dict[tuple[str, str], list[Sighting]] = {}
    for sighting in sightings(document):
        if sighting.key in found or len(found) < MOST_VIDEOS:
            found.setdefault(sighting.key, []).append(sighting)
    return tuple(_video(number, seen) for number, seen in enumerate(found.values(), 1))


def _video(number: int, seen: list[Sighting]) -> Video:
    best = max(seen, key=lambda s: (s.embedded, s.confidence))
    alike = [s for s in seen if s.embedded == best.embedded]
    return Video(
        number=number,
        provider=best.provider,
        kind=best.kind,
        id=best.id,
        list=best.list or next((s.list for s in alike if s.list), None),
        url=best.url,
        start=best.start if best.start is not None else next((s.start for s in alike if s.start is not None), None),
        origin=", ".join(dict.fromkeys(s.origin for s in (best, *alike))),
        embedded=best.embedded,
        confidence=best.confidence,
        poster=_poster(number, best, _distinct(variant for s in seen for variant in s.posters)),
    )


def _poster(number: int, video: Sighting, variants: tuple[Variant, ...]) -> Image | None:
    derived = youtube.posters(video.id) if video.provider == "youtube" and video.id else ()
    declared = {variant.url for variant in variants}
    proposed: tuple[Derived, ...] = tuple(d for d in derived if d.url not in declared)
    return Image(number=number, variants=variants, derived=proposed) if variants or proposed else None


def _distinct(variants: Iterable[Variant]) -> tuple[Variant, ...]:
    return tuple({variant.url: variant for variant in variants}.values())

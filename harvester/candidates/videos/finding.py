"""The videos of a page: every player and every link to one, each video once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from harvester.candidates.page.budget import Budget
from harvester.candidates.page.dom import Dom
from harvester.candidates.videos import files, providers, youtube
from harvester.candidates.videos.embeds import sightings
from harvester.candidates.videos.sightings import Sighting, of_provider, of_youtube
from harvester.candidates.videos.video_objects import video_objects
from harvester.markup import Document
from harvester.model import Derived, Image, Variant, Video
from harvester.steps import Offer

MOST_VIDEOS = 1_000  # on one page; the longest real list of embeds seen has 150


def find_videos(
    document: Document, dom: Dom, offers: Sequence[Offer] = (), budget: Budget | None = None
) -> tuple[Video, ...]:
    """Return the videos of *document* and of the lead's offers, numbered from 1, each once and with its poster.

    Those of the page come in document order. A video that is embedded and linked counts as embedded. Its facts come
    from the surest sighting, its start and list from any.
    """
    budget = budget or Budget()
    found: dict[tuple[str, str], list[Sighting]] = {}
    declared = video_objects(document.json_ld, document.base_url)
    shown = sightings(document, dom, budget)
    for sighting in chain(shown, declared, _offered(offers, document.base_url)):
        if sighting.key in found or len(found) < MOST_VIDEOS:
            found.setdefault(sighting.key, []).append(sighting)
        else:
            budget.note("videos", f"what comes after {MOST_VIDEOS:,} videos")
    return tuple(_video(number, seen) for number, seen in enumerate(found.values(), 1))


def _offered(offers: Sequence[Offer], base: str) -> Iterator[Sighting]:
    """Yield the videos among the lead's offers: the enclosures and media of a feed."""
    for offer in offers:
        if ref := youtube.read_player_url(offer.url):
            yield from of_youtube(ref, "offer", embedded=True, confidence=0.9)
        elif other := providers.read_url(offer.url):
            yield of_provider(other, "offer", embedded=True)
        elif (offer.type or "").lower().startswith(("video/", "audio/")):
            yield from files.of_url(offer.url, base, "offer", known=True)


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

"""One place where a page shows or names a video; a video may have several."""

from __future__ import annotations

from msgspec import Struct

from harvester.candidates.videos import providers, youtube
from harvester.model import Variant, VideoKind


class Sighting(Struct, frozen=True, kw_only=True):
    """A video seen at one place. *embedded*: there is a player; otherwise the page only links to the video."""

    provider: str
    kind: VideoKind
    id: str | None
    url: str
    origin: str
    embedded: bool
    confidence: float
    list: str | None = None
    start: int | None = None
    posters: tuple[Variant, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What all sightings of the same video share."""
        return self.provider, self.id or self.url


_KINDS: dict[youtube.Kind, VideoKind] = {
    "video": "video",
    "short": "short",
    "live": "live",
    "clip": "video",
    "playlist": "playlist",
    "live_channel": "channel",
}


def of_youtube(
    ref: youtube.YouTubeRef | None, origin: str, *, embedded: bool, confidence: float
) -> tuple[Sighting, ...]:
    """Return the sighting of what a YouTube URL names; empty for no reference or for a bare channel.

    Only single videos have an id: that of a playlist is in *list*, that of a live channel in the URL.
    """
    if ref is None or ref.kind == "channel":
        return ()
    return (
        Sighting(
            provider="youtube",
            kind=_KINDS[ref.kind],
            id=ref.id if ref.kind in {"video", "short", "live"} else None,
            list=ref.list,
            url=youtube.page_url(ref),
            start=ref.start,
            origin=origin,
            embedded=embedded,
            confidence=confidence,
        ),
    )


def of_provider(ref: providers.ProviderRef, origin: str, *, embedded: bool, confidence: float = 1.0) -> Sighting:
    """Return the sighting of another provider's video, at most as sure as the form of its URL."""
    return Sighting(
        provider=ref.provider,
        kind=ref.kind,
        id=ref.id,
        url=ref.url,
        origin=origin,
        embedded=embedded,
        confidence=min(confidence, ref.sure),
    )

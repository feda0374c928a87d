"""One place where a page shows or names a video; several of them make one video."""

from __future__ import annotations

from msgspec import Struct

from harvester.candidates import providers, youtube
from harvester.model import Variant, VideoKind


class Sighting(Struct, frozen=True, kw_only=True):
    """A video seen at one place. *embedded*: a player stands there; otherwise the place only leads to it."""

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
        """What two sightings of the same video share."""
        return self.provider, self.id or self.url


_KINDS: dict[youtube.Kind, VideoKind] = {"clip": "video", "live_channel": "channel"}


def of_youtube(ref: youtube.YouTubeRef, origin: str, *, embedded: bool, confidence: float) -> Sighting | None:
    """Make a sighting of what a URL of YouTube names; a channel by itself is none.

    Only single videos have an id: a playlist's stands in *list*, that of a running channel in the URL.
    """
    if ref.kind == "channel":
        return None
    single = ref.kind in {"video", "short", "live"}
    return Sighting(
        provider="youtube",
        kind=_KINDS.get(ref.kind) or ref.kind,  # type: ignore[arg-type]
        id=ref.id if single else None,
        list=ref.list,
        url=youtube.page_url(ref),
        start=ref.start,
        origin=origin,
        embedded=embedded,
        confidence=confidence,
    )


def of_provider(ref: providers.ProviderRef, origin: str, *, embedded: bool, confidence: float = 1.0) -> Sighting:
    """Make a sighting of another provider's video, at most as sure as the shape of its URL is."""
    return Sighting(
        provider=ref.provider,
        kind=ref.kind,
        id=ref.id,
        url=ref.url,
        origin=origin,
        embedded=embedded,
        confidence=min(confidence, ref.sure),
    )

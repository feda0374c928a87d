"""One video of an article: its poster through the image chain, then the video itself."""

from __future__ import annotations

from msgspec.structs import replace

from harvester.config import Videos
from harvester.model import Planned, Saved, Skipped, Video
from harvester.pipeline.image import Spot, save_image
from harvester.pipeline.kit import Kit
from harvester.pipeline.place import Place


async def save_video(video: Video, place: Place, referer: str | None, kit: Kit) -> Video:
    """Keep what can be had of a video; gives it with its outcome."""
    if kit.stopping.is_set():
        return video
    return _without_engine(await _with_poster(video, place, referer, kit), kit.config.videos)


async def _with_poster(video: Video, place: Place, referer: str | None, kit: Kit) -> Video:
    poster = video.poster
    if poster is None or not isinstance(poster.outcome, Planned) or not video.embedded:
        return video
    if video.provider not in kit.config.videos.providers:
        poster = replace(poster, derived=())  # what the page shows is the page's; the provider itself is not asked
        if not poster.variants:
            return replace(video, poster=replace(poster, outcome=Skipped(reason=_provider_is_off(video))))
    name = f"video-{video.number:02d}-poster"
    spot = Spot(image=poster, place=place, referer=referer, kit=kit, kind="poster", name=name)
    poster = await save_image(spot)
    thumbnails = poster.outcome.thumbnails if isinstance(poster.outcome, Saved) else ()
    return replace(video, poster=poster, thumbnails=thumbnails)


def _without_engine(video: Video, settings: Videos) -> Video:
    if not isinstance(video.outcome, Planned):
        return video
    reason = "video download comes with the video engine"
    if video.provider not in settings.providers:
        reason = _provider_is_off(video)
    elif not settings.download:
        reason = "[videos] download is off"
    return replace(video, outcome=Skipped(reason=reason))


def _provider_is_off(video: Video) -> str:
    return f"{video.provider} is not among [videos] providers"

"""Which videos are to be downloaded, and why the others are not. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from harvester.config import Videos
from harvester.model import Skipped, Video

SURE = 0.5
"""The least confidence with which a link is taken for one to a video of the article."""


def planned(video: Video, settings: Videos) -> Video:
    """Return a video with what is planned for it and its poster: to be fetched, or skipped with the reason."""
    reason = _left_alone(video, settings)
    video = _poster_planned(video, settings)
    return video if reason is None else replace(video, outcome=Skipped(reason=reason))


def _left_alone(video: Video, settings: Videos) -> str | None:
    if not settings.download:
        return "[videos] download is off"
    if video.provider not in settings.providers:
        return _is_off(video)
    if not video.embedded and not (settings.linked and video.confidence >= SURE):
        return "the page only links to it; [videos] linked takes such videos"
    if video.kind in ("playlist", "channel") or (video.id is None and video.provider != "file"):
        return f"a {video.kind} is noted, its videos are not downloaded"
    return None


def _poster_planned(video: Video, settings: Videos) -> Video:
    """What the page shows is the page's; a provider that is not switched on is not asked for pictures either."""
    poster = video.poster
    if poster is None:
        return video
    if video.provider not in settings.providers:
        poster = replace(poster, derived=())
        if not poster.variants:
            poster = replace(poster, outcome=Skipped(reason=_is_off(video)))
    elif not video.embedded and not settings.linked:
        poster = replace(poster, outcome=Skipped(reason="the page only links to the video"))
    return replace(video, poster=poster)


def _is_off(video: Video) -> str:
    return f"{video.provider} is not among [videos] providers"

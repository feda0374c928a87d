"""Which videos will be downloaded, and why the others will not. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from harvester.config import Videos
from harvester.model import Skipped, Video

SURE = 0.5
"""The least confidence at which a link counts as one to a video of the article."""


def planned(video: Video, settings: Videos) -> Video:
    """Return *video* with the plan for it and its poster: to be downloaded, or skipped with a reason."""
    reason = _skip_reason(video, settings)
    video = _with_planned_poster(video, settings)
    return video if reason is None else replace(video, outcome=Skipped(reason=reason))


def _skip_reason(video: Video, settings: Videos) -> str | None:
    if not settings.download:
        return "[videos] download is off"
    if video.provider not in settings.providers:
        return _off_reason(video)
    if not video.embedded and not (settings.linked and video.confidence >= SURE):
        return "the page only links to it; [videos] linked takes such videos"
    if video.kind in ("playlist", "channel") or (video.id is None and video.provider != "file"):
        return f"a {video.kind} is noted, its videos are not downloaded"
    return None


def _with_planned_poster(video: Video, settings: Videos) -> Video:
    """Plan the poster: one on the page is the page's own; a provider that is off is not asked for pictures either."""
    poster = video.poster
    if poster is None:
        return video
    if video.provider not in settings.providers:
        poster = replace(poster, derived=())
        if not poster.variants:
            poster = replace(poster, outcome=Skipped(reason=_off_reason(video)))
    elif not video.embedded and not settings.linked:
        poster = replace(poster, outcome=Skipped(reason="the page only links to the video"))
    return replace(video, poster=poster)


def _off_reason(video: Video) -> str:
    return f"{video.provider} is not among [videos] providers"

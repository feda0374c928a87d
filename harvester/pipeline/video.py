"""One video of an article: its poster through the image chain, then the video itself, unless the output has it."""

from __future__ import annotations

import re

from msgspec.structs import replace

from harvester import events
from harvester.download.media_file import downloaded_file
from harvester.download.videos.engine import STOPPED, VideoAnswer
from harvester.download.videos.messages import Learned, VideoFetched, VideoPassed, VideoRefused
from harvester.errors import AssetError, StorageError
from harvester.model import Failed, Planned, Problem, Saved, Skipped, Video
from harvester.pipeline.earlier.folder import Folder, file_name
from harvester.pipeline.earlier.known_videos import there_already
from harvester.pipeline.image import ImageTask, save_image
from harvester.pipeline.keep import PART
from harvester.pipeline.keep_video import keep_fetched, keep_file, keep_from
from harvester.pipeline.kit import Kit

CONFIRMED = 3
"""Runs on which a video must be gone before it is not asked for again: providers take back what they say."""


async def save_video(video: Video, folder: Folder, referer: str | None, kit: Kit) -> Video:
    """Keep what can be had of a video; return it with its outcome."""
    if kit.stopping.is_set():
        return video
    video = await _with_poster(video, folder, referer, kit)
    if not isinstance(video.outcome, Planned):
        return video
    async with kit.collection.turns.of(video.url):
        video = await _obtain(video, folder, kit) or await _fetched(video, folder, referer, kit)
    if isinstance(video.outcome, Saved):
        size = video.outcome.file.bytes
        kit.emit(events.AssetSaved(url=video.url, kind="video", bytes=size, article=folder.name))
    return video


async def _with_poster(video: Video, folder: Folder, referer: str | None, kit: Kit) -> Video:
    poster = video.poster
    if poster is None or not isinstance(poster.outcome, Planned):
        return video
    name = f"video-{video.number:02d}-poster"
    task = ImageTask(image=poster, folder=folder, referer=referer, kit=kit, kind="poster", name=name)
    poster = await save_image(task)
    thumbnails = poster.outcome.thumbnails if isinstance(poster.outcome, Saved) else ()
    return replace(video, poster=poster, thumbnails=thumbnails)


async def _obtain(video: Video, folder: Folder, kit: Kit) -> Video | None:
    """Return the video from another article of this output that has it."""
    there = await kit.workers.run(there_already, video.url, folder, kit.collection, this_run_only=kit.force)
    return None if there is None else await kit.workers.run(keep_from, there, video, folder, kit)


async def _fetched(video: Video, folder: Folder, referer: str | None, kit: Kit) -> Video:
    fetch = _fetched_file(video, folder, referer, kit) if video.provider == "file" else _asked_for(video, folder, kit)
    video = await fetch
    if isinstance(video.outcome, Saved):
        kit.collection.known_videos.add(video, folder)
    return video


async def _fetched_file(video: Video, folder: Folder, referer: str | None, kit: Kit) -> Video:
    settings, label = kit.config, file_name(video.number, video.url)
    try:
        async with downloaded_file(
            video.url,
            referer=referer,
            part=kit.collection.store.work_path(folder.key) / f"video-{label}{PART}",
            web=kit.web,
            workers=kit.workers,
            settings=settings.web,
            most=min(filter(None, (settings.videos.max_bytes, settings.web.max_video_bytes))),
        ) as (received, kind):
            return await kit.workers.run(keep_file, video, received, kind, label, folder, kit)
    except AssetError as error:
        problem = Problem(code=error.code, message=error.message, retryable=error.retryable)
        return _lost(video, Failed(error=problem), folder, kit)


async def _asked_for(video: Video, folder: Folder, kit: Kit) -> Video:
    """Ask yt-dlp for the video; what it learned is kept whatever became of it."""
    work = kit.collection.store.work(folder.video_work)
    outcome: VideoAnswer = await kit.videos.fetch(video.url, video.provider, work, stopping=kit.stopping)
    if outcome.learned is not None:
        video = _with_learned(video, outcome.learned)
    match outcome.end:
        case VideoFetched() as fetched:
            return await kit.workers.run(keep_fetched, video, fetched, work, folder, kit)
        case VideoPassed(reason=reason):
            return replace(video, outcome=Skipped(reason=reason))
        case VideoRefused(code="disk_full", message=message):
            raise StorageError(message, code="disk_full")
        case VideoRefused(code=code) if code == STOPPED:
            return video
        case refused:
            return _lost(video, _failed(refused, video, folder), folder, kit, excused=refused.excused)


def _with_learned(video: Video, learned: Learned) -> Video:
    told = {name: value for name in learned.__struct_fields__ if (value := getattr(learned, name)) not in (None, ())}
    return replace(video, **told)


def _failed(refused: VideoRefused, video: Video, folder: Folder) -> Failed:
    problem = Problem(code=refused.code, message=refused.message, retryable=refused.retryable)
    if refused.code != "video_removed":
        return Failed(error=problem, retry_after=refused.retry_after)
    runs = 1 + _runs_gone(video, folder)
    if runs >= CONFIRMED:
        return Failed(error=replace(problem, retryable=False), reason=f"gone on {runs} runs; not asked for again")
    return Failed(error=problem, reason=f"gone on {runs} of {CONFIRMED} runs")


def _runs_gone(video: Video, folder: Folder) -> int:
    """Read from the earlier manifest on how many runs the video was gone."""
    earlier = folder.earlier.videos if folder.earlier else ()
    before = next((old.outcome for old in earlier if old.url == video.url), None)
    if not isinstance(before, Failed) or before.error.code != "video_removed":
        return 0
    told = re.match(r"gone on (\d+)", before.reason or "")
    return int(told[1]) if told else 0


def _lost(video: Video, failed: Failed, folder: Folder, kit: Kit, *, excused: bool = False) -> Video:
    """Write down that a video could not be had, and say so; *excused*: it was refused, nothing failed."""
    error = failed.error
    kit.emit(
        events.AssetFailed(
            url=video.url,
            kind="video",
            code=error.code,
            message=error.message,
            article=folder.name,
            retryable=error.retryable,
            excused=excused,
        )
    )
    return replace(video, outcome=failed)

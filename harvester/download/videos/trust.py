"""How far a child is believed: its files are those in its own folder, its words are harmless ones."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from harvester import urls
from harvester.download.videos.messages import VideoFetched, VideoPassed, VideoRefused


def believed(end: VideoFetched | VideoPassed | VideoRefused, folder: Path) -> VideoFetched | VideoPassed | VideoRefused:
    """Return how an order ended, as far as it is believed of a child that works in *folder*."""
    match end:
        case VideoFetched():
            return _own(end, folder)
        case VideoPassed(reason=reason):
            return replace(end, reason=urls.printable(reason))
        case VideoRefused(message=message, retry_after=later):
            return replace(end, message=urls.printable(message), retry_after=_moment(later))


def _moment(text: str | None) -> str | None:
    """Return *text* if it is a moment in ISO 8601 with its zone."""
    try:
        zoned = text is not None and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        zoned = False
    return text if zoned else None


def _own(told: VideoFetched, folder: Path) -> VideoFetched | VideoRefused:
    """Return *told* with those of its files that lie in *folder* itself; Refused where the video is not one of them.

    A caption that is none of them is left out, with a note. No symbolic link is followed, and no name counts twice.
    """
    names = [told.name, *(caption.name for caption in told.captions), told.info_json or ""]
    found = set(_found(names, folder))
    if 0 not in found:
        message = "yt-dlp named a file that is none of its own as the video. It is left where it is."
        return VideoRefused(code="video_foreign_file", message=message, retryable=True, excused=False)
    captions = tuple(caption for place, caption in enumerate(told.captions, 1) if place in found)
    lost = len(captions) < len(told.captions)
    notes = tuple(map(urls.printable, told.notes))
    notes = (*notes, "a caption was named that is no file of yt-dlp's") if lost else notes
    info = told.info_json if len(names) - 1 in found else None
    return replace(told, captions=captions, info_json=info, notes=notes)


def _found(names: Iterable[str], folder: Path) -> Iterator[int]:
    """Yield the places of the *names* that are regular files in *folder*, each file once."""
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name not in seen and _is_plain(name) and _is_file(folder / name):
            seen.add(name)
            yield place


def _is_plain(name: str) -> bool:
    return name.isprintable() and "\\" not in name and name not in ("", "..") and PurePosixPath(name).name == name


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:  # not there, or too long a name
        return False

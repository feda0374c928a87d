"""How far a child is trusted: its files must be in its own folder, and its messages are made harmless."""

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
    """Return the end of an order, as far as a child that works in *folder* can be trusted."""
    match end:
        case VideoFetched():
            return _with_own_files(end, folder)
        case VideoPassed(reason=reason):
            return replace(end, reason=urls.printable(reason))
        case VideoRefused(message=message, retry_after=later):
            return replace(end, message=urls.printable(message), retry_after=_moment(later))


def _moment(text: str | None) -> str | None:
    """Return *text* if it is a time in ISO 8601 with its zone, else None."""
    try:
        zoned = text is not None and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        zoned = False
    return text if zoned else None


def _with_own_files(fetched: VideoFetched, folder: Path) -> VideoFetched | VideoRefused:
    """Return *fetched* with only the files in *folder* itself; VideoRefused if the video is not one of them.

    Any other caption is left out, with a note. No symbolic link is followed, and no name counts twice.
    """
    names = [fetched.name, *(caption.name for caption in fetched.captions), fetched.info_json or ""]
    found = set(_indices_of_files(names, folder))
    if 0 not in found:
        message = "yt-dlp named a file that is not its own as the video. The file is left where it is."
        return VideoRefused(code="video_foreign_file", message=message, retryable=True, excused=False)
    captions = tuple(caption for place, caption in enumerate(fetched.captions, 1) if place in found)
    lost = len(captions) < len(fetched.captions)
    notes = tuple(map(urls.printable, fetched.notes))
    notes = (*notes, "yt-dlp named a caption file that is not its own") if lost else notes
    info = fetched.info_json if len(names) - 1 in found else None
    return replace(fetched, captions=captions, info_json=info, notes=notes)


def _indices_of_files(names: Iterable[str], folder: Path) -> Iterator[int]:
    """Yield the indices of the *names* that are regular files in *folder*, each file once."""
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

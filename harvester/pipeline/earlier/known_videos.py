"""One video, one download: what this run and other articles of the output have already."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from harvester.errors import FolderError
from harvester.manifest.folder import own_manifest
from harvester.model import Saved, Video
from harvester.pipeline.earlier.folder import Folder
from harvester.pipeline.earlier.known_files import is_sound
from harvester.state import State
from harvester.stores.disk import inside, size_inside
from harvester.stores.folder import Store

if TYPE_CHECKING:
    from harvester.pipeline.collection import Collection  # which holds what this file is for

MOST = 4096
LEARNED = (
    *("title", "duration", "uploader", "channel", "published", "description", "chapters"),
    *("resolution", "codecs", "live", "availability", "captions"),
)
"""What a video download tells that the page did not."""


class KnownVideo(Struct, frozen=True, kw_only=True):
    """A saved video, and the folder of the article that has it, relative to the output."""

    folder: str
    video: Video


class KnownVideos:
    """The last videos of this run by their URL: their manifests may not be written yet."""

    def __init__(self) -> None:
        self._there: OrderedDict[str, KnownVideo] = OrderedDict()

    def add(self, video: Video, folder: Folder) -> None:
        """Remember a saved video; the oldest is forgotten when there are too many."""
        self._there[video.url] = KnownVideo(folder=folder.name, video=video)
        if len(self._there) > MOST:
            self._there.popitem(last=False)

    def get(self, url: str) -> KnownVideo | None:
        """Return the video of this run that has *url*."""
        return self._there.get(url)


def there_already(url: str, folder: Folder, collection: Collection, *, this_run_only: bool) -> KnownVideo | None:
    """Return the video at *url* if another article of the output has it whole; reads it, if it is of an earlier run."""
    found = collection.known_videos.get(url)
    if found is None and not this_run_only:
        found = _in_manifest(url, collection.store, collection.state)
    return found if found is not None and found.folder != folder.name and _is_whole(found, collection.store) else None


def _in_manifest(url: str, store: Store, state: State) -> KnownVideo | None:
    stored = state.stored(url)
    if stored is None or not is_sound(stored, store):
        return None
    folder = str(PurePosixPath(stored.path).parent.parent)
    try:
        found = own_manifest(inside(store.root, folder), stored.key)
    except FolderError:  # of another version, or damaged: then it is fetched
        return None
    videos = found[0].videos if found is not None else ()
    video = next((video for video in videos if video.url == url and isinstance(video.outcome, Saved)), None)
    return KnownVideo(folder=folder, video=video) if video is not None else None


def _is_whole(there: KnownVideo, store: Store) -> bool:
    outcome = there.video.outcome
    assert isinstance(outcome, Saved), "only saved videos are remembered"
    files = [(outcome.file.path, outcome.file.bytes), *((c.path, c.bytes) for c in there.video.captions)]
    return all(size_inside(store.root, f"{there.folder}/{path}") == size for path, size in files)

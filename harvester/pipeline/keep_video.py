"""A video gets its names: the file, its captions, and what yt-dlp learned of it. Everything here runs in a thread."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from harvester.download.media_types import LOOKED_AT, Container, container
from harvester.download.videos.messages import VideoFetched
from harvester.manifest.verify import files_of_item
from harvester.model import Caption, File, Saved, Video
from harvester.pipeline.earlier.folder import Folder, known_videos
from harvester.pipeline.earlier.history import make_way
from harvester.pipeline.earlier.known_videos import LEARNED, KnownVideo
from harvester.pipeline.keep import give_name, sha256_of
from harvester.pipeline.kit import Kit
from harvester.steps import Received
from harvester.stores.disk import BLOCK, inside, size_inside, size_of, stated

FOLDER = "videos"


def keep_fetched(video: Video, fetched: VideoFetched, work: Path, folder: Folder, kit: Kit) -> Video:
    """Move what yt-dlp left in *work* to the article's folder; the captions come first, the video last."""
    part = work / fetched.name
    sha256, start = _digested(part)
    path = f"{FOLDER}/{fetched.name}"
    mark = "" if path not in _others(video, folder, kit) else f"{video.number:02d}-"  # ids are a provider's own
    captions = tuple(
        Caption(path=path, language=caption.language, kind=caption.kind, bytes=_size(folder, path))
        for caption in fetched.captions
        if (path := _moved(work / caption.name, mark, folder, kit))
    )
    if fetched.info_json:
        _moved(work / fetched.info_json, mark, folder, kit)
    kind = container(start)
    path = f"{FOLDER}/{mark}{fetched.name}"
    make_way(path, sha256, folder, keep=kit.config.output.keep_history)
    file = File(
        path=path,
        url=video.url,
        sha256=sha256,
        bytes=size_of(part) or 0,
        type=kind.mime if kind else "application/octet-stream",
        width=fetched.width,
        height=fetched.height,
        fetched_at=_now(),
    )
    resolution = f"{file.width}x{file.height}" if file.width and file.height else None
    video = replace(video, resolution=resolution, codecs=fetched.codecs, captions=captions)
    kept = _written_down(video, Saved(file=file, reason="; ".join(fetched.notes) or None), folder, kit)
    _moved(part, mark, folder, kit)
    return kept


def keep_file(video: Video, received: Received, kind: Container, label: str, folder: Folder, kit: Kit) -> Video:
    """Store a plain file under *label*."""
    path = f"{FOLDER}/{label}.{kind.extension}"
    sha256 = sha256_of(received)
    make_way(path, sha256, folder, keep=kit.config.output.keep_history)
    file = File(
        path=path,
        url=received.final_url,
        sha256=sha256,
        bytes=received.size,
        type=kind.mime,
        etag=received.etag,
        last_modified=received.last_modified,
        fetched_at=received.fetched_at,
    )
    kept = _written_down(video, Saved(file=file), folder, kit)
    give_name(received, inside(folder.path, path), kit.collection.store)
    return kept


def keep_from(there: KnownVideo, video: Video, folder: Folder, kit: Kit) -> Video | None:
    """Link (or copy) a video of another article with all that belongs to it, unless its names are taken here."""
    if {file.path for file in files_of_item(replace(there.video, poster=None))} & _others(video, folder, kit):
        return None
    saved = there.video.outcome
    assert isinstance(saved, Saved), "only saved videos are shared"
    video = replace(video, **{name: getattr(there.video, name) for name in LEARNED})
    kept = _written_down(video, replace(saved, duplicate_of=f"{there.folder}/{saved.file.path}"), folder, kit)
    beside = PurePosixPath(saved.file.path).with_suffix(".info.json").as_posix()
    for path in (*(caption.path for caption in there.video.captions), beside, saved.file.path):
        existing, store = f"{there.folder}/{path}", kit.collection.store
        if path != beside or size_inside(store.root, existing) is not None:
            store.share(inside(store.root, existing), inside(folder.path, path), kit.config.output.link)
    return kept


def _written_down(video: Video, saved: Saved, folder: Folder, kit: Kit) -> Video:
    """Return a video with its outcome, which the journal knows before its file has its name."""
    video = replace(video, outcome=saved)
    kit.collection.journal.write_down(video, folder.key)
    return video


def _others(video: Video, folder: Folder, kit: Kit) -> set[str]:
    """Return the names of files that other videos of the article have, of this run's too."""
    videos = (*known_videos(folder), *kit.collection.journal.of(folder.key).videos)
    return {file.path for other in videos if other.number != video.number for file in files_of_item(other)}


def _moved(part: Path, mark: str, folder: Folder, kit: Kit) -> str:
    path = f"{FOLDER}/{mark}{part.name}"
    kit.collection.store.adopt(part, inside(folder.path, path))
    return path


def _size(folder: Folder, path: str) -> int:
    return size_inside(folder.path, path) or 0


def _digested(part: Path) -> tuple[str, bytes]:
    """Return the hash of a file, and its beginning."""
    digest = hashlib.sha256()
    with stated(part), part.open("rb") as file:
        start = file.read(LOOKED_AT)
        digest.update(start)
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest(), start


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

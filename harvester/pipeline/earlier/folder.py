"""Where an article lies in the output, and what lies there already."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from harvester import urls
from harvester.errors import FolderError
from harvester.manifest.folder import MANIFEST, own_manifest, read_inside
from harvester.model import Article, Image, Manifest, Saved, Video
from harvester.pipeline.earlier.journal import Journal, Unfinished
from harvester.pipeline.earlier.numbers import told_apart, without_rivals
from harvester.state import State
from harvester.stores import disk
from harvester.stores.folder import Store

LONGEST_SITE = 100
"""Letters of a domain that name a folder; disks take 255, some of them 143."""


class Folder(Struct, frozen=True, kw_only=True):
    """An article's folder, relative to the output.

    *earlier* is the manifest that lies there, each image and video with a number and files of its own; *written* is the
    same as it stands there, *raw* its bytes. *unreadable* is what lies there in place of one, *begun* what a killed run
    had already.
    """

    key: str
    folder: str
    path: Path
    earlier: Manifest | None = None
    written: Manifest | None = None
    raw: bytes | None = None
    unreadable: bytes | None = None
    begun: Unfinished = Unfinished()

    @property
    def video_work(self) -> str:
        """What the work folder for its videos is called: yt-dlp's own, where the parts of pictures are out of reach."""
        return f"{self.key}-videos"


def find_folder(article: Article, store: Store, state: State, journal: Journal) -> Folder:
    """Give the folder an article has had since its first harvest, else a new one of its date and title."""
    known = state.article(article.key)
    folder = known.folder if known else new_folder(article)
    return open_folder(article.key, folder, store, journal.of(article.key))


def open_folder(key: str, folder: str, store: Store, begun: Unfinished = Unfinished()) -> Folder:  # noqa: B008 - a frozen value
    """Read what lies in an article's folder; a manifest that cannot be read counts as none, and is kept aside."""
    path = store.folder(folder)
    try:
        written, raw = own_manifest(path, key) or (None, None)
    except FolderError as error:
        if error.code != "manifest_damaged":
            raise
        return placed(Folder(key=key, folder=folder, path=path, unreadable=read_inside(path, MANIFEST)), begun)
    return placed(Folder(key=key, folder=folder, path=path, written=written, raw=raw), begun)


def placed(found: Folder, begun: Unfinished) -> Folder:
    """Give a folder as it was *found*, each image and video in it with a number and files of its own."""
    earlier = told_apart(found.written, found.path) if found.written is not None else None
    images, videos = (earlier.images, earlier.videos) if earlier is not None else ((), ())
    begun = replace(
        begun,
        images=without_rivals("images", begun.images, images, found.path),
        videos=without_rivals("videos", begun.videos, videos, found.path),
    )
    return replace(found, earlier=earlier, begun=begun)


def new_folder(article: Article) -> str:
    """Name a folder `<site>/<YYYY>/<MM>/<slug>-<key>`, with `undated` for the date of an article without one."""
    url = article.canonical_url or article.url
    site = re.sub(r"[^a-z0-9.-]+", "-", urls.registered_domain(url))[:LONGEST_SITE].strip(".-") or "local"
    dated = re.match(r"(\d{4})-(\d{2})", article.published or "")
    when = f"{dated[1]}/{dated[2]}" if dated else "undated"
    name = urls.slug(article.title or "") or urls.slug(urls.stem(url)) or "article"
    return f"{site}/{when}/{name}-{article.key}"


@lru_cache(maxsize=1024)  # a picture's part and the picture itself are called the same
def file_name(number: int, url: str) -> str:
    """Name an image's file, without its extension: its number, then what its URL calls it."""
    name = urls.slug(urls.stem(url), limit=40)
    return f"{number:02d}-{name}" if name else f"{number:02d}"


def known_images(place: Folder) -> tuple[Image, ...]:
    """Give the images that a killed run or an earlier harvest had; of one picture what was said last comes first."""
    return (*place.begun.images, *(place.earlier.images if place.earlier else ()))


def known_videos(place: Folder) -> tuple[Video, ...]:
    """Give the videos that an earlier harvest or a killed run had; of one video what was said last comes last."""
    return (*(place.earlier.videos if place.earlier else ()), *place.begun.videos)


def is_whole(item: Image | Video, place: Folder) -> bool:
    """Say whether the files of a saved image or video are there and of the right size."""
    saved = item.outcome
    if not isinstance(saved, Saved):
        return False
    files = [(saved.file.path, saved.file.bytes), *((t.path, t.bytes) for t in saved.thumbnails)]
    files += [(c.path, c.bytes) for c in item.captions] if isinstance(item, Video) else []
    return all(disk.size_inside(place.path, path) == size for path, size in files)


def has_original(item: Image | Video, place: Folder) -> bool:
    """Say whether the file itself is there and of the right size, whatever became of its thumbnails."""
    saved = item.outcome
    return isinstance(saved, Saved) and disk.size_inside(place.path, saved.file.path) == saved.file.bytes

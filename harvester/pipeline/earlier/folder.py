"""Where an article lies in the output, and what lies there already."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from harvester import urls
from harvester.errors import FolderError
from harvester.manifest.folder import MANIFEST, own_manifest, read_inside
from harvester.model import Article, Image, Manifest, Saved, Video
from harvester.pipeline.earlier.journal import Unfinished
from harvester.pipeline.earlier.numbers import told_apart, without_rivals
from harvester.stores import disk
from harvester.stores.folder import Store

if TYPE_CHECKING:
    from harvester.pipeline.collection import Collection  # which holds what this file is for

LONGEST_SITE = 100
"""Letters of a domain that name a folder; disks take 255, some of them 143."""


class Folder(Struct, frozen=True, kw_only=True):
    """An article's folder; *name* is relative to the output.

    *earlier* is the manifest that lies there, each image and video with a number and files of its own; *written* is the
    same as it stands there, *raw* its bytes. *unreadable* is what lies there in place of one, *unfinished* what a
    killed run had already.
    """

    key: str
    name: str
    path: Path
    earlier: Manifest | None = None
    written: Manifest | None = None
    raw: bytes | None = None
    unreadable: bytes | None = None
    unfinished: Unfinished = Unfinished()

    @property
    def video_work(self) -> str:
        """What the work folder for its videos is called: yt-dlp's own, where the parts of pictures are out of reach."""
        return f"{self.key}-videos"


def find_folder(article: Article, collection: Collection) -> Folder:
    """Return the folder an article has had since its first harvest, else a new one of its date and title."""
    known = collection.state.article(article.key)
    name = known.folder if known else new_folder(article)
    return open_folder(article.key, name, collection.store, collection.journal.of(article.key))


def open_folder(
    key: str,
    name: str,
    store: Store,
    unfinished: Unfinished = Unfinished(),  # noqa: B008 - a frozen value
) -> Folder:
    """Read what lies in an article's folder; a manifest that cannot be read counts as none, and is kept aside."""
    path = store.folder(name)
    try:
        written, raw = own_manifest(path, key) or (None, None)
    except FolderError as error:
        if error.code != "manifest_damaged":
            raise
        return placed(Folder(key=key, name=name, path=path, unreadable=read_inside(path, MANIFEST)), unfinished)
    return placed(Folder(key=key, name=name, path=path, written=written, raw=raw), unfinished)


def placed(found: Folder, unfinished: Unfinished) -> Folder:
    """Return a folder as it was *found*, each image and video in it with a number and files of its own."""
    earlier = told_apart(found.written, found.path) if found.written is not None else None
    images, videos = (earlier.images, earlier.videos) if earlier is not None else ((), ())
    unfinished = replace(
        unfinished,
        images=without_rivals("images", unfinished.images, images, found.path),
        videos=without_rivals("videos", unfinished.videos, videos, found.path),
    )
    return replace(found, earlier=earlier, unfinished=unfinished)


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


def known_images(folder: Folder) -> tuple[Image, ...]:
    """Return the images that a killed run or an earlier harvest had; of one picture what was said last comes first."""
    return (*folder.unfinished.images, *(folder.earlier.images if folder.earlier else ()))


def known_videos(folder: Folder) -> tuple[Video, ...]:
    """Return the videos that an earlier harvest or a killed run had; of one video what was said last comes last."""
    return (*(folder.earlier.videos if folder.earlier else ()), *folder.unfinished.videos)


def is_whole(item: Image | Video, folder: Folder) -> bool:
    """Return whether the files of a saved image or video are there and of the right size."""
    saved = item.outcome
    if not isinstance(saved, Saved):
        return False
    files = [(saved.file.path, saved.file.bytes), *((t.path, t.bytes) for t in saved.thumbnails)]
    files += [(c.path, c.bytes) for c in item.captions] if isinstance(item, Video) else []
    return all(disk.size_inside(folder.path, path) == size for path, size in files)


def has_original(item: Image | Video, folder: Folder) -> bool:
    """Return whether the file itself is there and of the right size, whatever became of its thumbnails."""
    saved = item.outcome
    return isinstance(saved, Saved) and disk.size_inside(folder.path, saved.file.path) == saved.file.bytes

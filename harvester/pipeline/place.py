"""Where an article lies in the output, and what lies there already."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from harvester import storage, urls
from harvester.errors import StorageError
from harvester.manifest import codec
from harvester.model import Article, Image, Manifest, Saved, Video
from harvester.pipeline.journal import Begun, Journal
from harvester.state import State
from harvester.storage import Store


class Place(Struct, frozen=True, kw_only=True):
    """An article's folder, relative to the output.

    *earlier* is the manifest that lies there, *raw* its bytes, *begun* what a killed run had already.
    """

    key: str
    folder: str
    path: Path
    earlier: Manifest | None = None
    raw: bytes | None = None
    begun: Begun = Begun()

    @property
    def video_work(self) -> str:
        """What the work folder for its videos is called: yt-dlp's own, where the parts of pictures are out of reach."""
        return f"{self.key}-videos"


def find_place(article: Article, store: Store, state: State, journal: Journal) -> Place:
    """Give the folder an article has had since its first harvest, else a new one of its date and title."""
    known = state.article(article.key)
    folder = known.folder if known else new_folder(article)
    return open_place(article.key, folder, store, journal.of(article.key))


def open_place(key: str, folder: str, store: Store, begun: Begun = Begun()) -> Place:  # noqa: B008 - a frozen value
    """Read what lies in an article's folder; a manifest that cannot be read counts as none, and is kept aside."""
    path = store.folder(folder)
    raw = storage.read(path / "manifest.json")
    place = Place(key=key, folder=folder, path=path, begun=begun)
    if raw is None:
        return place
    try:
        return replace(place, earlier=codec.load(raw), raw=raw)
    except StorageError as error:
        if error.code == "manifest_newer":
            raise
        return place


def new_folder(article: Article) -> str:
    """Name a folder `<site>/<YYYY>/<MM>/<slug>-<key>`, with `undated` for the date of an article without one."""
    url = article.canonical_url or article.url
    site = re.sub(r"[^a-z0-9.-]+", "-", urls.registered_domain(url)).strip(".-") or "local"
    dated = re.match(r"(\d{4})-(\d{2})", article.published or "")
    when = f"{dated[1]}/{dated[2]}" if dated else "undated"
    name = urls.slug(article.title or "") or urls.slug(urls.stem(url)) or "article"
    return f"{site}/{when}/{name}-{article.key}"


@lru_cache(maxsize=1024)  # a picture's part and the picture itself are called the same
def file_name(number: int, url: str) -> str:
    """Name an image's file, without its extension: its number, then what its URL calls it."""
    name = urls.slug(urls.stem(url), limit=40)
    return f"{number:02d}-{name}" if name else f"{number:02d}"


def next_number(place: Place) -> int:
    """Give the first number that no image of this article ever had."""
    ever = [image.number for image in place.earlier.images] if place.earlier else []
    return max([*ever, *_numbers_in(place.path / "images", r"(\d+)")], default=0) + 1


def next_video_number(place: Place) -> int:
    """Give the first number that no video of this article ever had; its poster and a plain file are named by it."""
    ever = [video.number for video in (*(place.earlier.videos if place.earlier else ()), *place.begun.videos)]
    posters, files = (place.path / "images", r"video-(\d+)-poster"), (place.path / "videos", r"(\d{2,4})-")
    return max([*ever, *_numbers_in(*posters), *_numbers_in(*files)], default=0) + 1


def _numbers_in(folder: Path, form: str) -> list[int]:
    """Give the numbers with which the names of files in *folder* begin."""
    files = folder.iterdir() if folder.is_dir() else ()
    return [int(found[1]) for file in files if (found := re.match(form, file.name))]


def is_whole(item: Image | Video, place: Place) -> bool:
    """Say whether the files of a saved image or video are there and of the right size."""
    saved = item.outcome
    if not isinstance(saved, Saved):
        return False
    files = [(saved.file.path, saved.file.bytes), *((t.path, t.bytes) for t in saved.thumbnails)]
    files += [(c.path, c.bytes) for c in item.captions] if isinstance(item, Video) else []
    return all(storage.size_inside(place.path, path) == size for path, size in files)


def has_original(item: Image | Video, place: Place) -> bool:
    """Say whether the file itself is there and of the right size, whatever became of its thumbnails."""
    saved = item.outcome
    return isinstance(saved, Saved) and storage.size_inside(place.path, saved.file.path) == saved.file.bytes

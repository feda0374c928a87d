"""Numbers: an article gives each once, whatever a killed run, an older version or somebody else left in its folder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Literal, TypeVar

from msgspec.structs import replace

from harvester.errors import StorageError
from harvester.manifest import codec
from harvester.manifest.verify import files_of_item, hash_of
from harvester.model import Image, Manifest, Planned, Saved, Video
from harvester.pipeline.earlier.journal import MOST
from harvester.stores import disk
from harvester.stores.disk import inside

Item = TypeVar("Item", Image, Video)
Kind = Literal["images", "videos"]

FORMS = {
    "images": {"images": r"([0-9]+)", "thumbnails": r"([0-9]+)"},
    "videos": {"images": r"video-([0-9]+)-", "thumbnails": r"video-([0-9]+)-", "videos": r"([0-9]{2,4})-"},
}
"""How the names of files begin that have a number of an image or video, by their folder; an id of YouTube may be all
digits."""


def unused(kind: Kind, folder: Path, known: Iterable[Image | Video]) -> Iterator[int]:
    """Yield numbers that no image (or video) of an article ever had: none of those *known*, none that its history
    tells of, none that a file in its *folder* is called by. Nothing is read before the first is asked for.
    """
    ever = {*(item.number for item in known), *_numbers_in_history(kind, folder), *_worn(kind, folder)}
    last = max((number for number in ever if number <= MOST), default=0)  # a larger one is somebody else's, or damage
    yield from (number for number in count(max(last, 0) + 1) if number not in ever)


def _numbers_in_history(kind: Kind, folder: Path) -> Iterator[int]:
    """Yield the numbers in earlier states of the article; those of pictures that failed stand nowhere else."""
    for state in codec.objects(disk.read(folder / "history.jsonl") or b""):
        manifest = state.get("manifest")
        items = manifest.get(kind) if isinstance(manifest, dict) else None
        for item in items if isinstance(items, list) else ():
            number = item.get("number") if isinstance(item, dict) else None
            if isinstance(number, int):
                yield number


def _worn(kind: Kind, folder: Path) -> Iterator[int]:
    """Yield the numbers with which the names of files begin, whoever put them there."""
    for name, form in FORMS[kind].items():
        for file in disk.names_in(folder / name):
            found = re.match(form, file)
            if found is not None:
                yield int(found[1])


def told_apart(manifest: Manifest, folder: Path) -> Manifest:
    """Return the manifest with a number and files of its own for each image and each video.

    Where two have one number or name one file, which older versions could write, the one whose file is there keeps it,
    and its thumbnails are to be drawn again; the other is planned again under a number that nobody had.
    """
    images, videos = _apart("images", manifest.images, folder), _apart("videos", manifest.videos, folder)
    if images == manifest.images and videos == manifest.videos:
        return manifest
    return replace(manifest, images=images, videos=videos)


def without_rivals(kind: Kind, unfinished: Iterable[Item], written: tuple[Item, ...], folder: Path) -> tuple[Item, ...]:
    """Return what a killed run kept, without what has a number or file that the manifest gives to something else."""
    numbers = {owner.number: owner for owner in written}
    owners = {path: owner for owner in written for path in _claims(owner)}

    def is_free(item: Item, owner: Item | None) -> bool:
        return owner is None or is_same(owner, item)

    kept = (item for item in unfinished if is_free(item, numbers.get(item.number)))
    own = (item if all(is_free(item, owners.get(path)) for path in _claims(item)) else _planned(item) for item in kept)
    return _apart(kind, tuple(own), folder, besides=written)


def is_same(one: Image | Video, other: Image | Video) -> bool:
    """Return whether two are one picture, which shares a URL, or one video, which has one name."""
    if isinstance(one, Video) and isinstance(other, Video):
        return name_of(one) == name_of(other)
    return isinstance(one, Image) and isinstance(other, Image) and bool(_urls(one) & _urls(other))


def name_of(video: Video) -> tuple[str, str]:
    """Return what tells a video from all others."""
    return video.provider, video.id or video.url


def _urls(image: Image) -> set[str]:
    return {variant.url for variant in image.variants}


def _apart(kind: Kind, items: tuple[Item, ...], folder: Path, besides: tuple[Item, ...] = ()) -> tuple[Item, ...]:
    shared = _shared(items)
    if not shared and len({item.number for item in items}) == len(items):
        return items
    fresh, numbers = unused(kind, folder, (*items, *besides)), set[int]()
    held: dict[str, object] = {}
    result: dict[int, Item] = {}
    for index, item in sorted(enumerate(items), key=lambda pair: not _is_there(pair[1], folder)):
        originals, all_files = _originals(item), _claims(item).keys()
        if item.number in numbers:
            item = _numbered(item, next(fresh))
        if _clash(originals, held):
            item = _planned(item)
        elif shared & all_files:
            item = _to_redraw(item)
        numbers.add(item.number)
        held |= {path: said for path, said in originals.items() if path not in held}
        result[index] = item
    return tuple(result[index] for index in range(len(items)))


def _claims(item: Image | Video) -> dict[str, object]:
    """Return what an item says that its files hold: their hashes, or their sizes."""
    return {file.path: file.sha256 or file.bytes for file in files_of_item(item)}


def _originals(item: Image | Video) -> dict[str, object]:
    """Return what an item says of its files, without thumbnails: these can be drawn again, under any name."""
    thumbnails = {path for one in (item, getattr(item, "poster", None)) if one for path in _thumbnails_of(one)}
    return {path: said for path, said in _claims(item).items() if path not in thumbnails}


def _thumbnails_of(item: Image | Video) -> set[str]:
    thumbnails = item.outcome.thumbnails if isinstance(item.outcome, Saved) else ()
    own = item.outcome.file.path if isinstance(item.outcome, Saved) else None
    return {thumbnail.path for thumbnail in thumbnails} - {own}


def _clash(one: dict[str, object], other: dict[str, object]) -> bool:
    return any(path in other and other[path] != held for path, held in one.items())


def _shared(items: Iterable[Image | Video]) -> set[str]:
    """Return the paths of which two items say different things."""
    said = {(path, held) for item in items for path, held in _claims(item).items()}
    return {path for path, times in Counter(path for path, _ in said).items() if times > 1}


def _is_there(item: Image | Video, folder: Path) -> bool:
    if not isinstance(item.outcome, Saved):
        return False
    try:
        return hash_of(inside(folder, item.outcome.file.path)) == item.outcome.file.sha256
    except StorageError:
        return False


def _numbered(item: Item, number: int) -> Item:
    item = replace(item, number=number)
    if isinstance(item, Video) and item.poster is not None:
        item = replace(item, poster=replace(item.poster, number=number))
    return item


def _planned(item: Item) -> Item:
    if isinstance(item, Image):
        return replace(item, outcome=Planned())
    poster = replace(item.poster, outcome=Planned()) if item.poster is not None else None
    return replace(item, outcome=Planned(), captions=(), poster=poster, thumbnails=())


def _to_redraw(item: Item) -> Item:
    """Say that an image's thumbnails hold nothing, which no file does: they may be those of the other."""
    if isinstance(item, Image) and isinstance(item.outcome, Saved):
        thumbnails = tuple(replace(thumbnail, bytes=0) for thumbnail in item.outcome.thumbnails)
        return replace(item, outcome=replace(item.outcome, thumbnails=thumbnails))
    return item

"""What an article has already while its manifest is not written: a line for each kept file, for a run that is killed.

The journal lies among the article's parts and goes when the manifest takes its place.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from harvester import storage
from harvester.manifest import codec
from harvester.model import Image, Video
from harvester.storage import Store

DECODING = "decoding.txt"
FILES = {Image: "kept.jsonl", Video: "kept-videos.jsonl"}
Item = TypeVar("Item", Image, Video)


def write_down(item: Image | Video, key: str, store: Store) -> None:
    """Add a kept picture or video; its files have their names already."""
    store.append(FILES[type(item)], msgspec.json.encode(item), key=key)


def begin(url: str, key: str, store: Store) -> None:
    """Say that the picture from *url* is about to be decoded: should that end the process, the next run knows."""
    store.append(DECODING, url.encode(), key=key)


def begun(key: str, store: Store) -> frozenset[str]:
    """Give the URLs of pictures that a run which died had begun to decode."""
    lines = (storage.read(store.work_path(key) / DECODING) or b"").splitlines()
    return frozenset(line.decode("utf-8", "replace") for line in lines)


def read_back(kind: type[Item], key: str, store: Store) -> tuple[Item, ...]:
    """Give what a killed run kept, the last word on each number; a line cut off by the kill is none."""
    found: dict[int, Item] = {}
    for line in (storage.read(store.work_path(key) / FILES[kind]) or b"").splitlines():
        try:
            item = codec.shaped(msgspec.json.decode(line), kind)
        except (msgspec.DecodeError, msgspec.ValidationError):
            continue
        found[item.number] = item
    return tuple(found.values())


def close(key: str, store: Store) -> None:
    """The manifest says it all now."""
    for name in (*FILES.values(), DECODING):
        (store.work_path(key) / name).unlink(missing_ok=True)
    store.clear_work(key)

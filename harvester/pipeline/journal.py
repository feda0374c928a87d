"""What an article has already while its manifest is not written: a line per kept picture, for a run that is killed.

The journal lies among the article's parts and goes when the manifest takes its place.
"""

from __future__ import annotations

import msgspec

from harvester import storage
from harvester.model import Image
from harvester.storage import Store, stated

FILE = "kept.jsonl"


def write_down(image: Image, key: str, store: Store) -> None:
    """Add a kept picture; its files have their names already."""
    path = store.work(key) / FILE
    with stated(path), path.open("ab") as file:
        file.write(msgspec.json.encode(image) + b"\n")


def read_back(key: str, store: Store) -> tuple[Image, ...]:
    """Give the pictures that a killed run kept, the last word on each number; a line cut off by the kill is none."""
    found: dict[int, Image] = {}
    for line in (storage.read(store.work_path(key) / FILE) or b"").splitlines():
        try:
            image = msgspec.json.decode(line, type=Image)
        except (msgspec.DecodeError, msgspec.ValidationError):
            continue
        found[image.number] = image
    return tuple(found.values())


def close(key: str, store: Store) -> None:
    """The manifest says it all now."""
    (store.work_path(key) / FILE).unlink(missing_ok=True)
    store.clear_work(key)

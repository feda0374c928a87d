"""Earlier states of an article: a line each in `history.jsonl`, and the files that were replaced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from harvester import storage
from harvester.manifest import codec
from harvester.manifest.diff import Change, changes
from harvester.manifest.folder import DAMAGED, HISTORY, MANIFEST, read_inside
from harvester.manifest.verify import hash_of
from harvester.model import File, Image, Manifest, Saved, Video
from harvester.pipeline.place import Place
from harvester.storage import Store, inside, stated


def note(new: Manifest, place: Place, store: Store, *, keep_files: bool) -> tuple[Change, ...]:
    """Before *new* is written, keep the earlier state if anything of it changed; tells what changed.

    The line holds `at`, `run`, `changes`, `files` (old name -> the name it has now, null when removed) and `manifest`.
    """
    old = place.earlier
    found = changes(old, new) if old is not None else ()
    if old is None or not found:
        return ()
    files = {
        before.path: set_aside(before, place, keep=keep_files) if before.path != after.path else kept_as(before, place)
        for before, after in _replaced(old, new)
    }
    line = {"at": new.harvested_at, "run": new.run, "changes": found, "files": files, "manifest": codec.builtins(old)}
    path = inside(place.path, HISTORY)
    store.write(path, (read_inside(place.path, HISTORY) or b"") + msgspec.json.encode(line) + b"\n")
    return found


def keep_unread(place: Place, store: Store) -> None:
    """Before a manifest is written: keep the one that stands there and could not be read under another name too."""
    if place.raw is None and storage.size_inside(place.path, MANIFEST) is not None:
        store.share(inside(place.path, MANIFEST), inside(place.path, DAMAGED), "hard")


def make_way(relative: str, sha256: str, place: Place, *, keep: bool) -> None:
    """Before a file is written as *relative*: set aside what stands there if it is another content.

    Without *keep* it stays until the new file takes its name.
    """
    for item in _items(place.earlier) if place.earlier else ():
        file = _file(item)
        if file is None or file.path != relative or file.sha256 == sha256:
            continue
        if keep and storage.size_inside(place.path, relative) is not None:
            set_aside(file, place, keep=keep)


def set_aside(file: File, place: Place, *, keep: bool) -> str | None:
    """Give a replaced file the day it was fetched as part of its name, or remove it; gives the name it has now.

    Two replacements of one day are told apart by the first digits of their hash; a file that was damaged says so.
    """
    if storage.size_inside(place.path, file.path) is None:
        return None
    path = inside(place.path, file.path)
    with stated(path):
        if not keep:
            path.unlink(missing_ok=True)
            return None
        names = _dated(file) if _holds(path, file) else (_damaged(file),)
        name = next((name for name in names if not inside(place.path, name).exists()), names[-1])
        path.replace(inside(place.path, name))
        return name


def kept_as(file: File, place: Place) -> str | None:
    """Give the name under which a replaced file was set aside, or None when it was not kept."""
    kept = next((name for name in _dated(file) if _holds(inside(place.path, name), file)), None)
    return kept or (_damaged(file) if storage.size_inside(place.path, _damaged(file)) is not None else None)


def _damaged(file: File) -> str:
    name = PurePosixPath(file.path)
    return str(name.with_name(f"{name.stem}.{_day(file)}-damaged{name.suffix}"))


def _day(file: File) -> str:
    return (file.fetched_at or "earlier")[:10]


def _dated(file: File) -> tuple[str, str, str]:
    name = PurePosixPath(file.path)
    day = _day(file)
    marks = (day, f"{day}-{file.sha256[:8]}", f"{day}-{file.sha256}")
    first, second, third = (str(name.with_name(f"{name.stem}.{mark}{name.suffix}")) for mark in marks)
    return first, second, third


def _holds(path: Path, file: File) -> bool:
    return storage.size_of(path) == file.bytes and hash_of(path) == file.sha256


def _replaced(old: Manifest, new: Manifest) -> Iterator[tuple[File, File]]:
    now: dict[tuple[type, int], Image | Video] = {(type(item), item.number): item for item in _items(new)}
    for item in _items(old):
        before, after = _file(item), _file(now.get((type(item), item.number)))
        if before is not None and after is not None and before.sha256 != after.sha256:
            yield before, after


def _items(manifest: Manifest) -> Iterator[Image | Video]:
    yield from manifest.images
    yield from manifest.videos


def _file(item: Image | Video | None) -> File | None:
    return item.outcome.file if item is not None and isinstance(item.outcome, Saved) else None

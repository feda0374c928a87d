"""Earlier states of an article: a line each in `history.jsonl`, and the files that were replaced."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import msgspec

from harvester.manifest import codec
from harvester.manifest.diff import Change, changes, renumbered
from harvester.manifest.folder import HISTORY, damaged_name, read_inside
from harvester.manifest.verify import files_of, hash_of
from harvester.model import File, Image, Manifest, Saved, Video
from harvester.pipeline.earlier.folder import Folder, known_images, known_videos
from harvester.stores import disk
from harvester.stores.disk import inside, stated
from harvester.stores.folder import Store


def note(new: Manifest, folder: Folder, store: Store, *, keep_files: bool) -> tuple[Change, ...]:
    """Before *new* is written, keep the earlier state if anything of it changed; tells what changed.

    The line holds `at`, `run`, `changes`, `files` (old name -> the name it has now, null when removed) and `manifest`.
    """
    if folder.unreadable is not None:
        name = damaged_name(hashlib.sha256(folder.unreadable).hexdigest())
        store.write(folder.path / name, folder.unreadable)
    old, written = folder.earlier, folder.written
    if old is None or written is None:
        return ()
    found = (*renumbered(written, old), *changes(old, new))
    if not found:
        return ()
    named = {file.path for file in files_of(new)}
    files = {
        before.path: kept_as(before, folder) if before.path in named else set_aside(before, folder, keep=keep_files)
        for before in _replaced(old, new)
    }
    line = {"at": new.harvested_at, "run": new.run, "changes": found, "files": files}
    _add(msgspec.json.encode(line), msgspec.json.encode(codec.builtins(written)), folder, store)
    return found


def _add(line: bytes, state: bytes, folder: Folder, store: Store) -> None:
    """Write *line* with the earlier *state*, in place of one that a killed run wrote of the same state."""
    path = inside(folder.path, HISTORY)
    ending = b',"manifest":' + state + b"}"
    lines = [old for old in (read_inside(folder.path, HISTORY) or b"").splitlines() if not old.endswith(ending)]
    store.write(path, b"".join(old + b"\n" for old in (*lines, line[:-1] + ending)))


def make_way(relative: str, sha256: str, folder: Folder, *, keep: bool) -> None:
    """Before a file with the hash *sha256* is written as *relative*: keep what stands there under another name.

    What is this image's or video's own is kept only if *keep*; what nothing speaks of, or is not what it was, always.
    """
    path = inside(folder.path, relative)
    if disk.size_of(path) is None:
        return
    stands = hash_of(path)
    known = [file for file in _known_files(folder) if file.path == relative]
    own = next((file for file in known if file.sha256 == stands), None)
    if stands is None or stands == sha256 or (own is not None and not keep):
        return
    with stated(path):
        other = _name_aside(own, known, _stranger(relative, stands, path), folder)
        if other is None:
            return
        try:
            other.hardlink_to(path)  # so that the old name is never without a file
        except OSError:  # a disk without links
            path.rename(other)


def _name_aside(own: File | None, known: list[File], stranger: File, folder: Folder) -> Path | None:
    """Return the name under which a file is kept: its day, or that it was damaged; None where it is kept already."""
    damaged = inside(folder.path, _damaged(known[0])) if known and own is None else None
    if damaged is not None and not damaged.exists():
        return damaged
    file = own or stranger
    return inside(folder.path, _free_name(file, folder)) if kept_as(file, folder) is None else None


def set_aside(file: File, folder: Folder, *, keep: bool) -> str | None:
    """Add to the name of a replaced file the day it was fetched, or remove it; return the name it has now.

    Two replacements of one day are told apart by the first digits of their hash; a file that was damaged says so.
    """
    path = inside(folder.path, file.path)
    with stated(path):
        if not keep:
            path.unlink(missing_ok=True)
            return None
        kept = kept_as(file, folder)
        if kept is not None and _holds(path, file):
            path.unlink()
        elif disk.size_of(path) is not None:  # else a killed run did it
            path.rename(inside(folder.path, _free_name(file, folder) if _holds(path, file) else _damaged(file)))
    return kept or kept_as(file, folder)


def _free_name(file: File, folder: Folder) -> str:
    """Return the first dated name of a file that no other content has."""
    names = _dated(file)
    return next((name for name in names if not inside(folder.path, name).exists()), names[-1])


def _stranger(relative: str, sha256: str, path: Path) -> File:
    """Describe a file that nothing speaks of by its own date."""
    seen = path.stat()
    day = datetime.fromtimestamp(seen.st_mtime, UTC).date().isoformat()
    return File(path=relative, url="", sha256=sha256, bytes=seen.st_size, type="", fetched_at=day)


def kept_as(file: File, folder: Folder) -> str | None:
    """Return the name under which a replaced file was set aside, or None when it was not kept."""
    kept = next((name for name in _dated(file) if _holds(inside(folder.path, name), file)), None)
    return kept or (_damaged(file) if disk.size_inside(folder.path, _damaged(file)) is not None else None)


def _damaged(file: File) -> str:
    name = PurePosixPath(file.path)
    return str(name.with_name(f"{name.stem}.{_day(file)}-damaged{name.suffix}"))


def _day(file: File) -> str:
    dated = re.match(r"\d{4}-\d\d-\d\d", file.fetched_at or "", re.ASCII)
    return dated[0] if dated else "earlier"


def _dated(file: File) -> tuple[str, str, str]:
    name = PurePosixPath(file.path)
    day = _day(file)
    marks = (day, f"{day}-{file.sha256[:8]}", f"{day}-{file.sha256}")
    first, second, third = (str(name.with_name(f"{name.stem}.{mark}{name.suffix}")) for mark in marks)
    return first, second, third


def _holds(path: Path, file: File) -> bool:
    return disk.size_of(path) == file.bytes and hash_of(path) == file.sha256


def _known_files(folder: Folder) -> Iterator[File]:
    """Yield every original that the manifest or a killed run tells of."""
    items: tuple[Image | Video, ...] = (*known_images(folder), *known_videos(folder))
    for item in items:
        for one in (item, item.poster if isinstance(item, Video) else None):
            file = _file(one)
            if file is not None:
                yield file


def _replaced(old: Manifest, new: Manifest) -> Iterator[File]:
    now: dict[tuple[type, int], Image | Video] = {(type(item), item.number): item for item in _items(new)}
    for item in _items(old):
        before, after = _file(item), _file(now.get((type(item), item.number)))
        if before is not None and after is not None and before.sha256 != after.sha256:
            yield before


def _items(manifest: Manifest) -> Iterator[Image | Video]:
    yield from manifest.images
    yield from manifest.videos


def _file(item: Image | Video | None) -> File | None:
    return item.outcome.file if item is not None and isinstance(item.outcome, Saved) else None

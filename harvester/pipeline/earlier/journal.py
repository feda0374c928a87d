"""What the articles under way have already, for a run that is killed: a page each, wiped when the manifest is written.

A page is a file in the work folder: the article's key, then a line for each picture that is about to be decoded, with
its number, and for each picture or video that is about to get its name. A wiped page is written again by the next
article, so that a run has as many pages as it has articles at once, however many there are.
"""

from __future__ import annotations

import fnmatch
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec
from msgspec import Struct

from harvester.clock import past
from harvester.manifest import codec
from harvester.manifest.verify import files_of_item
from harvester.model import Image, Video
from harvester.stores import disk
from harvester.stores.disk import stated, write_whole
from harvester.stores.folder import RESUMABLE, Store
from harvester.workers import Gate

Item = TypeVar("Item", Image, Video)
MOST = 999_999
"""The largest number that an image or video has."""


class Unfinished(Struct, frozen=True, kw_only=True):
    """What a killed run had of an article: what it kept or gave a number, and the URLs that it had begun to decode."""

    images: tuple[Image, ...] = ()
    videos: tuple[Video, ...] = ()
    suspects: frozenset[str] = frozenset()


class Journal:
    """The pages of one run (one shard, told by its *mark*); what an earlier one left open is read from them."""

    def __init__(self, store: Store, mark: str = "") -> None:
        self._name = store.work_path(f"journal{mark}")
        self._left: dict[str, Path] = {}  # pages of earlier runs, by their articles' keys
        self._pages: dict[str, int] = {}  # those that this run has open
        self._wiped: list[int] = []
        self._paths: dict[int, Path] = {}
        self._guard = threading.Lock()
        self._gate = Gate(self._name)

    def __enter__(self) -> Self:
        """Find the pages of articles that were not finished in the last seven days; the others are removed."""
        now = time.time()
        for name in fnmatch.filter(disk.names_in(self._name.parent), f"{self._name.name}.*.jsonl"):
            path = self._name.with_name(name)
            with stated(path):
                key = _key(path) if now - past(path.lstat().st_mtime, now) < RESUMABLE else None
                if key is not None and key not in self._left:
                    self._left[key] = path
                elif not path.is_dir():
                    path.unlink()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._gate.close()  # the number of a page may soon be that of another file
        for page, path in self._paths.items():
            os.close(page)
            if page in self._wiped:
                with suppress(OSError):
                    path.unlink()

    def of(self, key: str) -> Unfinished:
        """Return what there is of an article; a line cut off by the kill is none."""
        path = self._left.get(key) or self._paths.get(self._pages.get(key, -1))
        if path is None:
            return Unfinished()
        lines = list(_lines(path))
        return Unfinished(
            images=_last_words(lines, "image", Image),
            videos=_last_words(lines, "video", Video),
            suspects=frozenset(url for line in lines if isinstance(url := line.get("decoding"), str)),
        )

    def begin(self, url: str, key: str, image: Image | None = None) -> None:
        """Say that the picture from *url* is about to be decoded: should that end the process, the next run knows.

        It also knows which number *image* has, under which files may appear from now on.
        """
        self._write({"decoding": url} if image is None else {"decoding": url, "image": image}, key)

    def write_down(self, item: Image | Video, key: str) -> None:
        """Say what a picture or video will be as soon as its file has its name, which is the next thing done."""
        self._write({"image" if isinstance(item, Image) else "video": item}, key)

    def wipe(self, key: str) -> None:
        """The article's manifest says it all now."""
        with self._gate.passed(), self._guard, stated(self._name):
            if key in self._left:
                self._left.pop(key).unlink(missing_ok=True)
            elif key in self._pages:
                page = self._pages.pop(key)
                os.ftruncate(page, 0)
                self._wiped.append(page)

    def _write(self, line: dict[str, Any], key: str) -> None:
        """Add a line at once, so that those of two threads never mix."""
        with self._gate.passed(), stated(self._name):
            write_whole(self._page(key), b"\n%b\n" % msgspec.json.encode(line))

    def _page(self, key: str) -> int:
        with self._guard:
            page = self._pages.get(key)
            if page is None:
                page = self._pages[key] = self._begun(key)
            return page

    def _begun(self, key: str) -> int:
        """Go on with the page that an earlier run left of an article, or begin one."""
        if key in self._left:
            return self._opened(self._left.pop(key))
        page = self._wiped.pop() if self._wiped else self._opened(self._free_path())
        write_whole(page, b"%b\n" % msgspec.json.encode({"key": key}))
        return page

    def _opened(self, path: Path) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        page = os.open(path, flags, 0o666)
        self._paths[page] = path
        return page

    def _free_path(self) -> Path:
        paths = (self._name.with_name(f"{self._name.name}.{number}.jsonl") for number in count())
        return next(path for path in paths if not os.path.lexists(path))


def _key(path: Path) -> str | None:
    """Return the key on a page, or None for one that was wiped."""
    key = next(_lines(path), {}).get("key")
    return key if isinstance(key, str) else None


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    return codec.objects((disk.read(path) or b"") if path.is_file() and not path.is_symlink() else b"")


def _last_words(lines: list[dict[str, Any]], word: str, kind: type[Item]) -> tuple[Item, ...]:
    """Return what was said last on each number, by those who can have said it: a page may be damaged."""
    found: dict[int, Item] = {}
    for line in lines:
        if word in line:
            with suppress(msgspec.ValidationError):
                item = codec.shaped(line[word], kind)
                if 0 <= item.number <= MOST and all(_is_ours(file.path) for file in files_of_item(item)):
                    found[item.number] = item
    return tuple(found.values())


def _is_ours(path: str) -> bool:
    """Return whether a path is one that the files of articles have."""
    folder, _, name = path.partition("/")
    return folder in ("images", "thumbnails", "videos") and bool(name) and not {"/", "\\", "\0"} & {*name}

"""One content, one copy: pictures that another article of this output has already."""

from __future__ import annotations

from collections import OrderedDict

from harvester.manifest.verify import hash_of
from harvester.model import Validators
from harvester.state import State, Stored
from harvester.steps import Received
from harvester.stores.disk import inside, size_inside
from harvester.stores.folder import Store

MOST = 4096


class KnownFiles:
    """The last files of this run by the URL they were asked under: they need not be asked for again."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Stored] = OrderedDict()

    def add(self, file: Stored) -> None:
        """Remember a file; the oldest is forgotten when there are too many."""
        self._files[file.url] = file
        if len(self._files) > MOST:
            self._files.popitem(last=False)

    def get(self, url: str) -> Stored | None:
        """Return the file that came from *url* in this run."""
        return self._files.get(url)


def stored_elsewhere(url: str, key: str, state: State) -> Stored | None:
    """Return the file of another article that came from *url* in an earlier run, if it has validators."""
    stored = state.stored(url)
    if stored is None or stored.key == key or (stored.etag is None and stored.last_modified is None):
        return None
    return stored


def is_there(stored: Stored, store: Store) -> bool:
    """Return whether a stored file is there and of its size."""
    return size_inside(store.root, stored.path) == stored.bytes


def is_sound(stored: Stored, store: Store) -> bool:
    """Return whether a stored file still is what it was, which takes reading it: damage must not spread."""
    return is_there(stored, store) and hash_of(inside(store.root, stored.path)) == stored.sha256


def validators_of(stored: Stored | None) -> Validators | None:
    """Return what to ask with, so that an unchanged picture costs no body."""
    return Validators(etag=stored.etag, last_modified=stored.last_modified) if stored is not None else None


def as_received(stored: Stored, store: Store, asked: Received | None = None) -> Received:
    """Return a stored file as if it had been downloaded; *asked* is the answer that said it has not changed."""
    return Received(
        url=stored.url,
        final_url=asked.final_url if asked else stored.url,
        status=asked.status if asked else 0,
        size=stored.bytes,
        path=str(inside(store.root, stored.path)),
        sha256=stored.sha256,
        etag=stored.etag,
        last_modified=stored.last_modified,
        fetched_at=asked.fetched_at if asked else None,
    )

"""A proved picture gets its names: the original byte for byte, its thumbnails, and a link where the bytes are known."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from harvester.model import File, Image, Saved, Thumbnail
from harvester.pipeline.earlier.folder import Folder
from harvester.pipeline.earlier.history import make_way
from harvester.pipeline.earlier.known_files import is_sound
from harvester.pipeline.kit import Kit
from harvester.state import State
from harvester.steps import Drawn, Measured, Received
from harvester.stores.disk import inside
from harvester.stores.folder import Store

PART = ".part"
"""How the names of files end that are still arriving, in the work folder."""


class Proved(Struct, frozen=True, kw_only=True):
    """A rendition that was accepted: the *image* as it will be, the bytes, what they measure, and the thumbnails.

    *label* names its files, *remark* is what else there is to know of it, and *written_down* says whether the journal
    is told of it before it gets its name.
    """

    image: Image
    received: Received
    measured: Measured
    drawn: Sequence[Drawn]
    label: str
    remark: str | None = None
    written_down: bool = True


def keep(proved: Proved, folder: Folder, kit: Kit) -> Image:
    """Store a picture and its thumbnails and return the image with its outcome; runs in a thread.

    The original comes last: where it is visible, its thumbnails are too, and the journal knows of it. The same bytes
    elsewhere in the output are linked (or copied) and named in `duplicate_of`.
    """
    received, measured, label = proved.received, proved.measured, proved.label
    store, settings = kit.collection.store, kit.config.output
    store.gate.check()  # decoding may have outlasted the run
    sha256 = sha256_of(received)
    relative = f"images/{label}.{measured.extension}"
    path = inside(folder.path, relative)
    thumbnails = store_thumbnails(proved.drawn, label, folder, store)
    make_way(relative, sha256, folder, keep=settings.keep_history)
    twin = _twin(received, sha256, path, store, kit.collection.state)
    saved = Saved(
        file=_file(received, measured, relative, sha256),
        reason=proved.remark,
        duplicate_of=twin,
        fingerprint=measured.fingerprint,
        thumbhash=measured.thumbhash,
        rights=measured.rights,
        thumbnails=thumbnails,
    )
    image = replace(proved.image, outcome=saved)
    if proved.written_down:
        kit.collection.journal.write_down(image, folder.key)
    if twin is not None:
        store.share(inside(store.root, twin), path, settings.link)
    else:
        give_name(received, path, store)
    return image


def sha256_of(received: Received) -> str:
    """Return the SHA-256 of what arrived; a body in memory has not been hashed yet."""
    return received.sha256 or hashlib.sha256(received.body or b"").hexdigest()


def give_name(received: Received, path: Path, store: Store) -> None:
    """Make what arrived the file at *path*: its bytes are written, its part is moved."""
    if received.body is not None:
        store.write(path, received.body)
    else:
        store.adopt(Path(received.path or ""), path)


def store_thumbnails(drawn: Sequence[Drawn], label: str, folder: Folder, store: Store) -> tuple[Thumbnail, ...]:
    """Give encoded thumbnails their names and their places in the manifest, from narrow to wide."""
    return tuple(_stored(one, label, folder, store) for one in sorted(drawn, key=lambda one: one.width))


def _stored(picture: Drawn, label: str, folder: Folder, store: Store) -> Thumbnail:
    relative = f"thumbnails/{label}-{picture.width}.{picture.extension}"
    store.write(inside(folder.path, relative), picture.data)
    return Thumbnail(
        path=relative, width=picture.width, height=picture.height, type=picture.type, bytes=len(picture.data)
    )


def _twin(received: Received, sha256: str, path: Path, store: Store, state: State) -> str | None:
    """Return the path of a file with the same bytes, relative to the output, if it is another one and still there."""
    if received.path is not None and not received.path.endswith(PART):
        return Path(received.path).relative_to(store.root).as_posix() if Path(received.path) != path else None
    stored = state.same_content(sha256)
    if stored is None or store.root / stored.path == path:
        return None
    return stored.path if is_sound(stored, store) else None


def _file(received: Received, measured: Measured, relative: str, sha256: str) -> File:
    return File(
        path=relative,
        url=received.final_url,
        sha256=sha256,
        bytes=received.size,
        type=measured.type,
        width=measured.width,
        height=measured.height,
        etag=received.etag,
        last_modified=received.last_modified,
        fetched_at=received.fetched_at,
    )

"""Whether an article that was harvested before has to be opened again, and what of it has to be mended."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from harvester import urls
from harvester.clock import moment, since, waits
from harvester.config import span
from harvester.errors import FolderError
from harvester.manifest.folder import key_in, own_manifest
from harvester.model import Failed, Image, Manifest, Planned, Saved, Validators, Video
from harvester.pipeline.collection import Collection
from harvester.pipeline.earlier.folder import Folder, is_whole, open_folder, placed
from harvester.pipeline.earlier.journal import Journal, Unfinished
from harvester.pipeline.plan import GENERATOR
from harvester.state import Known, Missed
from harvester.steps import Lead
from harvester.stores.folder import Store

SOONEST, LATEST = 3_600, 30 * 86_400
"""Seconds after which a page that could not be had is asked for again: doubled each time, at most the second."""


class Before(Struct, frozen=True, kw_only=True):
    """What an earlier harvest left of a lead: what the state knows, the folder, and the manifest in it."""

    known: Known
    folder: Folder
    manifest: Manifest


def remembered(lead: Lead, collection: Collection) -> Before | None:
    """Return what an earlier harvest left of this lead, or None when there is nothing to build on."""
    known = collection.state.known(lead.url or lead.source.given)
    if known is None:
        return None
    folder = open_folder(known.key, known.folder, collection.store, collection.journal.of(known.key))
    return Before(known=known, folder=folder, manifest=folder.earlier) if folder.earlier is not None else None


def left_in(name: str, store: Store, journal: Journal | None = None) -> Folder:
    """Return the article that lies in the folder *name*; raises FolderError where none can be read there."""
    key, path = key_in(name), store.folder(name)
    if key is None or urls.spelled(name) != name:
        raise FolderError(f"{path}: the name is no UTF-8, or ends with no key. Give it another.", code="unsafe_path")
    found = own_manifest(path, key)
    if found is None:
        raise FolderError(f"{path} has no manifest. Harvest its article again.", code="manifest_damaged")
    unfinished = journal.of(key) if journal is not None else Unfinished()
    return placed(Folder(key=key, name=name, path=path, written=found[0], raw=found[1]), unfinished)


def rests_until(missed: Missed) -> datetime:
    """Return when a page that could not be had is asked for again, where a list still names it."""
    rest = min(SOONEST * 2 ** min(missed.times - 1, 20), LATEST)
    return datetime.fromtimestamp(missed.asked_at + rest, UTC)


def same_making(manifest: Manifest, digest: str) -> bool:
    """Return whether this version with this configuration (its *digest*) would plan as the manifest was planned."""
    return manifest.generator == GENERATOR and manifest.config_digest == digest


def body_unchanged(lead: Lead, before: Before) -> bool:
    """Return whether a lead carries the very body that was harvested before."""
    return lead.digest is not None and lead.digest == before.known.page_sha256


def had_page(before: Before) -> bool:
    """Return whether the earlier harvest had the page itself, which nothing that a source carries may replace."""
    return before.manifest.article.page.status is not None


def is_due(known: Known, revisit: str, now: datetime) -> bool:
    """Return whether a page is to be asked again: `never`, `changed` (always, conditionally) or after a span."""
    if revisit in ("never", "changed"):
        return revisit == "changed"
    fetched = moment(known.fetched_at)
    passed = since(fetched, now) if fetched is not None else None
    return passed is None or passed >= span(revisit)


def validators(before: Before) -> Validators | None:
    """Return what to ask the page with, so that an unchanged one costs no body."""
    known = before.known
    if known.etag is None and known.last_modified is None:
        return None
    return Validators(etag=known.etag, last_modified=known.last_modified)


def reopened(
    manifest: Manifest, folder: Folder, *, posters: bool = False, damaged: frozenset[str] = frozenset()
) -> Manifest:
    """Return the manifest with everything planned again that is missing or *damaged*, or may heal by another try.

    A poster that failed is asked for again only with *posters*: it is an extra, and reruns cost nothing.
    """
    images = tuple(_reopened_image(image, folder, damaged) for image in manifest.images)
    videos = tuple(_reopened_video(video, folder, damaged, posters=posters) for video in manifest.videos)
    return replace(manifest, images=images, videos=videos)


def held_fast(manifest: Manifest, earlier: Manifest) -> Manifest:
    """Return the manifest with everything that was saved *earlier* and could not be had again as it was then."""
    images = tuple(map(_held_image, manifest.images, earlier.images))
    videos = tuple(map(_held_video, manifest.videos, earlier.videos))
    return replace(manifest, images=images, videos=videos)


def _held_image(image: Image, old: Image) -> Image:
    return old if _is_saved(old) and not _is_saved(image) else image


def _held_video(video: Video, old: Video) -> Video:
    held = old if _is_saved(old) and not _is_saved(video) else video
    if video.poster is None or old.poster is None:
        return held
    poster = _held_image(video.poster, old.poster)
    return replace(held, poster=poster, thumbnails=old.thumbnails if poster is old.poster else video.thumbnails)


def _is_saved(item: Image | Video) -> bool:
    return isinstance(item.outcome, Saved)


def _reopened_image(image: Image, folder: Folder, damaged: frozenset[str]) -> Image:
    return replace(image, outcome=Planned()) if _is_open(image, folder, damaged) else image


def _reopened_video(video: Video, folder: Folder, damaged: frozenset[str], *, posters: bool) -> Video:
    poster = video.poster
    if poster is not None and (posters or not isinstance(poster.outcome, Failed)):
        poster = _reopened_image(poster, folder, damaged)
    return replace(video, poster=poster, outcome=Planned() if _is_open(video, folder, damaged) else video.outcome)


def _is_open(item: Image | Video, folder: Folder, damaged: frozenset[str]) -> bool:
    match item.outcome:
        case Planned():
            return True
        case Saved(file=file):
            return file.path in damaged or not is_whole(item, folder)
        case Failed(error=error, retry_after=later):
            noted = folder.earlier.harvested_at if folder.earlier else None
            return error.retryable and not waits(later, datetime.now(UTC), noted=noted)
        case _:
            return False

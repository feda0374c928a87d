"""Thumbnails again, from the stored originals: no network, after a change of widths or when some are gone."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from harvester.errors import AssetError
from harvester.imaging.examine import opened
from harvester.manifest.verify import hash_of
from harvester.model import Image, Manifest, Saved, Video
from harvester.pipeline.earlier.folder import Folder, has_original, is_whole
from harvester.pipeline.keep import store_thumbnails
from harvester.pipeline.kit import Kit
from harvester.stores.disk import inside, size_inside


def redraw_missing(manifest: Manifest, folder: Folder, kit: Kit) -> Manifest:
    """Draw again the thumbnails that are gone while their original is there; runs in a thread."""

    def is_to_draw(image: Image) -> bool:
        return has_original(image, folder) and not is_whole(image, folder)

    return _each(manifest, lambda image: (_redrawn(image, folder, kit) or image) if is_to_draw(image) else image)


def redraw_all(manifest: Manifest, folder: Folder, kit: Kit) -> tuple[Manifest, list[Image]]:
    """Draw every thumbnail as the configuration wants it now; runs in a thread.

    Gives the manifest, and the images whose original is not what it was: their thumbnails are left as they are.
    """
    left: list[Image] = []

    def drawn(image: Image) -> Image:
        result = _redrawn(image, folder, kit)
        if result is None:
            left.append(image)
        return result or image

    return _each(manifest, drawn), left


def _each(manifest: Manifest, drawn: Callable[[Image], Image]) -> Manifest:
    videos = tuple(_with_poster(video, drawn(video.poster)) if video.poster else video for video in manifest.videos)
    return replace(manifest, images=tuple(drawn(image) for image in manifest.images), videos=videos)


def _with_poster(video: Video, poster: Image) -> Video:
    thumbnails = poster.outcome.thumbnails if isinstance(poster.outcome, Saved) else video.thumbnails
    return replace(video, poster=poster, thumbnails=thumbnails)


def _redrawn(image: Image, folder: Folder, kit: Kit) -> Image | None:
    """Draw an image's thumbnails; return None for an original that has changed: better old ones than bad ones."""
    saved, settings = image.outcome, kit.config.thumbnails
    if not isinstance(saved, Saved):
        return image
    if not _is_sound(saved, folder):
        return None
    path = inside(folder.path, saved.file.path)
    most, widest = kit.config.web.max_image_pixels, max(settings.widths, default=1)
    try:
        with opened(path, max_pixels=most, widest=widest) as picture:
            drawn, remark = picture.thumbnails(settings), picture.remark
    except AssetError:
        return None
    thumbnails = store_thumbnails(drawn, path.stem, folder, kit.collection.store)
    return replace(image, outcome=replace(saved, thumbnails=thumbnails, reason=remark))


def _is_sound(saved: Saved, folder: Folder) -> bool:
    there = size_inside(folder.path, saved.file.path) is not None
    return there and hash_of(inside(folder.path, saved.file.path)) == saved.file.sha256

"""Thumbnails again, from the stored originals: no network, after a change of widths or when some are gone."""

from __future__ import annotations

from msgspec.structs import replace

from harvester.errors import AssetError
from harvester.imaging.examine import opened
from harvester.model import Image, Manifest, Saved
from harvester.pipeline.keep import store_thumbnails
from harvester.pipeline.kit import Kit
from harvester.pipeline.place import Place, has_original, is_whole
from harvester.storage import inside


def redraw_missing(manifest: Manifest, place: Place, kit: Kit) -> Manifest:
    """Draw again the thumbnails that are gone while their original is there; runs in a thread."""
    images = tuple(_mended(image, place, kit) for image in manifest.images)
    videos = tuple(
        replace(video, poster=_mended(video.poster, place, kit)) if video.poster is not None else video
        for video in manifest.videos
    )
    return replace(manifest, images=images, videos=videos)


def redraw(image: Image, place: Place, kit: Kit) -> Image:
    """Draw an image's thumbnails as the configuration wants them now; an original that no longer decodes is left."""
    saved = image.outcome
    if not isinstance(saved, Saved):
        return image
    path = inside(place.path, saved.file.path)
    label = path.stem
    try:
        with opened(path, max_pixels=kit.config.web.max_image_pixels) as picture:
            drawn = picture.thumbnails(kit.config.thumbnails)
    except AssetError:
        return image
    thumbnails = store_thumbnails(drawn, label, place, kit.store)
    return replace(image, outcome=replace(saved, thumbnails=thumbnails))


def _mended(image: Image, place: Place, kit: Kit) -> Image:
    return redraw(image, place, kit) if has_original(image, place) and not is_whole(image, place) else image

"""The first frame of a picture, decoded once: plain, upright, in sRGB, and no larger than wanted."""

from __future__ import annotations

from msgspec import Struct
from PIL import Image
from PIL.ImageFile import ImageFile

from harvester.errors import AssetError
from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Contents, check_frames
from harvester.imaging.containers.walk import walk
from harvester.imaging.decoder import load, open_picture
from harvester.imaging.metadata import Metadata, metadata_of
from harvester.imaging.pixels import fit, in_srgb, plain, shown_size, upright
from harvester.imaging.sniff import PNG, Type
from harvester.imaging.thumbnails import sizes


class Still(Struct, frozen=True, kw_only=True):
    """A decoded picture: *picture* is its first frame, maybe smaller than *shown*, the true size as shown in pixels.

    *source* is what Pillow opened, at its first frame; *frames* is how many there are.
    """

    source: ImageFile
    metadata: Metadata
    shown: tuple[int, int]
    frames: int
    c2pa: bool
    picture: Image.Image


def decode(file: Buffer, kind: Type, *, max_pixels: int, widest: int) -> Still:
    """Decode the whole first frame and keep it at most *widest* pixels wide; raises AssetError."""
    contents = walk(file, kind)
    _check_pixels(contents.width or 0, contents.height or 0, max_pixels)
    source = open_picture(file, kind)
    _check_pixels(*source.size, max_pixels)
    stored, metadata = source.size, metadata_of(source)
    shown = shown_size(stored, metadata.orientation)
    load(source, shown_size((widest, 1), metadata.orientation))
    if kind is PNG:
        metadata = metadata_of(source)  # which may stand behind the pixels
        shown = shown_size(stored, metadata.orientation)
    return Still(
        source=source,
        metadata=metadata,
        shown=shown,
        frames=_frames(contents, source),
        c2pa=contents.c2pa,
        picture=ready(source, metadata, sizes([widest], shown)[0]),
    )


def ready(frame: Image.Image, metadata: Metadata, size: tuple[int, int]) -> Image.Image:
    """Give a copy of a decoded frame as it is shown, *size* pixels large and without its metadata."""
    smaller = fit(plain(frame), shown_size(size, metadata.orientation))
    shown = upright(in_srgb(smaller, metadata.profile), metadata.orientation)
    if shown is frame:
        shown = shown.copy()
    shown.info = {}
    return shown


def _check_pixels(width: int, height: int, most: int) -> None:
    if width * height > most:
        raise AssetError(
            f"{width} x {height} pixels are more than the {most:,} that [web] max_image_pixels allows.",
            code="too_many_pixels",
        )


def _frames(contents: Contents, source: ImageFile) -> int:
    frames = contents.frames if contents.frames is not None else int(getattr(source, "n_frames", 1))
    check_frames(frames)
    return frames

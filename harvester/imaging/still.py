"""The first frame of a picture, decoded once: plain, upright, in sRGB, and in the wanted sizes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct
from PIL import Image
from PIL.ImageFile import ImageFile

from harvester.errors import AssetError
from harvester.imaging.appearance.uniform import is_uniform, may_be_uniform
from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import Contents, check_frames, too_complex
from harvester.imaging.containers.walk import walk
from harvester.imaging.decoding.confined import check_confined
from harvester.imaging.decoding.decoder import ADD_ONS, fenced, let_go, load, need_decoder, open_picture
from harvester.imaging.metadata.blocks import Metadata, metadata_of
from harvester.imaging.pixels import fit, in_srgb, plain, shown_size, upright
from harvester.imaging.sniff import AVIF, GIF, JXL, PNG, WEBP, Type
from harvester.imaging.thumbnails import sizes

ANIMATED = {GIF, WEBP, PNG, AVIF, JXL}
"""Types whose frames form an animation; those of other types are pages or alternatives."""
PARTS = 4
"""How many times max_image_pixels all parts of a picture may have: tiles, layers, transparency."""


class Still(Struct, frozen=True, kw_only=True):
    """A decoded picture: *copies* of its first frame, the largest first, and *shown*, its true size as shown in pixels.

    *frames* is how many there are, *frame_pixels* how many pixels are unpacked for each. *source* is what Pillow
    opened, kept only where it is animated: its pixels, and what its decoder holds, are many times the size of the
    copies. *uniform* tells whether it is of one colour.
    """

    source: ImageFile | None
    metadata: Metadata
    shown: tuple[int, int]
    frames: int
    frame_pixels: int
    uniform: bool
    c2pa: bool
    copies: tuple[Image.Image, ...]


def decode(file: Buffer, kind: Type, *, max_pixels: int, widths: Collection[int]) -> Still:
    """Decode the whole first frame and keep copies of it in *widths*, in pixels; raises AssetError."""
    contents = walk(file, kind)
    _check_pixels(contents.width or 0, contents.height or 0, max_pixels)
    _check_unpacked(contents, max_pixels)
    source = _opened(file, kind, max_pixels)
    stored, frames, metadata = source.size, _frames(contents, source), metadata_of(source)
    largest = sizes(widths, shown_size(stored, metadata.orientation))[0]
    load(source, shown_size((largest[0], 1), metadata.orientation))
    metadata = metadata_of(source) if contents.late else metadata
    is_moving = frames > 1 and kind in ANIMATED
    if not is_moving:
        let_go(source)
    shown = shown_size(stored, metadata.orientation)
    copies = tuple(_copies(source, metadata, sizes(widths, shown)))
    return Still(
        source=source if is_moving else None,
        metadata=metadata,
        shown=shown,
        frames=frames,
        frame_pixels=_frame_pixels(contents, stored, frames),
        uniform=frames == 1 and may_be_uniform(copies[-1]) and _is_uniform(source, stored, file, kind),
        c2pa=contents.c2pa,
        copies=copies,
    )


def copy_of(still: Still, size: tuple[int, int]) -> Image.Image:
    """Return the first frame in *size*, made from the smallest copy that is large enough."""
    large_enough = [copy for copy in still.copies if copy.size >= size]
    return fit(large_enough[-1], size)


def ready(frame: Image.Image, metadata: Metadata, size: tuple[int, int]) -> Image.Image:
    """Return a copy of a decoded frame as it is shown, in *size* and without its metadata."""
    with fenced():  # palettes and the like come from the file, and may fail only here
        whole = plain(frame)
    smaller = fit(whole, shown_size(size, metadata.orientation))
    shown = upright(in_srgb(smaller, metadata.profile), metadata.orientation)
    if isinstance(shown, ImageFile):  # the file that Pillow opened, whose pixels its next frame will overwrite
        shown = shown.copy()
    shown.info = {}
    return shown


def _opened(file: Buffer, kind: Type, max_pixels: int) -> ImageFile:
    if kind in ADD_ONS:
        need_decoder(kind)
        check_confined(file, max_pixels=max_pixels)
    source = open_picture(file, kind)
    _check_pixels(*source.size, max_pixels)
    return source


def _check_pixels(width: int, height: int, most: int) -> None:
    if width * height > most:
        raise AssetError(
            f"{width} x {height} pixels are more than the {most:,} that [web] max_image_pixels allows.",
            code="too_many_pixels",
        )


def _check_unpacked(contents: Contents, most: int) -> None:
    """Check what follows the header against the limit, since that is what a decoder allocates memory for."""
    if contents.unpacked > most:
        message = f"It codes {contents.unpacked:,} pixels, more than the {most:,} that [web] max_image_pixels allows."
        raise AssetError(message, code="too_many_pixels")
    if contents.altogether > PARTS * most:
        too_complex(f"is made of parts with {contents.altogether:,} pixels, more than {PARTS} times max_image_pixels")


def _copies(frame: Image.Image, metadata: Metadata, wanted: Sequence[tuple[int, int]]) -> Iterator[Image.Image]:
    """Yield the copies, each made from the next larger one, the first from the frame."""
    picture = ready(frame, metadata, wanted[0])
    for size in wanted:
        picture = fit(picture, size)
        yield picture


def _is_uniform(frame: Image.Image, stored: tuple[int, int], file: Buffer, kind: Type) -> bool:
    """Ask it of the whole picture: a frame that was decoded smaller has lost what is thin."""
    if frame.size not in (stored, stored[::-1]):
        whole = open_picture(file, kind)
        load(whole, stored)
        frame = whole
    with fenced():
        return is_uniform(plain(frame), kind)


def _frame_pixels(contents: Contents, stored: tuple[int, int], frames: int) -> int:
    canvas = max(stored[0] * stored[1], (contents.width or 0) * (contents.height or 0))
    return max(canvas, contents.moving // frames)


def _frames(contents: Contents, source: ImageFile) -> int:
    frames = contents.frames if contents.frames is not None else int(getattr(source, "n_frames", 1))
    check_frames(frames)
    return frames

"""One decode of a picture, for everything read from it: its type, its measurements, its look and its thumbnails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL.ImageFile import ImageFile

from harvester.config import Thumbnails
from harvester.imaging import svg
from harvester.imaging.animation import animate, frames_of, is_too_much
from harvester.imaging.appearance.look import appearance
from harvester.imaging.appearance.spectrum import DRAWN_FROM
from harvester.imaging.buffers import Buffer, buffered
from harvester.imaging.metadata.rights import rights_of
from harvester.imaging.sniff import SVG, Type, type_of
from harvester.imaging.still import Still, copy_of, decode, ready
from harvester.imaging.thumbnails import encoded, sizes
from harvester.steps import Drawn, Measured

STANDS_STILL = "its thumbnails do not move: to draw so many and so large frames takes too long"
TOO_LARGE = "its thumbnails do not move: moving ones are too large"


class Picture:
    """A picture that decoded whole; *measured* says what it is, *remark* what to know about its thumbnails."""

    def __init__(self, measured: Measured) -> None:
        self.measured = measured
        self.remark: str | None = None

    def thumbnails(self, settings: Thumbnails) -> list[Drawn]:
        """Return its thumbnails, the widest first; none is wider than the picture, and an SVG has none."""
        return []


@contextmanager
def opened(source: bytes | Path, *, max_pixels: int, widest: int = 640) -> Iterator[Picture]:
    """Decode a picture once and yield it; it is open while the context lasts. The source is never changed.

    *max_pixels* is the largest width x height that is decoded, *widest* the width in pixels of the widest thumbnail to
    be requested: a JPEG is decoded no larger than needed for it (and again, if a wider one is requested). Raises
    AssetError, whose code says what is wrong: not_a_picture, unsupported_type, truncated, broken, too_many_pixels,
    too_many_frames, too_much_metadata, too_complex; and StorageError when the file cannot be read.
    """
    with buffered(source) as file:
        kind = type_of(file)
        yield Picture(svg.measure(file)) if kind is SVG else _Decoded(file, kind, max_pixels, widest)


class _Decoded(Picture):
    def __init__(self, file: Buffer, kind: Type, max_pixels: int, widest: int) -> None:
        self._file, self._kind, self._max_pixels = file, kind, max_pixels
        self._still = self._decode(widest)
        super().__init__(_measured(self._still, kind))

    def thumbnails(self, settings: Thumbnails) -> list[Drawn]:
        wanted = sizes(settings.widths, self._still.shown)
        if wanted and wanted[0] > self._still.copies[0].size:
            self._still = self._decode(wanted[0][0])
        source = self._still.source if settings.animated and wanted else None
        animations = self._animations(source, wanted, settings) if source else []
        return animations or [encoded(copy_of(self._still, size), settings) for size in wanted]

    def _animations(self, source: ImageFile, wanted: list[tuple[int, int]], settings: Thumbnails) -> list[Drawn]:
        if is_too_much(self._still.frames, self._still.frame_pixels, wanted):
            self.remark = STANDS_STILL
            return []
        animations = _animations(source, self._still, wanted, settings)
        self.remark = None if animations else TOO_LARGE
        return animations

    def _decode(self, widest: int) -> Still:
        widths = {max(widest, DRAWN_FROM), DRAWN_FROM}
        return decode(self._file, self._kind, max_pixels=self._max_pixels, widths=widths)


def _measured(still: Still, kind: Type) -> Measured:
    fingerprint, thumbhash = appearance(still.copies[-1], still.shown)
    width, height = still.shown
    return Measured(
        type=kind.mime,
        extension=kind.extension,
        width=width,
        height=height,
        frames=still.frames,
        uniform=still.uniform,
        fingerprint=fingerprint,
        thumbhash=thumbhash,
        rights=rights_of(still.metadata, c2pa=still.c2pa),
    )


def _animations(source: ImageFile, still: Still, wanted: list[tuple[int, int]], settings: Thumbnails) -> list[Drawn]:
    """Return every thumbnail as an animation; empty when one of them does not fit the budget."""
    frames = frames_of(source, still.frames, wanted, lambda frame: ready(frame, still.metadata, wanted[0]))
    # The loop count, 0 for ever; a GIF without one runs once, other types for ever.
    loop = source.info.get("loop", 1 if source.format == "GIF" else 0)
    drawn = [animate(frames, size, settings.quality, loop) for size in wanted]
    return [one for one in drawn if one is not None] if all(drawn) else []

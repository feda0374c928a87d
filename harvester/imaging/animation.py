"""Animated thumbnails: WebP, within a budget of frames and bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO

from PIL import Image
from PIL.ImageFile import ImageFile

from harvester.errors import AssetError
from harvester.imaging.decoding.decoder import seek
from harvester.imaging.pixels import fit
from harvester.imaging.thumbnails import WEBP_EFFORT
from harvester.steps import Drawn

MAX_DECODED = 300
"""Frames of the source that are decoded; later ones are left out."""
MAX_FRAMES = 60
"""Frames of a thumbnail: if the source has more, every second, third, ... is kept."""
MAX_BYTES = 1_000_000
MAX_WORK = 400_000_000
"""Pixels decoded for one animation: at 1280 x 720 all 300 frames, in some five seconds."""
MAX_DRAWN = 40_000_000
"""Pixels in all frames of all thumbnails: 60 frames at widths of 640 and 320, unless they are very tall."""
USUAL_DURATION = 100
"""Milliseconds for which a frame without a duration is shown, as in browsers."""
LONGEST_DURATION = 60_000
MOST_RUNS = 65_535
"""The largest loop count that a WebP can have (RFC 9649, 2.7.1.1)."""

Frames = list[tuple[Image.Image, int]]
"""Plain pictures, and how long each is shown in milliseconds."""


def is_too_much(count: int, pixels: int, sizes: Sequence[tuple[int, int]]) -> bool:
    """Return whether decoding *count* frames of *pixels* pixels, or drawing even two in all *sizes*, takes too long."""
    return min(count, MAX_DECODED) * pixels > MAX_WORK or _most_frames(sizes) < 2


def frames_of(
    picture: ImageFile, count: int, sizes: Sequence[tuple[int, int]], ready: Callable[[Image.Image], Image.Image]
) -> Frames:
    """Return the decoded frames of a picture, each prepared by *ready*; the animation ends at one that does not decode.

    Keeps as many as can be drawn in all *sizes*.
    """
    step = -(-min(count, MAX_DECODED) // _most_frames(sizes))
    kept: Frames = []
    for number, (frame, duration) in enumerate(_decoded(picture, min(count, MAX_DECODED))):
        if number % step == 0:
            kept.append((ready(frame), duration))
        else:
            kept[-1] = (kept[-1][0], kept[-1][1] + duration)
    return kept


def animate(frames: Frames, size: tuple[int, int], quality: int, loop: int) -> Drawn | None:
    """Return frames encoded as an animated WebP of *size*, halving their number while it is too large; else None."""
    frames = [(fit(picture, size), duration) for picture, duration in frames]
    while len(frames) > 1:
        data = _encoded(frames, quality, loop)
        if len(data) <= MAX_BYTES:
            return Drawn(width=size[0], height=size[1], type="image/webp", extension="webp", data=data)
        frames = _halved(frames)
    return None


def _most_frames(sizes: Sequence[tuple[int, int]]) -> int:
    """Return how many frames can be drawn in all *sizes*."""
    return min(MAX_FRAMES, MAX_DRAWN // sum(width * height for width, height in sizes))


def _decoded(picture: ImageFile, count: int) -> Iterator[tuple[Image.Image, int]]:
    for number in range(count):
        try:
            seek(picture, number)
        except AssetError:
            return
        yield picture, min(int(picture.info.get("duration") or USUAL_DURATION), LONGEST_DURATION)


def _encoded(frames: Frames, quality: int, loop: int) -> bytes:
    pictures = [picture for picture, _ in frames]
    durations = [duration for _, duration in frames]
    written = BytesIO()
    pictures[0].save(
        written,
        "webp",
        save_all=True,
        append_images=pictures[1:],
        duration=durations,
        loop=min(loop, MOST_RUNS),
        quality=quality,
        method=WEBP_EFFORT,
    )
    return written.getvalue()


def _halved(frames: Frames) -> Frames:
    pairs = zip(frames[::2], [*frames[1::2], (None, 0)][: len(frames[::2])], strict=True)
    return [(picture, duration + more) for (picture, duration), (_, more) in pairs]

"""Animated thumbnails: WebP, within a budget of frames and bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO

from PIL import Image
from PIL.ImageFile import ImageFile

from harvester.errors import AssetError
from harvester.imaging.decoder import seek
from harvester.imaging.pixels import fit
from harvester.imaging.thumbnails import WEBP_EFFORT
from harvester.steps import Drawn

MAX_DECODED = 300
"""Frames of the source that are looked at; what comes later is left out."""
MAX_FRAMES = 60
"""Frames of a thumbnail: of more in the source every second, third, ... is kept."""
MAX_BYTES = 1_000_000
MAX_WORK = 400_000_000
"""Pixels that are decoded for one animation: of a picture of 1280 x 720 all 300 frames, in some five seconds."""
MAX_DRAWN = 40_000_000
"""Pixels that all frames of all thumbnails may have: 60 frames 640 and 320 pixels wide, unless they are very tall."""
USUAL_DURATION = 100
"""Milliseconds a frame is shown that does not say so, as browsers do."""
LONGEST_DURATION = 60_000
MOST_RUNS = 65_535
"""How often a WebP can be told to run (RFC 9649, 2.7.1.1)."""

Frames = list[tuple[Image.Image, int]]
"""Plain pictures and how long each is shown, in milliseconds."""


def is_too_much(count: int, pixels: int, sizes: Sequence[tuple[int, int]]) -> bool:
    """Return whether to decode *count* frames of so many *pixels*, or to draw two in all *sizes*, takes too long."""
    return min(count, MAX_DECODED) * pixels > MAX_WORK or _most(sizes) < 2


def frames_of(
    picture: ImageFile, count: int, sizes: Sequence[tuple[int, int]], ready: Callable[[Image.Image], Image.Image]
) -> Frames:
    """Decode the frames of a picture, each copied and made *ready*; where one does not decode the animation ends.

    As many are kept as can be drawn in all *sizes*.
    """
    step = -(-min(count, MAX_DECODED) // _most(sizes))
    kept: Frames = []
    for number, (frame, duration) in enumerate(_decoded(picture, min(count, MAX_DECODED))):
        if number % step == 0:
            kept.append((ready(frame), duration))
        else:
            kept[-1] = (kept[-1][0], kept[-1][1] + duration)
    return kept


def animate(frames: Frames, size: tuple[int, int], quality: int, loop: int) -> Drawn | None:
    """Encode frames as an animated WebP of *size*, with fewer of them while it is too large; null if none will do."""
    frames = [(fit(picture, size), duration) for picture, duration in frames]
    while len(frames) > 1:
        data = _encoded(frames, quality, loop)
        if len(data) <= MAX_BYTES:
            return Drawn(width=size[0], height=size[1], type="image/webp", extension="webp", data=data)
        frames = _halved(frames)
    return None


def _most(sizes: Sequence[tuple[int, int]]) -> int:
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

"""What a picture looks like, in a few bytes: to compare it, and to preview it before it has loaded."""

from __future__ import annotations

from PIL import Image, ImageStat

from harvester.imaging.appearance.fingerprint import fingerprint
from harvester.imaging.appearance.spectrum import framed, spectrum
from harvester.imaging.appearance.thumbhash import thumbhash
from harvester.imaging.pixels import flattened


def appearance(picture: Image.Image, size: tuple[int, int]) -> tuple[str, str]:
    """Return the fingerprint and the ThumbHash of a plain picture, which may be a smaller copy of one of *size*."""
    frame = framed(picture)
    frame = frame.convert("RGB") if frame.mode == "L" else frame
    planes = spectrum(flattened(frame).split())
    mark = fingerprint(planes)
    if frame.mode == "RGBA":
        planes = spectrum((*_on_its_mean(frame).split(), frame.getchannel("A")))
    return mark, thumbhash(planes, size)


def _on_its_mean(frame: Image.Image) -> Image.Image:
    """Return a frame laid on the mean colour of its visible parts, as ThumbHash specifies."""
    alpha = frame.getchannel("A")
    weights = ImageStat.Stat(alpha).sum[0] or 1
    premultiplied = frame.convert("RGBa").split()[:3]
    mean = tuple(round(ImageStat.Stat(plane).sum[0] * 255 / weights) for plane in premultiplied)
    ground = Image.new("RGB", frame.size, mean)
    ground.paste(frame, mask=alpha)
    return ground

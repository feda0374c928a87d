"""From what a decoder returns to what can be shown anywhere: 8 bits, upright, sRGB, in the wanted size."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

from harvester.errors import AssetError

Transpose, Resampling = Image.Transpose, Image.Resampling

UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""The operation that undoes each EXIF orientation (CIPA DC-008, 4.6.5, tag 274); 1 is upright."""
LYING = {5, 6, 7, 8}
"""Orientations that swap width and height."""
WHITE = (255, 255, 255)


def shown_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Return width and height as shown for a picture stored as *size*; the reverse is the same operation."""
    return (size[1], size[0]) if orientation in LYING else size


def plain(picture: Image.Image) -> Image.Image:
    """Return a picture in mode L, RGB, RGBA (only if something shows through) or CMYK; raises AssetError."""
    if picture.mode in ("L", "RGB", "CMYK") and "transparency" not in picture.info:
        return picture
    if picture.mode == "F" or picture.mode.startswith("I"):
        return _in_8_bits(picture)
    if picture.has_transparency_data:
        return _without_idle_alpha(picture if picture.mode == "RGBA" else picture.convert("RGBA"))
    if picture.mode in ("1", "P", "RGBX", "YCbCr", "HSV"):
        return picture.convert("L" if picture.mode == "1" else "RGB")
    raise AssetError(f"Pictures in the colour space {picture.mode} are not opened.", code="unsupported_type")


def fit(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return a smaller plain picture: halved by averaging, which is cheap, or resized with a Hamming window."""
    width, height = size
    if picture.size == size:
        return picture
    if picture.size == (2 * width, 2 * height):
        return picture.reduce(2)
    return picture.resize(size, Resampling.HAMMING, reducing_gap=1.0)


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    """Return a picture turned and mirrored as its EXIF orientation says; an invalid orientation changes nothing."""
    return picture.transpose(UPRIGHT[orientation]) if orientation in UPRIGHT else picture


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a plain picture converted to sRGB by its ICC profile; without a valid one it is taken for sRGB."""
    if profile:
        picture = _converted(picture, profile)
    return picture.convert("RGB") if picture.mode == "CMYK" else picture


def flattened(picture: Image.Image) -> Image.Image:
    """Return a picture without transparency, laid on white where it had some."""
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, WHITE)
    ground.paste(picture, mask=picture)
    return ground


def _in_8_bits(picture: Image.Image) -> Image.Image:
    """Return the higher bytes of 16 bits; stretch anything deeper, or without a scale, from its darkest to lightest."""
    deep = picture if picture.mode in ("I", "F") else picture.convert("I")
    darkest, lightest = _extremes(deep)
    if deep.mode == "I" and darkest >= 0 and lightest < 65536:
        darkest, lightest = 0, 65536
    scale = 256 / ((lightest - darkest) or 1)
    return deep.point(lambda level: level * scale - darkest * scale).convert("L")


def _extremes(picture: Image.Image) -> tuple[float, float]:
    darkest, lightest = picture.getextrema()
    assert isinstance(darkest, int | float)
    assert isinstance(lightest, int | float)
    return darkest, lightest


def _without_idle_alpha(picture: Image.Image) -> Image.Image:
    opaque = picture.getchannel("A").getextrema() == (255, 255)
    return picture.convert("RGB") if opaque else picture


def _converted(picture: Image.Image, raw: bytes) -> Image.Image:
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(raw))
        if "sRGB" in (profile.profile.profile_description or ""):
            return picture
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(picture, profile, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (OSError, ImageCms.PyCMSError):
        return picture  # as browsers do
    return converted or picture

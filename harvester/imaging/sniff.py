"""What a file is, by its first bytes; names, labels and URLs do not count."""

from __future__ import annotations

import re

from msgspec import Struct

from harvester.errors import AssetError
from harvester.imaging.buffers import Buffer

LOOKED_AT = 4096
"""Bytes within which the first tag of markup must be."""


class Type(Struct, frozen=True):
    """A picture type: its MIME type, the extension of its files and Pillow's name for it (None: never decoded)."""

    mime: str
    extension: str
    pillow: str | None


JPEG = Type("image/jpeg", "jpg", "JPEG")
PNG = Type("image/png", "png", "PNG")
GIF = Type("image/gif", "gif", "GIF")
WEBP = Type("image/webp", "webp", "WEBP")
AVIF = Type("image/avif", "avif", "AVIF")
TIFF = Type("image/tiff", "tif", "TIFF")
BMP = Type("image/bmp", "bmp", "BMP")
ICO = Type("image/x-icon", "ico", "ICO")
HEIC = Type("image/heic", "heic", "HEIF")
JXL = Type("image/jxl", "jxl", "JXL")
SVG = Type("image/svg+xml", "svg", None)

MAGIC: tuple[tuple[re.Pattern[bytes], Type], ...] = (
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"GIF8[79]a"), GIF),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), WEBP),
    (re.compile(rb"II[*+]\x00|MM\x00[*+]"), TIFF),
    (re.compile(rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\x00{3}", re.DOTALL), BMP),
    (re.compile(rb"\x00\x00\x01\x00[^\x00]\x00|\x00\x00\x01\x00\x00[^\x00]"), ICO),
    (re.compile(rb"\xff\x0a|\x00\x00\x00\x0cJXL \r\n\x87\n"), JXL),
)
NOT_TAKEN: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\x00\x00\x00\x0cjP {2}\r\n\x87\n|\xff\x4f\xff\x51"), "JPEG 2000"),
    (re.compile(rb"8BPS"), "Photoshop"),
    (re.compile(rb"%!PS|\xc5\xd0\xd3\xc6"), "PostScript"),
    (re.compile(rb"II\xbc"), "JPEG XR"),
    (re.compile(rb"\x00\x00\x02\x00[^\x00]\x00"), "Windows cursor"),
)
NO_PICTURE: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"%PDF"), "a PDF document"),
    (re.compile(rb"\x1f\x8b|PK\x03\x04"), "a compressed archive"),
    (re.compile(rb"\x1aE\xdf\xa3"), "a Matroska or WebM video"),
    (re.compile(rb"[{\[]"), "JSON text"),
)
# Possessive and atomic groups: no backtracking, so no time is lost on what is nearly markup.
MARKUP = re.compile(
    rb"\A(?:\s++|<\?xml[^>]*+>|<!--(?>.*?-->)|<!DOCTYPE\s+svg[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)*+"
    rb"<(?:(?P<svg>(?:[a-z]+:)?svg[\s>/])|(?P<html>(?:!doctype\s+html|html|head|body|title|script|meta|div|p|h1)[\s>]))",
    re.DOTALL | re.IGNORECASE,
)
AVIF_BRANDS = {b"avif", b"avis"}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def type_of(file: Buffer) -> Type:
    """Return the type of a picture; raises AssetError (`not_a_picture`, `unsupported_type`) that says what it is."""
    start = file[:LOOKED_AT]
    for pattern, kind in MAGIC:
        if pattern.match(start):
            return kind
    return _boxed(start) or _marked_up(start) or _refused(start)


def _boxed(start: bytes) -> Type | None:
    """Return AVIF or HEIC by the brand (ISO/IEC 14496-12, 4.3), None without a brand; other brands are videos."""
    if start[4:8] != b"ftyp":
        return None
    length = int.from_bytes(start[:4])
    listed = start[8:12] + start[16 : min(length, 512)]
    brands = {listed[i : i + 4] for i in range(0, len(listed), 4)}
    if brands & AVIF_BRANDS:
        return AVIF
    if brands & HEIC_BRANDS:
        return HEIC
    raise AssetError("This is a video (MP4 family), not a picture.", code="not_a_picture")


def _marked_up(start: bytes) -> Type | None:
    found = MARKUP.match(start.removeprefix(b"\xef\xbb\xbf"))
    if found is None:
        return None
    if found["svg"]:
        return SVG
    raise AssetError("This is an HTML page, not a picture.", code="not_a_picture")


def _refused(start: bytes) -> Type:
    for pattern, name in NOT_TAKEN:
        if pattern.match(start):
            raise AssetError(f"{name} pictures are not opened.", code="unsupported_type")
    for pattern, name in NO_PICTURE:
        if pattern.match(start):
            raise AssetError(f"This is {name}, not a picture.", code="not_a_picture")
    what = "The file is empty" if not start else f"No picture starts with {start[:12]!r}"
    raise AssetError(f"{what}.", code="not_a_picture")

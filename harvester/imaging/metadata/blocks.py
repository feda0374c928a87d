"""The metadata blocks of an opened picture, as Pillow found them: nothing is trusted to be what it claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from PIL import Image
from PIL.ImageFile import ImageFile

from harvester.errors import AssetError
from harvester.imaging.containers import exif
from harvester.imaging.decoding.decoder import fenced

ORIENTATION, DESCRIPTION, ARTIST, COPYRIGHT, EXIF_DIRECTORY, TAKEN = 0x0112, 0x010E, 0x013B, 0x8298, 0x8769, 0x9003
TIFF_XMP, TIFF_IPTC = 0x02BC, 0x83BB
PHOTOSHOP_IPTC = 0x0404
TURNED_BY_DECODER = {"TIFF", "JXL"}
"""Pillow's names of types whose decoder applies the orientation itself: it must not be applied twice."""


class Metadata(Struct, frozen=True, kw_only=True):
    """What a picture says about itself besides its pixels; empty where it says nothing.

    *exif* has the fields description, artist, copyright and taken (a date); *xmp* and *iptc* are unparsed packets.
    """

    orientation: int = 1
    profile: bytes = b""
    exif: dict[str, str] = {}
    xmp: bytes = b""
    iptc: bytes = b""


def metadata_of(picture: ImageFile) -> Metadata:
    """Return the metadata of an opened picture; damaged blocks count as missing."""
    tags = _exif_tags(picture)
    orientation = 1 if picture.format in TURNED_BY_DECODER else tags.get(ORIENTATION)
    return Metadata(
        orientation=orientation if isinstance(orientation, int) else 1,
        profile=_bytes(picture.info.get("icc_profile")),
        exif=_texts(tags),
        xmp=_bytes(picture.info.get("xmp")) or _bytes(tags.get(TIFF_XMP)),
        iptc=_iptc(picture) or _bytes(tags.get(TIFF_IPTC)),
    )


def _exif_tags(picture: ImageFile) -> Mapping[int, Any]:
    """Return the tags of the first and the EXIF directory. Pillow's `getexif` would let XMP rotate the picture."""
    tags = Image.Exif()
    try:
        with fenced():
            if picture.format == "TIFF":
                tags = picture.getexif()
            elif raw := _bytes(picture.info.get("exif")):
                exif.check(raw)
                tags.load(raw)
            return {**tags, **tags.get_ifd(EXIF_DIRECTORY)} if tags else {}
    except AssetError:
        return {}


def _texts(tags: Mapping[int, Any]) -> dict[str, str]:
    named = {"description": DESCRIPTION, "artist": ARTIST, "copyright": COPYRIGHT, "taken": TAKEN}
    return {name: tags[tag] for name, tag in named.items() if isinstance(tags.get(tag), str)}


def _iptc(picture: ImageFile) -> bytes:
    resources = picture.info.get("photoshop")
    return _bytes(resources.get(PHOTOSHOP_IPTC)) if isinstance(resources, dict) else b""


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""

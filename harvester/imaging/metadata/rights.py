"""What a file's own metadata say about its maker and its use: XMP, then IPTC, then EXIF.

The fields are those of the IPTC Photo Metadata Standard, and the order of trust is that of the Metadata Working Group:
today's programs write XMP. Nothing is executed, resolved or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from harvester.imaging.metadata.blocks import Metadata
from harvester.imaging.metadata.iptc import read_iptc
from harvester.imaging.metadata.xmp import read_xmp
from harvester.model import Rights

LONGEST = 4_000
"""Characters kept of one field."""
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+")
DATE = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?))?")


def rights_of(metadata: Metadata, *, c2pa: bool) -> Rights | None:
    """Return what a picture's metadata say, or None if nothing; *c2pa* says whether a manifest is embedded."""
    told = (read_xmp(metadata.xmp), read_iptc(metadata.iptc), _from_exif(metadata.exif))
    fields = {name: text for source in reversed(told) for name, raw in source.items() if (text := _clean(raw))}
    if "date" in fields:
        fields["date"] = _iso_date(fields["date"])
    found = {name: text for name, text in fields.items() if text}
    return Rights(**found, c2pa=c2pa) if found or c2pa else None


def _from_exif(exif: Mapping[str, str]) -> dict[str, str]:
    names = {"artist": "creator", "copyright": "copyright", "description": "caption", "taken": "date"}
    return {names[name]: text for name, text in exif.items()}


def _clean(text: str) -> str:
    return CONTROLS.sub(" ", text).strip()[:LONGEST]


def _iso_date(text: str) -> str:
    """Return a date as ISO 8601, as precise as it is; empty if it is not a date."""
    found = DATE.match(text)
    if found is None or found[1] == "0000" or found[2] == "00":
        return ""
    year, month, day, time = found.groups()
    return f"{year}-{month}-{day}" + (f"T{time}" if time else "")

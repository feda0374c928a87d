"""SVG: kept as it is and never rendered, since it may run scripts and load other files."""

from __future__ import annotations

import re

from harvester.imaging.buffers import Buffer
from harvester.imaging.containers.contents import truncated
from harvester.imaging.sniff import LOOKED_AT, SVG
from harvester.steps import Measured

ROOT = re.compile(rb"<(?:[a-zA-Z]+:)?svg\b(?P<attributes>[^>]*+)>", re.IGNORECASE)
END = re.compile(rb"</(?:[a-zA-Z]+:)?svg\s*>", re.IGNORECASE)
SIDE = r"\b{}\s*=\s*[\"']\s*(\d{{1,9}}(?:\.\d+)?)(?:px)?\s*[\"']"


def measure(file: Buffer) -> Measured:
    """Return what an SVG file says about itself, its size only in plain numbers; raises AssetError if it is cut."""
    root = ROOT.search(file, 0, 16 * LOOKED_AT)
    if root is None:
        truncated("its first tag does not end")
    attributes = root["attributes"]
    if not attributes.endswith(b"/") and END.search(file, root.end()) is None:
        truncated("its last tag is missing")
    text = attributes.decode("utf-8", "replace")
    return Measured(type=SVG.mime, extension=SVG.extension, width=_side("width", text), height=_side("height", text))


def _side(name: str, attributes: str) -> int | None:
    found = re.search(SIDE.format(name), attributes)
    return round(float(found[1])) if found else None

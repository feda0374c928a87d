"""XMP (ISO 16684-1): the fields of a packet about maker and use, read without entities and up to a size limit."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

LARGEST = 2_000_000
"""Bytes of the largest packet that is read: 5,000 to 50,000 are usual."""

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}"
PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
CC = "{http://creativecommons.org/ns#}"
IPTC_EXTENSION = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"

FIELDS: tuple[tuple[str, str], ...] = (
    (f"{DC}creator", "creator"),
    (f"{PHOTOSHOP}Credit", "credit"),
    (f"{DC}rights", "copyright"),
    (f"{CC}license", "license"),
    (f"{RIGHTS}WebStatement", "license"),
    (f"{RIGHTS}UsageTerms", "license"),
    (f"{PHOTOSHOP}Source", "source"),
    (f"{DC}description", "caption"),
    (f"{PHOTOSHOP}DateCreated", "date"),
    (f"{IPTC_EXTENSION}DigitalSourceType", "digital_source_type"),
)
"""Properties in order of trust, with their names in `model.Rights`."""


def read_xmp(packet: bytes) -> dict[str, str]:
    """Return the fields of a packet; empty if it is not well-formed, has a document type or is too large."""
    if not packet or len(packet) > LARGEST:
        return {}
    try:
        text = packet.decode("utf-8").strip("\ufeff\0 \r\n\t")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            return {}
        root = ElementTree.fromstring(text)  # noqa: S314 (without a document type there are no entities)
    except (UnicodeDecodeError, ElementTree.ParseError):
        return {}
    properties = dict(reversed(list(_properties(root))))
    return {name: properties[tag] for tag, name in reversed(FIELDS) if properties.get(tag)}


def _properties(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield every property of every description, whether written as attribute, text, link or list."""
    for description in root.iter(f"{RDF}Description"):
        yield from description.attrib.items()
        for child in description:
            yield child.tag, _value(child)


def _value(element: ElementTree.Element) -> str:
    """Return a property's text: all items of a list; of alternative languages the default, which comes first."""
    if link := element.get(f"{RDF}resource"):
        return link
    if element.find(f"{RDF}Alt") is not None:
        return next((item.text or "" for item in element.iter(f"{RDF}li")), "")
    items = [item.text.strip() for item in element.iter(f"{RDF}li") if item.text]
    return ", ".join(items) if items else (element.text or "").strip()

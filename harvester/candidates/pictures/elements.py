"""Pictures that elements show: `img` with its `picture` and sources, and their kin in AMP, SVG and custom elements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from harvester.candidates.grouping.placeholders import apart
from harvester.candidates.page.image_urls import looks_like_image
from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.candidates.pictures.artboards import with_cuts
from harvester.candidates.pictures.copies import with_copies
from harvester.candidates.pictures.declared import Attributes, link_around, listed, loaded_later, pixels, single
from harvester.candidates.pictures.links import with_linked_files
from harvester.model import Variant
from harvester.renditions import claimed_width

TAGS = ("img", "amp-img", "amp-anim", "image")


def pictures(index: PageIndex) -> Iterator[Occurrence]:
    """Yield every occurrence of a picture in an element, each joined with its copy for readers without scripts."""
    numbers = sorted([*index.tagged(*TAGS), *_custom(index)])
    sources = _sources(index, numbers)
    shown = index.budget.first(sorted({*numbers, *sources}), "elements that show pictures")
    occurrences = [_occurrence(index, number, sources.get(number, ())) for number in shown]
    linked = with_linked_files(occurrences)
    for occurrence in with_cuts(index, with_copies(index, linked)):
        yield from apart(index, occurrence)


def _custom(index: PageIndex) -> list[int]:
    """Find custom elements that carry a picture the way `img` does."""
    return [
        number
        for tag in index.tags
        if "-" in tag and tag not in TAGS
        for number in index.tagged(tag)
        if any(looks_like_image(index.attributes(number).get(name) or "") for name in ("src", "data-src"))
        or index.attributes(number).get("srcset")
    ]


def _sources(index: PageIndex, numbers: Sequence[int]) -> dict[int, list[int]]:
    """Return the `source` elements of each `img`; a `picture` without an `img` keeps its own.

    A source belongs to the `img` that follows it, so that a `picture` that is never closed does not take the sources of
    all later ones.
    """
    found: dict[int, list[int]] = {}
    for source in index.tagged("source"):
        picture = index.within(source, "picture", "video", "audio")
        if picture is not None and index.dom.tags[picture] == "picture":
            found.setdefault(_shown_by(index, picture, source, numbers), []).append(source)
    return found


def _shown_by(index: PageIndex, picture: int, source: int, numbers: Sequence[int]) -> int:
    after = index.after(numbers, source, picture)
    if after:
        return next((number for number in after if index.within(number, "noscript") is None), after[0])
    last = index.last_in(numbers, picture)
    return picture if last is None else last


def _occurrence(index: PageIndex, number: int, sources: Sequence[int]) -> Occurrence:
    attributes = index.attributes(number)
    tag = index.dom.tags[number]
    return Occurrence(
        kind="svg" if tag == "image" else "img",
        number=number,
        node=index.dom.nodes[number],
        origin=tag,
        variants=(*(v for source in sources for v in _of_source(index, source)), *_own(index, tag, attributes)),
        link=link_around(index, number),
        alt=(attributes.get("alt") or "").strip() or None,
        width=pixels(attributes.get("width")),
        height=pixels(attributes.get("height")),
        in_noscript=index.within(number, "noscript") is not None,
    )


def _of_source(index: PageIndex, number: int) -> list[Variant]:
    attributes = index.attributes(number)
    found = listed(index, attributes.get("srcset") or "", "source@srcset")
    found += loaded_later(index, attributes, "source")
    kind, media = attributes.get("type") or None, attributes.get("media") or None
    if kind or media:
        found = [replace(variant, type=kind, media=media) for variant in found]
    return _with_size(found, attributes)


def _own(index: PageIndex, tag: str, attributes: Attributes) -> list[Variant]:
    src = attributes.get("src") or attributes.get("href") or attributes.get("xlink:href") or ""
    found = listed(index, attributes.get("srcset") or "", f"{tag}@srcset")
    found += loaded_later(index, attributes, tag)
    return _with_size(found + single(index, src, f"{tag}@src"), attributes)


def _with_size(variants: list[Variant], attributes: Attributes) -> list[Variant]:
    """Give the first rendition the size in the element's attributes, where no rendition states one."""
    width, height = pixels(attributes.get("width")), pixels(attributes.get("height"))
    if not variants or not width or any(v.width for v in variants):
        return variants
    first = next((v for v in variants if v.density in (None, 1.0)), None)
    if first is None or claimed_width(first.url) is not None:
        return variants
    return [replace(v, width=width, height=height) if v is first else v for v in variants]

"""Pictures named in the head of a page: for social networks, for search engines, and for early loading."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.candidates.pictures.declared import listed, pixels, single
from harvester.model import Variant

# Source: https://ogp.me/#structured, Twitter's card markup, schema.org's microdata, and older names in use.
IMAGE = {
    "og:image": "og:image",
    "og:image:url": "og:image",
    "twitter:image": "twitter:image",
    "twitter:image:src": "twitter:image",
    "image": "meta image",
    "thumbnail": "meta thumbnail",
    "thumbnailurl": "meta thumbnailUrl",
    "sailthru.image.full": "meta image",
    "parsely-image-url": "meta image",
}
SAME_IMAGE = ("og:image:url", "og:image:secure_url")
"""Properties that add another URL to the picture before them, unless they start one themselves."""
MOST_ADDRESSES = 8
"""Of one picture; any further URL starts another picture."""


def head(index: PageIndex) -> Iterator[Occurrence]:
    """Yield the pictures in the page's meta tags and links, those of each network in order."""
    yield from _from_metas(index)
    for number in index.tagged("link"):
        yield from _from_link(index, number)


def _from_metas(index: PageIndex) -> Iterator[Occurrence]:
    open_: Occurrence | None = None
    for number in index.tagged("meta"):
        attributes = index.attributes(number)
        name = (
            (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").strip().lower()
        )
        content = attributes.get("content") or ""
        if open_ is not None and _continues(name, open_):
            open_ = _with_property(index, open_, name, content)
        elif (kind := _started_origin(name, open_)) and (variants := single(index, content, kind)):
            if open_ is not None:
                yield open_
            open_ = Occurrence(kind="head", number=number, origin=kind, variants=tuple(variants))
    if open_ is not None:
        yield open_


def _continues(name: str, occurrence: Occurrence) -> bool:
    if _is_full(name, occurrence):
        return False
    return name.startswith(f"{occurrence.origin}:") and (name not in IMAGE or name in SAME_IMAGE)


def _started_origin(name: str, before: Occurrence | None) -> str | None:
    """Return the origin of the picture that a property starts, or None when it starts none."""
    return before.origin if before is not None and _is_full(name, before) else IMAGE.get(name)


def _is_full(name: str, occurrence: Occurrence) -> bool:
    return name in SAME_IMAGE and occurrence.origin == "og:image" and len(occurrence.variants) >= MOST_ADDRESSES


def _with_property(index: PageIndex, occurrence: Occurrence, name: str, content: str) -> Occurrence:
    """Add to *occurrence* what a property such as `og:image:width` says about it."""
    match name.rpartition(":")[2]:
        case "width" | "height" as side:
            return replace(occurrence, variants=tuple(_sized(v, side, pixels(content)) for v in occurrence.variants))
        case "type" if "/" in content:
            return replace(
                occurrence, variants=tuple(replace(v, type=content.strip().lower()) for v in occurrence.variants)
            )
        case "alt":
            return replace(occurrence, alt=content.strip() or None)
        case "url" | "secure_url":
            known = {variant.url for variant in occurrence.variants}
            more = [v for v in single(index, content, occurrence.origin) if v.url not in known]
            return replace(occurrence, variants=(*occurrence.variants, *more))
    return occurrence


def _sized(variant: Variant, side: str, size: int | None) -> Variant:
    return replace(variant, **{side: size}) if size and size > 1 else variant


def _from_link(index: PageIndex, number: int) -> Iterator[Occurrence]:
    attributes = index.attributes(number)
    rel = (attributes.get("rel") or attributes.get("itemprop") or "").lower().split()
    href = attributes.get("href") or ""
    if "preload" in rel and (attributes.get("as") or "").lower() == "image":
        found = listed(index, attributes.get("imagesrcset") or "", "preload") + single(index, href, "preload")
        kind, media = attributes.get("type") or None, attributes.get("media") or None
        variants = [replace(variant, type=kind, media=media) for variant in found]
        if variants:
            yield Occurrence(kind="preload", number=number, origin="preload", variants=tuple(variants))
    elif "image_src" in rel or "image" in rel or "thumbnailurl" in rel:
        found = single(index, href, "link image_src")
        if found:
            yield Occurrence(kind="head", number=number, origin="link image_src", variants=tuple(found))

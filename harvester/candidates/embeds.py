"""Players and links in the tree: what the elements of a page show of videos, in document order.

The tree is walked once. Elements are known by their tag, their attributes or by what an attribute's value names; a data
attribute is read whatever it is called, since every consent tool and every lazy loader has a name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from harvester.candidates import files, mentions, providers, youtube
from harvester.candidates.markers import Marker, markers_of
from harvester.candidates.sightings import Sighting, of_provider, of_youtube
from harvester.markup import Document, Node

MOST_NODES = 400_000
Attributes = dict[str, str | None]

_PLAYERS = {"iframe", "frame", "embed", "object", "param", "amp-iframe", "script"}
_LINKS = {"a", "area"}
_SILENT = {"style", "textarea", "title", "base", "source", "svg", "path", "use", "input", "option", "form"}
_CODE = {"script", "style", "textarea", "pre", "code", "title"}
_META = {"embedurl", "contenturl", "og:video", "og:video:url", "og:video:secure_url", "twitter:player"}
_PROSE = {
    "class",
    "title",
    "alt",
    "aria-label",
    "style",
    "href",
    "data-share-url",
    "data-href",
    "data-link",
    "data-url-share",
}
_QUOTES = re.compile(r"\b(?:twitter-(?:tweet|video)|instagram-media|fb-video|telegram-post|tiktok-embed)\b")
_YOUTUBE_WORD = re.compile(r"you-?tube|(?:^|[\s_-])(?:yt|lyte)(?:[\s_-]|$)", re.IGNORECASE)
_ID_NAME = re.compile(
    r"(?:^|[-_])(?:id|videoid|ytid|code|key|vid|video|embed|src|media|content|youtube|yt)$|video-?id", re.IGNORECASE
)
_VIDEO_NAME = re.compile(r"video|embed|youtube", re.IGNORECASE)


def sightings(document: Document, base: str) -> Iterator[Sighting]:
    """Give the videos that the elements and the scripts of *document* show or lead to, in document order."""
    texts = any(hint in document.text for hint in ("outu", "ouTu", "OUTU"))
    for node in islice(document.root.traverse(include_text=texts), MOST_NODES):
        tag = node.tag or ""
        if tag == "-text":
            yield from _in_text(node)
        elif tag in {"video", "audio"}:
            yield from files.of_element(node, base)
        elif tag == "template":
            yield from _in_template(node)
        elif tag not in _SILENT and (attributes := node.attributes):
            yield from _in_element(tag, attributes, node, base)


def _in_text(node: Node) -> Iterator[Sighting]:
    text = node.text_content or ""
    if "outu" not in text and "ouTu" not in text and "OUTU" not in text and "YT.Player" not in text:
        return
    parent = node.parent
    tag = (parent.tag if parent else None) or ""
    if tag == "script":
        yield from mentions.read(text, "script")
    elif tag not in _CODE:
        alone = _bare_in_embed_block(text, parent)
        yield from [alone] if alone else mentions.read(text, "text")


def _bare_in_embed_block(text: str, parent: Node | None) -> Sighting | None:
    """Read a URL that is all the text of a WordPress embed block: the site's script turns it into a player."""
    names = " ".join(_class_of(node) for node in _upwards(parent, 3))
    ref = youtube.read_url(text.strip()) if "embed" in names or "oembed" in names else None
    return of_youtube(ref, "embed block", embedded=True, confidence=0.9) if ref else None


def _in_template(node: Node) -> Iterator[Sighting]:
    """Read a template: consent tools keep the player in one until the reader agrees."""
    inner = node.inner_html or ""
    if "outu" in inner:
        yield from mentions.read(inner, "template")


def _in_element(tag: str, attributes: Attributes, node: Node, base: str) -> Iterator[Sighting]:
    if tag in _LINKS:
        yield from _link(attributes, node)
    elif tag in _PLAYERS:
        yield from _player(tag, attributes)
    elif tag in {"meta", "link"}:
        yield from _head(tag, attributes, base)
        return
    elif tag in {"img", "amp-img", "picture"}:
        yield from _facade(tag, attributes, node)
        return
    else:
        yield from _custom(tag, attributes, node)
    yield from _ids(tag, attributes, node)


def _link(attributes: Attributes, node: Node) -> Iterator[Sighting]:
    href = attributes.get("href") or ""
    ref = youtube.read_url(href)
    if ref:
        yield from _found(of_youtube(ref, "link", embedded=False, confidence=0.95))
        return
    other = providers.read_url(href) if "//" in href else None
    if other and other.linked:
        yield of_provider(other, "link", embedded=False)
    elif other and any(_QUOTES.search(_class_of(above)) for above in _upwards(node.parent, 4)):
        yield of_provider(other, "quoted post", embedded=True)


def _player(tag: str, attributes: Attributes) -> Iterator[Sighting]:
    for name, value in attributes.items():
        if value and name not in _PROSE:
            yield from _named(value, f"{tag}[{name}]", 0.95)


def _named(value: str, origin: str, confidence: float) -> Iterator[Sighting]:
    """Give the player that an attribute's value names: a URL, or markup or JSON with one in it."""
    ref = youtube.read_player_url(value) if len(value) < 2_000 else None
    if ref:
        yield from _found(of_youtube(ref, origin, embedded=True, confidence=confidence))
    elif "outu" in value or "ouTu" in value:
        yield from mentions.read(value, origin)
    elif "//" in value and (other := providers.read_url(value)):
        yield of_provider(other, origin, embedded=True, confidence=confidence)


def _head(tag: str, attributes: Attributes, base: str) -> Iterator[Sighting]:
    name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
    value = attributes.get("content") or attributes.get("href") or ""
    if name in _META:
        yield from _named(value, f"{tag}[{name}]", 0.8)
        yield from files.of_url(value, base, f"{tag}[{name}]")
    elif tag == "link" and "oembed" in (attributes.get("type") or ""):
        ref = youtube.read_player_url(value)
        yield from _found(ref and of_youtube(ref, "oembed", embedded=True, confidence=0.6))


def _facade(tag: str, attributes: Attributes, node: Node) -> Iterator[Sighting]:
    """Read a video's own thumbnail as the facade of its player, unless it stands in a link to somewhere."""
    for name, value in attributes.items():
        if value and ("ytimg" in value or "img.youtube" in value):
            ref = youtube.read_player_url(value.split(" ")[0])
            if ref and not any(above.tag in _LINKS for above in _upwards(node.parent, 5)):
                yield from _found(of_youtube(ref, f"{tag}[{name}] thumbnail", embedded=True, confidence=0.6))
                return


def _custom(tag: str, attributes: Attributes, node: Node) -> Iterator[Sighting]:
    for name, value in attributes.items():
        if not value or len(value) < 12:
            continue
        youtubes = "outu" in value or "ouTu" in value or "ytimg" in value
        if youtubes and name not in _PROSE:
            yield from _custom_youtube(tag, name, value, attributes, node)
        elif "//" in value[:60] and (name.startswith("data-") or "-" in tag) and name not in _PROSE:
            yield from _named(value, f"{tag}[{name}]", 0.8)
        elif name == "cite" or (name == "data-href" and _QUOTES.search(attributes.get("class") or "")):
            yield from _named(value, f"{tag}[{name}]", 0.9)


def _custom_youtube(tag: str, name: str, value: str, attributes: Attributes, node: Node) -> Iterator[Sighting]:
    ref = youtube.read_player_url(value) if len(value) < 2_000 else None
    origin = f"{tag}[{name}]"
    if ref is None:
        yield from mentions.read(value, origin)
    elif name.startswith("on"):
        yield from _found(of_youtube(ref, f"{origin} link", embedded=False, confidence=0.5))
    elif "/embed/" in value or _VIDEO_NAME.search(name) or _says_youtube(tag, attributes) or name.endswith("src"):
        yield from _found(of_youtube(ref, origin, embedded=True, confidence=0.8))
    else:
        yield from _found(of_youtube(ref, f"{origin} link", embedded=False, confidence=0.4))


def _ids(tag: str, attributes: Attributes, node: Node) -> Iterator[Sighting]:
    for name, value in attributes.items():
        if not value:
            continue
        for marker in markers_of(name):
            yield from _marked(marker, tag, value, attributes)
        if len(value) == 11 and _ID_NAME.search(name) and youtube.is_id(value):
            confidence = _confidence_in_id(tag, name, value, attributes, node)
            if confidence:
                ref = youtube.YouTubeRef(kind="video", id=value)
                yield from _found(of_youtube(ref, f"{tag}[{name}]", embedded=True, confidence=confidence))


def _marked(marker: Marker, tag: str, value: str, attributes: Attributes) -> Iterator[Sighting]:
    ref = marker.read(tag, value, attributes)
    if ref:
        yield of_provider(ref, f"{tag}[{marker.attribute}]", embedded=True)


def _confidence_in_id(tag: str, name: str, value: str, attributes: Attributes, node: Node) -> float:
    """Judge eleven symbols that may be an id: by the element's own words, else by those around it."""
    if _YOUTUBE_WORD.search(name) or _YOUTUBE_WORD.search(tag):
        return 0.95 if not value.islower() or any(c.isdigit() for c in value) else 0.0
    if not youtube.looks_drawn(value):
        return 0.0
    if _says_youtube(tag, attributes):
        return 0.85
    if any(_says_youtube(above.tag or "", above.attributes) for above in _upwards(node.parent, 3)):
        return 0.7
    return 0.5 if _VIDEO_NAME.search(name) else 0.0


def _says_youtube(tag: str, attributes: Attributes) -> bool:
    return bool(_YOUTUBE_WORD.search(tag)) or any(
        _YOUTUBE_WORD.search(name) or (value and len(value) < 200 and _YOUTUBE_WORD.search(value))
        for name, value in attributes.items()
    )


def _upwards(node: Node | None, most: int) -> Iterator[Node]:
    while node is not None and most:
        yield node
        node, most = node.parent, most - 1


def _class_of(node: Node) -> str:
    return node.attributes.get("class") or ""


def _found(sighting: Sighting | None) -> Iterator[Sighting]:
    if sighting:
        yield sighting

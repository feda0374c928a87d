"""Players and links in the tree: what the elements of a page show of videos, in document order.

The tree is walked once. Elements are known by their tag, their attributes or by what an attribute's value names; a data
attribute is read whatever it is called, since every consent tool and every lazy loader has a name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from harvester.candidates import files, mentions, providers, youtube
from harvester.candidates.markers import BY_ATTRIBUTE, Marker
from harvester.candidates.sightings import Sighting, of_provider, of_youtube
from harvester.markup import Document, Node

MOST_NODES = 400_000
Attributes = dict[str, str | None]

_LINKS = {"a", "area"}
_SILENT = {"style", "textarea", "title", "base", "source", "svg", "path", "use", "input", "option", "form"}
_SPEAKING = {"script", "template", "video", "audio"}  # speak without attributes too
_DULL = {
    "class",
    "dir",
    "lang",
    "role",
    "hidden",
    "tabindex",
    "width",
    "height",
    "itemscope",
    "itemtype",
    "aria-hidden",
}
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
    "data-link",
    "data-url-share",
}
_STYLE_URL = re.compile(r"(?s)^[^(]*\(\s*[\"']?([^\s\"')]+).*$")
_QUOTES = re.compile(r"\b(?:twitter-(?:tweet|video)|instagram-media|fb-video|telegram-post|tiktok-embed)\b")
_YOUTUBE_WORD = re.compile(r"you-?tube|(?:^|[\s_-])(?:yt|lyte)(?:[\s_-]|$)", re.IGNORECASE)
_ID_NAME = re.compile(
    r"(?:^|[-_])(?:id|videoid|ytid|code|key|vid|video|embed|src|media|content|youtube|yt)$|video-?id", re.IGNORECASE
)
_LIST_NAMES = {"playlistid", "playlist-id", "data-playlistid", "data-playlist-id", "data-live-channelid"}
_NAMES = _LIST_NAMES | set(BY_ATTRIBUTE)
_VIDEO_NAME = re.compile(r"video|embed|youtube", re.IGNORECASE)


def sightings(document: Document) -> Iterator[Sighting]:
    """Give the videos that the elements and the scripts of *document* show or lead to, in document order."""
    base = document.base_url
    for node in islice(document.root.traverse(include_text="outu" in document.text), MOST_NODES):
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content or ""
            if "outu" in text:
                yield from _in_text(text, node.parent)
        elif tag not in _SILENT:
            attributes = node.attributes
            if tag in _SPEAKING or _tells(attributes):
                yield from _in_element(tag, attributes, node, base)


def _tells(attributes: Attributes) -> bool:
    """Say whether anything in *attributes* can name a video: a URL, eleven symbols, YouTube, a player's own name."""
    for name, value in attributes.items():
        if name in _DULL or not value:
            continue
        if "//" in value or len(value) == 11 or "outu" in value or name in _NAMES:
            return True
    return False


def _in_text(text: str, parent: Node | None) -> Iterator[Sighting]:
    if parent is not None and parent.tag not in _CODE:
        yield from _bare_in_embed_block(text, parent) or mentions.read(text, "text")


def _in_script(attributes: Attributes, node: Node) -> Iterator[Sighting]:
    yield from _player("script", attributes)
    text = node.text()
    if mentions.hinted(text):
        yield from mentions.read(text, "script")


def _bare_in_embed_block(text: str, parent: Node) -> tuple[Sighting, ...]:
    """Read a URL that is all the text of a WordPress embed block: the site's script turns it into a player."""
    names = " ".join(_class_of(node) for node in _upwards(parent, 3))
    ref = youtube.read_url(text) if "embed" in names else None
    return of_youtube(ref, "embed block", embedded=True, confidence=0.9)


def _in_element(tag: str, attributes: Attributes, node: Node, base: str) -> Iterator[Sighting]:
    match tag:
        case "a" | "area":
            yield from _link(attributes, node)
        case "script":
            yield from _in_script(attributes, node)
        case "template":
            yield from mentions.read(node.html or "", "template")
        case "video" | "audio":
            yield from files.of_element(node, base)
        case "meta" | "link":
            yield from _head(tag, attributes, base)
            return
        case "img" | "amp-img":
            yield from _facade(tag, attributes, node)
            return
        case "iframe" | "frame" | "embed" | "object" | "param" | "amp-iframe":
            yield from _player(tag, attributes)
        case _:
            yield from _custom(tag, attributes, node)
    yield from _ids(tag, attributes, node)


def _link(attributes: Attributes, node: Node) -> Iterator[Sighting]:
    href = attributes.get("href") or ""
    if ref := youtube.read_url(href):
        yield from of_youtube(ref, "link", embedded=False, confidence=0.95)
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
    ref = youtube.read_player_url(value)
    if ref:
        yield from of_youtube(ref, origin, embedded=True, confidence=confidence)
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
        yield from of_youtube(ref, "oembed", embedded=True, confidence=0.6)


def _facade(tag: str, attributes: Attributes, node: Node) -> Iterator[Sighting]:
    """Read a video's own thumbnail as the facade of its player, unless it stands in a link to somewhere."""
    for name, value in attributes.items():
        if value and ("ytimg" in value or "img.youtube" in value):
            ref = youtube.read_player_url(_STYLE_URL.sub(r"\1", value) if name == "style" else value.split(" ")[0])
            if ref and not any(above.tag in _LINKS for above in _upwards(node.parent, 5)):
                yield from of_youtube(ref, f"{tag}[{name}] thumbnail", embedded=True, confidence=0.6)
                return


def _custom(tag: str, attributes: Attributes, node: Node) -> Iterator[Sighting]:
    for name, value in attributes.items():
        if not value or len(value) < 12:
            continue
        if name == "style":
            yield from _facade(tag, attributes, node)
        elif name in _PROSE:
            continue
        elif name == "cite" or (name == "data-href" and _QUOTES.search(attributes.get("class") or "")):
            yield from _named(value, f"{tag}[{name}]", 0.9)
        elif "outu" in value or "ouTu" in value or "ytimg" in value:
            yield from _custom_youtube(tag, name, value, attributes)
        elif "//" in value[:60] and (name.startswith("data-") or "-" in tag):
            yield from _named(value, f"{tag}[{name}]", 0.8)


def _custom_youtube(tag: str, name: str, value: str, attributes: Attributes) -> Iterator[Sighting]:
    ref = youtube.read_player_url(value)
    origin = f"{tag}[{name}]"
    if ref is None:
        yield from mentions.read(value, origin)
    elif name.startswith("on"):
        yield from of_youtube(ref, f"{origin} link", embedded=False, confidence=0.5)
    elif "/embed/" in value or _VIDEO_NAME.search(name) or _says_youtube(tag, attributes) or name.endswith("src"):
        yield from of_youtube(ref, origin, embedded=True, confidence=0.8)
    else:
        yield from of_youtube(ref, f"{origin} link", embedded=False, confidence=0.4)


def _ids(tag: str, attributes: Attributes, node: Node) -> Iterator[Sighting]:
    for name, value in attributes.items():
        if not value:
            continue
        if name in BY_ATTRIBUTE:
            for marker in BY_ATTRIBUTE[name]:
                yield from _marked(marker, tag, value, attributes)
        if len(value) == 11:
            yield from _by_id(tag, name, value, attributes, node)
        elif name in _LIST_NAMES and _says_youtube(tag, attributes):
            ref = youtube.named("playlist", value) or youtube.named("live_channel", value)
            yield from of_youtube(ref, f"{tag}[{name}]", embedded=True, confidence=0.9)


def _by_id(tag: str, name: str, value: str, attributes: Attributes, node: Node) -> Iterator[Sighting]:
    if _ID_NAME.search(name) and "fallback" not in name and youtube.is_id(value):
        confidence = _confidence_in_id(tag, name, value, attributes, node)
        ref = youtube.named("video", value) if confidence else None
        yield from of_youtube(ref, f"{tag}[{name}]", embedded=True, confidence=confidence)


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

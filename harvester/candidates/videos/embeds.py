"""Players and links in the tree: the videos in the elements of a page, in document order.

Elements are recognised by their tag, by their attributes, or by what an attribute's value names. A data attribute is
read whatever its name, since every consent tool and every lazy loader has a name of its own.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from harvester.candidates.page.budget import Budget
from harvester.candidates.page.dom import Dom
from harvester.candidates.videos import files, mentions, providers, youtube
from harvester.candidates.videos.player_ids import NAMES, VIDEO_NAME, Attributes, ids, says_youtube
from harvester.candidates.videos.sightings import Sighting, of_provider, of_youtube
from harvester.candidates.videos.texts import Text, mentioning
from harvester.markup import Document

MOST_TELLING = 20_000  # elements that are examined; the largest real page seen has 1,400
MOST_HINTS = 20_000  # mentions of YouTube in running text; the largest real page seen has 200

_LINKS = {"a", "area"}
# Elements that are never players: those of text, tables and drawings.
_SILENT = frozenset(
    "-comment style textarea title base source input option form br hr b i em strong small s u sub sup code pre abbr "
    "time center font table tbody thead tfoot tr th svg g path use defs symbol rect circle ellipse line polyline "
    "polygon lineargradient stop clippath mask".split()
)
_WITH_CONTENT = {"script", "template", "video", "audio"}  # examined for more than their attributes
_HEAD = {"meta", "link"}
# Attributes to which HTML gives another meaning.
_ORDINARY = frozenset(
    "class dir lang role hidden tabindex width height itemscope itemtype alt title aria-label aria-hidden rel target "
    "type name method property itemprop datetime for d points viewbox xmlns media sizes loading decoding".split()
)
_META = {"embedurl", "contenturl", "og:video", "og:video:url", "og:video:secure_url", "twitter:player"}
_PROSE = {"class", "title", "alt", "aria-label", "style", "href", "data-link", "data-share-url", "data-url-share"}
_PACKED = "PGlmcmFtZS"  # `<iframe` in base64: WordPress consent tools keep players like this until a reader agrees
_FRAME_URL = re.compile(r"\ssrc=[\"']([^\"']{1,2000})")
_STYLE_URL = re.compile(r"(?s)^[^(]*\(\s*[\"']?([^\s\"')]+).*$")
_QUOTED_POST = re.compile(r"\b(?:twitter-(?:tweet|video)|instagram-media|fb-video|telegram-post|tiktok-embed)\b")


def sightings(document: Document, dom: Dom, budget: Budget | None = None) -> Iterator[Sighting]:
    """Yield the videos that the elements and scripts of *document* show or link to, in document order."""
    budget = budget or Budget()
    left = MOST_HINTS
    for found in _findings(document, dom, budget):
        if isinstance(found, Sighting):
            yield found
        else:
            hints = mentions.hints(found.text, most=left)
            left -= len(hints)
            if not left:
                budget.note("mentions", f"what comes after {MOST_HINTS:,} mentions of YouTube in texts and scripts")
            yield from mentions.read(found.text, found.where, hints)


class Passage(Struct, frozen=True):
    """Text that mentions YouTube; the origins of what is found in it begin with *where*."""

    text: str
    where: str


Finding = Sighting | Passage


def _findings(document: Document, dom: Dom, budget: Budget) -> Iterator[Finding]:
    telling, texts = _candidates(dom), mentioning(document, dom)
    numbers = sorted(telling | texts.keys())
    for number in budget.first(numbers, "elements that may show or mention a video", MOST_TELLING):
        if number in telling:
            yield from _in_element(dom, number, document.base_url)
        for text in texts.get(number, ()):
            yield from _in_text(dom, text)


def _candidates(dom: Dom) -> set[int]:
    """Return the elements that may show or name a video."""
    return {
        number
        for number, tag in enumerate(dom.tags)
        if tag not in _SILENT
        and (tag in _WITH_CONTENT or not _ORDINARY.issuperset(attributes := dom.attributes(number)))
        and (tag in _WITH_CONTENT or (_declares if tag in _HEAD else _names_video)(attributes))
    }


def _declares(attributes: Attributes) -> bool:
    """Return whether a meta or link element with *attributes* announces a video to other sites."""
    return _property(attributes) in _META or "oembed" in (attributes.get("type") or "")


def _property(attributes: Attributes) -> str:
    return (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()


def _names_video(attributes: Attributes) -> bool:
    """Return whether *attributes* may name a video: eleven characters, YouTube, a provider, a player's attribute."""
    for name, value in attributes.items():
        if name in _ORDINARY or not value:
            continue
        if (len(value) == 11 and "/" not in value) or name in NAMES or "outu" in value or value.startswith(_PACKED):
            return True
        if "//" in value and (providers.is_known(value) or youtube.hinted(value)):
            return True
    return False


def _in_text(dom: Dom, found: Text) -> Iterator[Finding]:
    """Yield the player that WordPress makes of an embed block whose only text is a URL; otherwise the text."""
    names = " ".join(_class_of(dom, i) for i in (found.parent, *islice(dom.up(found.parent), 2)))
    ref = youtube.read_url(found.text) if "embed" in names else None
    block = of_youtube(ref, "embed block", embedded=True, confidence=0.9)
    yield from block or (Passage(found.text, "text"),)


def _in_element(dom: Dom, number: int, base: str) -> Iterator[Finding]:
    tag, attributes = dom.tags[number], dom.attributes(number)
    match tag:
        case "a" | "area":
            yield from _link(dom, number)
        case "script":
            yield from _script(dom, number)
            return
        case "template":
            yield Passage(dom.nodes[number].html or "", "template")
        case "video" | "audio":
            yield from files.of_element(dom, number, base)
        case "meta" | "link":
            yield from _head(tag, attributes, base)
            return
        case "img" | "amp-img":
            yield from _facade(dom, number)
            return
        case "iframe" | "frame" | "embed" | "object" | "param" | "amp-iframe":
            yield from _player(tag, attributes)
        case _:
            yield from _custom(dom, number)
    yield from ids(dom, number)


def _link(dom: Dom, number: int) -> Iterator[Sighting]:
    href = dom.attributes(number).get("href") or ""
    if ref := youtube.read_url(href):
        yield from of_youtube(ref, "link", embedded=False, confidence=0.95)
        return
    other = providers.read_url(href) if "//" in href else None
    if other and other.linked:
        yield of_provider(other, "link", embedded=False)
    elif other and any(_QUOTED_POST.search(_class_of(dom, above)) for above in islice(dom.up(number), 4)):
        yield of_provider(other, "quoted post", embedded=True)


def _script(dom: Dom, number: int) -> Iterator[Finding]:
    if _names_video(attributes := dom.attributes(number)):
        yield from _player("script", attributes)
        yield from ids(dom, number)
    text = dom.nodes[number].text()
    if text.lstrip().startswith(_PACKED):
        yield from _player_named(_unpacked(text), "script", 0.9)
    elif mentions.hinted(text):
        yield Passage(text, "script")


def _player(tag: str, attributes: Attributes) -> Iterator[Finding]:
    for name, value in attributes.items():
        if value and name not in _PROSE:
            yield from _player_named(value, f"{tag}[{name}]", 0.95)


def _player_named(value: str, origin: str, confidence: float) -> Iterator[Finding]:
    """Yield the player named by an attribute's value: a URL, or markup or JSON that contains one."""
    ref = youtube.read_player_url(value)
    if ref:
        yield from of_youtube(ref, origin, embedded=True, confidence=confidence)
    elif "outu" in value or "ouTu" in value:
        yield Passage(value, origin)
    elif "//" in value and (other := providers.read_url(value)):
        yield of_provider(other, origin, embedded=True, confidence=confidence)


def _unpacked(text: str) -> str:
    """Return the URL of the frame that *text* holds in base64; empty when there is none."""
    try:
        frame = binascii.a2b_base64(text).decode("utf-8", "replace")
    except binascii.Error:
        return ""
    found = _FRAME_URL.search(frame)
    return found[1] if found else ""


def _head(tag: str, attributes: Attributes, base: str) -> Iterator[Finding]:
    name = _property(attributes)
    value = attributes.get("content") or attributes.get("href") or ""
    if name in _META:
        yield from _player_named(value, f"{tag}[{name}]", 0.8)
        yield from files.of_url(value, base, f"{tag}[{name}]")
    elif tag == "link":
        ref = youtube.read_player_url(value)
        yield from of_youtube(ref, "oembed", embedded=True, confidence=0.6)


def _facade(dom: Dom, number: int) -> Iterator[Sighting]:
    """Yield the video whose thumbnail is shown as the facade of a player; a thumbnail inside a link does not count."""
    for name, value in dom.attributes(number).items():
        if value and ("ytimg" in value or "img.youtube" in value):
            ref = youtube.read_player_url(_STYLE_URL.sub(r"\1", value) if name == "style" else value.split(" ")[0])
            if ref and not any(dom.tags[above] in _LINKS for above in islice(dom.up(number), 5)):
                origin = f"{dom.tags[number]}[{name}] thumbnail"
                yield from of_youtube(ref, origin, embedded=True, confidence=0.6)
                return


def _custom(dom: Dom, number: int) -> Iterator[Finding]:
    tag, attributes = dom.tags[number], dom.attributes(number)
    for name, value in attributes.items():
        if not value or len(value) < 12:
            continue
        if name == "style":
            yield from _facade(dom, number)
        elif value.startswith(_PACKED):
            yield from _player_named(_unpacked(value), f"{tag}[{name}]", 0.9)
        elif name in _PROSE:
            continue
        elif name == "cite" or (name == "data-href" and _QUOTED_POST.search(attributes.get("class") or "")):
            yield from _player_named(value, f"{tag}[{name}]", 0.9)
        elif "outu" in value or "ouTu" in value or "ytimg" in value:
            yield from _custom_youtube(tag, name, value, attributes)
        elif "//" in value[:60] and (name.startswith("data-") or "-" in tag):
            yield from _player_named(value, f"{tag}[{name}]", 0.8)


def _custom_youtube(tag: str, name: str, value: str, attributes: Attributes) -> Iterator[Finding]:
    ref = youtube.read_player_url(value)
    origin = f"{tag}[{name}]"
    if ref is None:
        yield Passage(value, origin)
    elif name.startswith("on"):
        yield from of_youtube(ref, f"{origin} link", embedded=False, confidence=0.5)
    elif "/embed/" in value or VIDEO_NAME.search(name) or says_youtube(tag, attributes) or name.endswith("src"):
        yield from of_youtube(ref, origin, embedded=True, confidence=0.8)
    else:
        yield from of_youtube(ref, f"{origin} link", embedded=False, confidence=0.4)


def _class_of(dom: Dom, number: int) -> str:
    return dom.attributes(number).get("class") or ""

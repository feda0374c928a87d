"""YouTube in running text: script state, JSON and markup inside attributes, escaped markup.

Nothing is evaluated, and nothing is parsed as a whole: a window of text around each hint is unescaped and read, so
the cost grows with the number of hints. The purpose of a URL is judged by what comes before it: the tag of a player,
the tag of a link, or the key of an object.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from harvester.candidates.videos import youtube
from harvester.candidates.videos.sightings import Sighting, of_youtube

_HINTS = ("outu", "ouTu", "OUTU", "YT.Player", "VideoById", "ytId", "yt_id", "ytVideo")
_AROUND = 500  # characters read on either side of a hint
_URL_LENGTH = 200  # characters of a URL that may come before the hint

_UNESCAPE = (
    ("\\\\", "\\"),
    ("\\/", "/"),
    ("\\u002F", "/"),
    ("\\u002f", "/"),
    ("\\x2F", "/"),
    ("\\u003d", "="),
    ("\\u003D", "="),
    ("\\u0026", "&"),
    ("\\u003c", "<"),
    ("\\u003C", "<"),
    ("\\u003e", ">"),
    ("\\u003E", ">"),
    ("\\u0022", '"'),
    ('\\"', '"'),
    ("\\'", "'"),
    ("&quot;", '"'),
    ("&#34;", '"'),
    ("&#39;", "'"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
)
_URL_START = re.compile(r"[\s\"'<>()`\\,;{}|\[\]]")
_URL_HEAD = re.compile(r"[^\s\"'<>`\\{}|\[\]]{0,300}")
_OPEN_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]{0,40})\s[^>]*$")
_KEY = re.compile(r"([\w:@.-]{1,40})[\"'`]?\s{0,3}[:=]\s{0,3}\[?\s{0,3}[\"'`]$")
_KEY_LENGTH = 60
_DRAWN = r"\s{0,3}\[?\s{0,3}[\"']([\w-]{11})[\"']"
_ID_AFTER = (
    re.compile(r"ou(?:tu|Tu|TU)[\w-]{0,24}[\"']?\s{0,3}[:=]" + _DRAWN),  # youtubeId: "...", data-youtube-id="..."
    re.compile(r"outube[\"']?\s{0,3}:\s{0,3}\{[^{}]{0,200}?\b(?:id|videoId|video_id)[\"']?\s{0,3}:" + _DRAWN),
    re.compile(r"yt_?(?:video)?_?id[\"']?\s{0,3}[:=]" + _DRAWN, re.IGNORECASE),
    re.compile(r"VideoById\(\s{0,3}(?:\{\s{0,9}[\"']?videoId[\"']?\s{0,3}:)?" + _DRAWN),
    re.compile(r"YT\.Player\([^()]{0,400}?\bvideoId[\"']?\s{0,3}:" + _DRAWN),
)
_QUOTED_BEFORE = re.compile(r"[\"'][\w./ -]{0,30}[yY]$")
_QUOTED_AFTER = re.compile(r"ou[tT]ube[\w./ -]{0,30}[\"']\s{0,3}(?!\s|:)")
_BRACE = re.compile(r"[{}]")
_INNER_OBJECT = re.compile(r"\{[^{}]*\}")
_OBJECT_ID = re.compile(
    r"\b_?(?:id|(?:video|embed|media|external|asset|source|content)_?id|code|key|value|video)[\"']?\s{0,3}:" + _DRAWN,
    re.IGNORECASE,
)
_SAYS_VIDEO = re.compile(
    r"[:=]\s{0,3}[\"'](?:video|embed|oembed|videoobject|core/embed|[\w./ -]{0,30}you ?tube[\w ./-]{0,30})[\"']",
    re.IGNORECASE,
)

_PLAYER_TAGS = {"iframe", "embed", "object", "param", "source", "video", "amp-iframe"}
_LINK_TAGS = {"a", "area"}
_PLAYER_KEYS = {
    *("src", "datasrc", "embed", "embedurl", "embedsrc", "embedlink", "embedcode", "iframe", "iframeurl", "iframesrc"),
    *("playerurl", "contenturl", "youtubeurl", "youtubeembed", "youtubeembedurl", "oembedurl"),
}
_LINK_KEYS = {"href", "link", "target", "targeturl", "outgoingurl", "sameas", "share", "shareurl"}


def read(text: str, where: str, hints: Iterable[int]) -> Iterator[Sighting]:
    """Yield the YouTube videos that *text* shows or names at its *hints*; their origins begin with *where*."""
    for at in hints:
        before = _unescaped(text[max(0, at - _AROUND) : at])
        after = _unescaped(text[at : at + _AROUND])
        yield from _by_id(before, after, where) or _by_url(before, after, where)


def hinted(text: str) -> bool:
    """Return whether `read` may find anything in *text*."""
    return any(hint in text for hint in _HINTS)


def hints(text: str, *, most: int) -> list[int]:
    """Return the positions in *text* at which a video may be named, at most *most* of them."""
    found: list[int] = []
    for hint in _HINTS:
        at = text.find(hint)
        while at >= 0 and len(found) < most:
            found.append(at)
            at = text.find(hint, at + len(hint))
    return sorted(found)


def _unescaped(text: str) -> str:
    if "\\" in text or "&" in text:
        for written, meant in _UNESCAPE:
            text = text.replace(written, meant)
    return text


def _by_id(before: str, after: str, where: str) -> tuple[Sighting, ...]:
    """Return the video of a bare id that a key, a call or the surrounding object says is YouTube's."""
    found = next((m for pattern in _ID_AFTER if (m := pattern.match(after))), None)
    if found is None and _QUOTED_BEFORE.search(before[-40:]) and _QUOTED_AFTER.match(after):
        found = _OBJECT_ID.search(_object_around(before, after))
    ref = youtube.named("video", found[1]) if found and youtube.looks_drawn(found[1]) else None
    return of_youtube(ref, f"{where}: id", embedded=True, confidence=0.85)


def _object_around(before: str, after: str) -> str:
    """Return the text of the object around the middle of the window, without the objects inside it."""
    depth, start, end = 0, None, len(after)
    for brace in reversed(list(_BRACE.finditer(before))):
        depth += 1 if brace[0] == "}" else -1
        if depth < 0:
            start = brace.end()
            break
    depth = 0
    for brace in _BRACE.finditer(after):
        depth += 1 if brace[0] == "{" else -1
        if depth < 0:
            end = brace.start()
            break
    return "" if start is None else _INNER_OBJECT.sub("", before[start:] + after[:end])


def _by_url(before: str, after: str, where: str) -> tuple[Sighting, ...]:
    """Return the video of the URL across the middle of the window, judged by what comes before it."""
    tail = _URL_START.split(before[-_URL_LENGTH:])[-1]
    head = _URL_HEAD.match(after)
    url = tail + (head[0] if head else "")
    ref = youtube.read_player_url(url)
    if ref is None or youtube.is_thumbnail(url):
        return ()
    origin, embedded, confidence = _purpose(before.removesuffix(tail), after, where)
    return of_youtube(ref, origin, embedded=embedded, confidence=confidence)


def _purpose(before: str, after: str, where: str) -> tuple[str, bool, float]:
    tag = _OPEN_TAG.match(before, before.rfind("<")) if "<" in before else None
    if tag:
        name = tag[1].lower()
        if name in _PLAYER_TAGS or "youtube" in name:
            return f"{where}: {name}", True, 0.85
        if name in _LINK_TAGS:  # in a `srcdoc`, the link is the facade of the player
            return f"{where}: link", where.endswith("[srcdoc]"), 0.8
    key = _KEY.search(before[-_KEY_LENGTH:])
    word = re.sub(r"[^a-z]", "", key[1].lower()) if key else ""
    if word in _LINK_KEYS:
        return f"{where}: link", False, 0.5
    if word in _PLAYER_KEYS or (key and _SAYS_VIDEO.search(_object_around(before, after))):
        return f"{where}: {word}", True, 0.7
    return f"{where}: bare link", False, 0.3

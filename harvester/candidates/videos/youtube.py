"""YouTube's URLs: which video, playlist or channel a URL names, whatever its form.

Ids use the 64 characters `A-Z a-z 0-9 - _` and are case-sensitive. URLs are read offline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import Literal
from urllib.parse import unquote, unquote_plus

from msgspec import Struct
from msgspec.structs import replace

from harvester.model import Derived

Kind = Literal["video", "short", "live", "clip", "playlist", "channel", "live_channel"]

# Sites that show YouTube's videos under YouTube's paths: its own, and front ends that readers use instead.
HOSTS = ("youtube.com", "youtube-nocookie.com", "youtubekids.com", "youtubeeducation.com", "youtube.googleapis.com")
SHORT_HOSTS = ("youtu.be", "y2u.be", "redirect.invidious.io")
FRONT_ENDS = ("yewtu.be", "invidious.io", "piped.video", "hooktube.com", "zwearz.com")
THUMBNAIL_HOSTS = ("ytimg.com", "img.youtube.com")
ID = re.compile(r"[A-Za-z0-9_-]{11}(?![A-Za-z0-9_-])")
POSTERS = (
    "vi_webp/{id}/maxresdefault.webp",
    "vi/{id}/maxresdefault.jpg",
    "vi/{id}/hq720.jpg",
    "vi_webp/{id}/sddefault.webp",
    "vi/{id}/hqdefault.jpg",
)

_LONGEST = 4_000
_WORDS = {"videoseries", "live_stream"}  # eleven characters in the place of an id, but words of YouTube's own
_NO_URL = re.compile(r"[<>\"{} ]")  # markup, JSON or prose that contains a URL, which `mentions` reads
_PARTS = re.compile(
    r"\A(?:[a-z]{2,8}:)?//(?:[^/?#@]*@)?(?P<host>[^/?#:]+)(?::\d*)?(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_VIDEO_PATH = re.compile(
    r"\A/++(?:(?P<how>embed|v|e|vi|vi_webp|an_webp|shorts|live|watch|source)/++)(?P<id>[A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])"
)
_WATCH_PATH = re.compile(r"\A/++(?:watch|watch_popup|movie|embed|v|details|ytscreeningroom)?/*+$")
_CHANNEL_PATH = re.compile(
    r"\A/++(?P<id>@[^/?#\s]{2,60}|channel/UC[A-Za-z0-9_-]{22}|(?:c|user)/[^/?#\s]{1,100})(?P<live>/++live)?(?:/|$)"
)
_CLIP_PATH = re.compile(r"\A/++clip/++(?P<id>[A-Za-z0-9_-]{20,60})")
_LIST = re.compile(r"[A-Za-z0-9_.-]{2,60}")
_PLAYLIST = re.compile(r"(?:PL|UU|LL|FL|RD|OL|EC)[A-Za-z0-9_-]{10,50}")
_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])")
_START = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?")
_NESTED = re.compile(r"/(?:https?:/+|(?=(?:www\.|m\.)?youtu(?:be\.com|\.be)/))", re.IGNORECASE)
_CARRIERS = ("u", "url", "continue", "next", "q")  # parameters in which YouTube's own pages carry the video's URL


class YouTubeRef(Struct, frozen=True, kw_only=True):
    """What a YouTube URL names. *start* is in seconds; for a URL that only names a playlist, *list* equals *id*."""

    kind: Kind
    id: str
    list: str | None = None
    start: int | None = None


def read_url(url: str) -> YouTubeRef | None:
    """Return what *url* names on YouTube, or None; it may lack a scheme, be entity-escaped, or be an archive's."""
    return _read(_cleaned(url), 2) if _may_name(url) else None


def read_player_url(url: str) -> YouTubeRef | None:
    """Return what the player at *url* shows: like `read_url`, but also through the players of embedding services.

    They carry the video's URL in a parameter: `//cdn.embedly.com/widgets/media.html?src=https%3A%2F%2Fwww.youtube...`.
    """
    if not _may_name(url):
        return None
    cleaned = _cleaned(url)
    if found := _read(cleaned, 2):
        return found
    parts = _PARTS.match(cleaned)
    inner = (value for _, value in _pairs(parts["query"] if parts else None) if "/" in value)
    return next((ref for value in inner if (ref := read_url(value))), None)


def named(kind: Kind, text: str) -> YouTubeRef | None:
    """Return the reference for a bare id, playlist or channel of a known kind; None if it does not have the form."""
    if kind == "video":
        return YouTubeRef(kind=kind, id=text) if is_id(text) else None
    form = _PLAYLIST if kind == "playlist" else _CHANNEL
    if not form.fullmatch(text):
        return None
    return YouTubeRef(kind=kind, id=text, list=text if kind == "playlist" else None)


def hinted(text: str) -> bool:
    """Return whether *text* may mention YouTube at all: a cheap test, since most texts do not."""
    return (
        "outu" in text
        or "ytimg" in text
        or "ouTu" in text
        or "OUTU" in text
        or "y2u.be" in text
        or "invidious" in text
        or "yewtu.be" in text
        or "piped.video" in text
        or "hooktube" in text
        or "zwearz" in text
    )


def is_id(text: str) -> bool:
    """Return whether *text* has the form of a video's id and is not one of YouTube's own words."""
    return len(text) == 11 and ID.match(text) is not None and text not in _WORDS


def looks_drawn(text: str) -> bool:
    """Return whether *text* looks like a random id rather than a word of eleven characters such as `video_swipe`.

    One id in seven thousand has neither a capital nor a digit; names in markup hardly ever have both.
    """
    return is_id(text) and any(c.isupper() for c in text) and not (text.isalpha() and text[1:].islower())


def is_thumbnail(url: str) -> bool:
    """Return whether *url* is a thumbnail of a video rather than the video."""
    parts = _PARTS.match(_cleaned(url))
    return parts is not None and _belongs(parts["host"].lower(), THUMBNAIL_HOSTS)


def page_url(ref: YouTubeRef) -> str:
    """Return the canonical URL at which YouTube shows what *ref* names."""
    match ref.kind:
        case "playlist":
            return f"https://www.youtube.com/playlist?list={ref.id}"
        case "channel":
            return f"https://www.youtube.com/{_channel_path(ref.id)}"
        case "live_channel":
            return f"https://www.youtube.com/{_channel_path(ref.id)}/live"
        case "clip":
            return f"https://www.youtube.com/clip/{ref.id}"
    return f"https://www.youtube.com/watch?v={ref.id}"


def _channel_path(name: str) -> str:
    return f"channel/{name}" if _CHANNEL.fullmatch(name) else name


def posters(video_id: str) -> tuple[Derived, ...]:
    """Return the thumbnails that YouTube may have of a video, best first; not every video has all of them.

    A missing one is a 404 whose body is a grey JPEG of 120x90 pixels.
    """
    return tuple(
        Derived(url=f"https://i.ytimg.com/{form.format(id=video_id)}", rule="youtube-thumbnail", expects="larger")
        for form in POSTERS
    )


def _may_name(url: str) -> bool:
    return len(url) <= _LONGEST and hinted(url) and not _NO_URL.search(url.strip())


def _cleaned(url: str) -> str:
    """Return *url* as a URL should be written: without line breaks, entities or full escaping, and with its `//`."""
    url = "".join(url.split())
    if "&" in url:
        url = unescape(url)
    if "%3a" in url[:9].lower() or url[:6].lower() == "%2f%2f":
        url = unquote(url)
    return url if "//" in url[:9] else f"//{url.lstrip('/')}"


@lru_cache(maxsize=1024)
def _read(url: str, depth: int) -> YouTubeRef | None:
    parts = _PARTS.match(url)
    if parts is None:
        return None
    host, path = parts["host"].lower().rstrip("."), parts["path"]
    query = dict(reversed(list(_pairs(parts["query"]))))
    if _belongs(host, SHORT_HOSTS):
        found = _from_short(path)
    elif _belongs(host, (*HOSTS, *FRONT_ENDS, *THUMBNAIL_HOSTS)):
        found = _from_site(path, query, parts["fragment"] or "")
    else:
        return _read_nested(path, url, parts.start("path"), depth)
    if found is None:
        return _read_carried(query, depth)
    return _with_parameters(found, query, parts["fragment"] or "")


def _belongs(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in hosts)


def _pairs(query: str | None) -> Iterator[tuple[str, str]]:
    for pair in (query or "").replace("?", "&").split("&"):
        name, _, value = pair.partition("=")
        if value:
            yield name.lower().removeprefix("amp;"), unquote_plus(value)


def _from_short(path: str) -> YouTubeRef | None:
    name = path.strip("/").rpartition("/")[2]
    found = ID.match(name)
    return YouTubeRef(kind="video", id=found[0]) if found and is_id(found[0]) else None


def _from_site(path: str, query: dict[str, str], fragment: str) -> YouTubeRef | None:
    return (
        _from_video_path(path)
        or _from_watch(path, query, fragment)
        or _from_player_words(path, query)
        or _from_list(path, query)
        or _from_clip(path)
        or _from_channel(path)
    )


def _from_video_path(path: str) -> YouTubeRef | None:
    found = _VIDEO_PATH.match(path)
    if found is None or found["id"] in _WORDS:
        return None
    kind: Kind = {"shorts": "short", "live": "live"}.get(found["how"], "video")  # type: ignore[assignment]
    return YouTubeRef(kind=kind, id=found["id"])


def _from_watch(path: str, query: dict[str, str], fragment: str) -> YouTubeRef | None:
    if not _WATCH_PATH.match(path):
        return None
    value = query.get("v") or query.get("vi") or dict(_pairs(fragment.lstrip("!"))).get("v", "")
    # Anything glued to the end of an id is cut off, as YouTube does: `watch?v=IDsharePL...`.
    found = re.match(r"[A-Za-z0-9_-]{11}", value)
    return YouTubeRef(kind="video", id=found[0]) if found and found[0] not in _WORDS else None


def _from_player_words(path: str, query: dict[str, str]) -> YouTubeRef | None:
    """Read `/embed/live_stream?channel=UC...`, the player of a channel's current live stream."""
    channel = _CHANNEL.match(query.get("channel", ""))
    if channel and path.rstrip("/").endswith("/live_stream"):
        return YouTubeRef(kind="live_channel", id=channel[0])
    return None


def _from_list(path: str, query: dict[str, str]) -> YouTubeRef | None:
    name = path.strip("/")
    if name not in {"playlist", "embed", "embed/videoseries", "v/videoseries", "view_play_list", "watch", "p"}:
        return None
    found = _LIST.fullmatch(query.get("list") or query.get("p") or "")
    return YouTubeRef(kind="playlist", id=found[0], list=found[0]) if found else None


def _from_clip(path: str) -> YouTubeRef | None:
    found = _CLIP_PATH.match(path)
    return YouTubeRef(kind="clip", id=found["id"]) if found else None


def _from_channel(path: str) -> YouTubeRef | None:
    found = _CHANNEL_PATH.match(path)
    if found is None:
        return None
    return YouTubeRef(kind="live_channel" if found["live"] else "channel", id=found["id"].removeprefix("channel/"))


def _with_parameters(ref: YouTubeRef, query: dict[str, str], fragment: str) -> YouTubeRef:
    if ref.kind not in {"video", "short", "live"}:
        return ref
    playlist = _LIST.fullmatch(query.get("list", ""))
    said = query.get("t") or query.get("start") or dict(_pairs(fragment)).get("t", "")
    return replace(ref, list=playlist[0] if playlist else None, start=_seconds(said))


def _seconds(said: str) -> int | None:
    found = _START.fullmatch(said.lower())
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _read_carried(query: dict[str, str], depth: int) -> YouTubeRef | None:
    for name in _CARRIERS:
        value = query.get(name, "")
        if depth and "/" in value:
            inner = f"//www.youtube.com{value}" if value.startswith("/") and not value.startswith("//") else value
            if found := _read(_cleaned(inner), depth - 1):
                return found
    return None


def _read_nested(path: str, url: str, at: int, depth: int) -> YouTubeRef | None:
    """Read a URL inside the path of another, as web archives and download sites write it."""
    found = _NESTED.search(path) if depth else None
    return _read(_cleaned(f"//{url[at + found.end() :]}"), depth - 1) if found else None

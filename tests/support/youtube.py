"""A stand-in for YouTube: watch page, player API, captions, thumbnails and media, as an unmodified yt-dlp asks for it.

It is a proxy with its own authority, so nothing in yt-dlp has to know of it.
"""

from __future__ import annotations

import json
import socket
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from tests.support import films
from tests.support.pictures import photo, saved
from tests.support.proxy import StandIn
from tests.support.servers import Answered, Raw, Reply, Route, Seen

WWW = "https://www.youtube.com"
MEDIA = "https://rr1---sn-standin.googlevideo.com"
THUMBNAILS = "https://i.ytimg.com"
CHANNEL = "UCa1b2c3d4e5f6g7h8i9j0kL"

State = Literal[
    "good",
    "progressive",
    "private",
    "removed",
    "age",
    "geo",
    "members",
    "bot",
    "limited",
    "upcoming",
    "live",
    "empty",
    "busy once",
    "forbidden",
    "cut once",
    "cut",
    "silent",
    "slow",
]

_PLAYABILITY: Mapping[str, dict[str, Any]] = {
    "private": {
        "status": "LOGIN_REQUIRED",
        "errorScreen": {
            "playerErrorMessageRenderer": {
                "reason": {"simpleText": "Private video"},
                "subreason": {"simpleText": "Sign in if you've been granted access to this video"},
            }
        },
    },
    "removed": {
        "status": "ERROR",
        "reason": "Video unavailable",
        "errorScreen": {
            "playerErrorMessageRenderer": {
                "reason": {"simpleText": "Video unavailable"},
                "subreason": {"simpleText": "This video has been removed by the uploader"},
            }
        },
    },
    "age": {
        "status": "LOGIN_REQUIRED",
        "reason": "Sign in to confirm your age",
        "desktopLegacyAgeGateReason": 1,
        "errorScreen": {"playerErrorMessageRenderer": {"reason": {"simpleText": "Sign in to confirm your age"}}},
    },
    "geo": {
        "status": "UNPLAYABLE",
        "reason": "Video unavailable",
        "errorScreen": {
            "playerErrorMessageRenderer": {
                "reason": {"simpleText": "Video unavailable"},
                "subreason": {"simpleText": "The uploader has not made this video available in your country"},
            }
        },
    },
    "members": {
        "status": "UNPLAYABLE",
        "reason": "Join this channel to get access to members-only content like this video, and other exclusive perks.",
    },
    "bot": {"status": "LOGIN_REQUIRED", "reason": "Sign in to confirm you’re not a bot"},
    "upcoming": {"status": "LIVE_STREAM_OFFLINE", "reason": "This live event will begin in 3 days."},
    "empty": {"status": "OK"},
}
_EMBEDDED = {
    "INNERTUBE_CONTEXT": {"client": {"clientName": "WEB_EMBEDDED_PLAYER", "clientVersion": "2.20260708.00.00"}}
}
_WITHOUT_DETAILS = {"private", "removed", "bot"}


@dataclass
class Film:
    """One video of the stand-in, and what becomes of those who ask for it."""

    id: str
    state: State = "good"
    title: str = "Storm over the harbour"
    captions: Mapping[str, str] = field(default_factory=dict)
    automatic: Mapping[str, str] = field(default_factory=dict)
    poster: bytes | None = None
    broken_captions: bool = False
    starts_at: str = "2099-01-01T00:00:00+00:00"


class YouTube(StandIn):
    """YouTube with these films and no others; *routes* are further URLs, of other sites."""

    def __init__(self, *known: Film, routes: Mapping[str, Route] | None = None) -> None:
        hosts: dict[str, Route] = {WWW: self._www, MEDIA: self._media, THUMBNAILS: self._thumbnail}
        super().__init__({**hosts, **(routes or {})})
        self.films = {film.id: film for film in known}
        self.extractions: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self._counted = threading.Lock()
        self._ended = threading.Event()

    def __exit__(self, *error: Any) -> None:
        self._ended.set()
        super().__exit__(*error)

    def downloads(self, video: str) -> int:
        """How often the media of a video were asked for from their first byte."""
        return self.sent[video]

    def _www(self, seen: Seen) -> Answered:
        path = urlsplit(seen.url).path
        if any(film.state == "limited" for film in self.films.values()):
            return Reply(status=429)
        if path == "/watch":
            return self._watch(seen)
        if path == "/youtubei/v1/player":
            return self._player(json.loads(seen.body)["videoId"])
        if path == "/youtubei/v1/next":
            return Reply(json.dumps(_contents()).encode(), "application/json")
        if path == "/api/timedtext":
            return self._timedtext(seen)
        if path.startswith("/embed/"):
            return f"<script>ytcfg.set({json.dumps(_EMBEDDED)});</script>"
        return Reply(status=404)

    def _watch(self, seen: Seen) -> Answered:
        film = self.films.get(_query(seen, "v"), Film("", "removed"))
        with self._counted:
            self.extractions[film.id] += 1
        if film.state == "busy once" and self.extractions[film.id] == 1:
            return Reply(status=503)
        player = json.dumps(self._response(film))
        contents = json.dumps(_contents())
        return (
            f"<html><head><title>{film.title}</title></head><body>"
            f'<script>ytcfg.set({{"INNERTUBE_API_VERSION": "v1"}});</script>'
            f"<script>var ytInitialPlayerResponse = {player};</script>"
            f"<script>var ytInitialData = {contents};</script></body></html>"
        )

    def _player(self, video: str) -> Answered:
        film = self.films.get(video, Film(video, "removed"))
        return Reply(json.dumps(self._response(film)).encode(), "application/json")

    def _response(self, film: Film) -> dict[str, Any]:
        response: dict[str, Any] = {"playabilityStatus": _PLAYABILITY.get(film.state, {"status": "OK"})}
        # yt-dlp takes an answer about another video, or about none, for a block of its address.
        response["videoDetails"] = {"videoId": film.id}
        if film.state not in _WITHOUT_DETAILS:
            response["videoDetails"] |= _details(film)
            response["microformat"] = {"playerMicroformatRenderer": _microformat(film)}
            response["captions"] = {"playerCaptionsTracklistRenderer": {"captionTracks": _tracks(film)}}
        if film.state not in _PLAYABILITY:
            response["streamingData"] = _streams(film)
        return response

    def _timedtext(self, seen: Seen) -> Answered:
        film = self.films[_query(seen, "v")]
        if film.broken_captions:
            return Reply(status=404)
        spoken = film.automatic if _query(seen, "kind") == "asr" else film.captions
        text = spoken[_query(seen, "lang")]
        return Reply(f"WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n{text}\n".encode(), "text/vtt")

    def _thumbnail(self, seen: Seen) -> Answered:
        """Give the one thumbnail a film has; for the others YouTube sends a grey picture with its 404."""
        for film in self.films.values():
            if film.poster is not None and seen.url == f"{THUMBNAILS}/vi/{film.id}/hqdefault.jpg":
                return Reply(film.poster, "image/jpeg")
        return Reply(_grey(), "image/jpeg", status=404)

    # ------------------------------------------------------------------ media

    def _media(self, seen: Seen) -> Answered:
        film, itag = self.films[_query(seen, "id")], _query(seen, "itag")
        start = int(seen.headers.get("range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        with self._counted:
            self.sent[film.id] += start == 0 and itag != "140"
        body = _files(film)[itag][start:]
        match film.state:
            case "forbidden":
                return Reply(status=403)
            case "silent":
                return Raw(self._silence)
            case "slow":
                return Raw(lambda connection, _: self._trickle(connection, start, body))
            case "cut":
                return Raw(lambda connection, _: self._cut(connection, start, body, 1000))
            case "cut once" if start == 0:
                return Raw(lambda connection, _: self._cut(connection, start, body, len(body) // 2))
        return _partial(start, body)

    def _silence(self, connection: socket.socket, seen: Seen) -> None:
        self._ended.wait(60)

    def _cut(self, connection: socket.socket, start: int, body: bytes, most: int) -> None:
        connection.sendall(_head(start, body) + body[:most])

    def _trickle(self, connection: socket.socket, start: int, body: bytes) -> None:
        connection.sendall(_head(start, body))
        for at in range(0, len(body), 2048):
            connection.sendall(body[at : at + 2048])
            if self._ended.wait(0.05):
                return


def jpeg(width: int, height: int) -> bytes:
    """A picture for a poster."""
    return saved(photo((width, height)), "JPEG")


def _grey() -> bytes:
    return saved(Image.new("RGB", (120, 90), (128, 128, 128)), "JPEG")


def _query(seen: Seen, name: str) -> str:
    return parse_qs(urlsplit(seen.url).query).get(name, [""])[0]


def _details(film: Film) -> dict[str, Any]:
    return {
        "title": film.title,
        "lengthSeconds": str(films.SECONDS),
        "channelId": CHANNEL,
        "author": "Harbour News",
        "shortDescription": "A storm came in.\n0:00 Calm\n0:01 Storm",
        "isLiveContent": film.state in ("upcoming", "live"),
        "isLive": film.state == "live",
        "isUpcoming": film.state == "upcoming",
        "viewCount": "7",
        "isPrivate": False,
    }


def _contents() -> dict[str, Any]:
    owner = {"videoSecondaryInfoRenderer": {"owner": {"videoOwnerRenderer": {"title": {"simpleText": "Harbour News"}}}}}
    shown = {"results": {"results": {"contents": [{"videoPrimaryInfoRenderer": {}}, owner]}}}
    return {"contents": {"twoColumnWatchNextResults": shown}}


def _microformat(film: Film) -> dict[str, Any]:
    broadcast = {"liveBroadcastDetails": {"startTimestamp": film.starts_at}} if film.state == "upcoming" else {}
    return {
        "publishDate": "2024-03-02T09:30:05+00:00",
        "uploadDate": "2024-03-02T09:30:05+00:00",
        "ownerChannelName": "Harbour News",
        "externalChannelId": CHANNEL,
        "isFamilySafe": True,
        "isUnlisted": False,
        **broadcast,
    }


def _tracks(film: Film) -> list[dict[str, Any]]:
    def track(language: str, kind: str) -> dict[str, Any]:
        automatic = {"kind": "asr"} if kind == "asr" else {}
        return {
            "baseUrl": f"{WWW}/api/timedtext?v={film.id}&lang={language}&kind={kind}",
            "name": {"simpleText": language},
            "vssId": f"{'a' if automatic else ''}.{language}",
            "languageCode": language,
            "isTranslatable": True,
            **automatic,
        }

    return [*(track(code, "") for code in film.captions), *(track(code, "asr") for code in film.automatic)]


def _files(film: Film) -> dict[str, bytes]:
    return {"18": films.both(), "136": films.picture(), "140": films.sound()}


def _streams(film: Film) -> dict[str, Any]:
    files = _files(film)

    def stream(itag: int, mime: str, **more: Any) -> dict[str, Any]:
        size = len(files[str(itag)])
        return {
            "itag": itag,
            "url": f"{MEDIA}/videoplayback?id={film.id}&itag={itag}",
            "mimeType": mime,
            "bitrate": size * 8 // films.SECONDS,
            "contentLength": str(size),
            "approxDurationMs": str(films.SECONDS * 1000),
            **more,
        }

    both = stream(18, 'video/mp4; codecs="avc1.42001E, mp4a.40.2"', width=320, height=180, quality="small")
    picture = stream(136, 'video/mp4; codecs="avc1.4d401f"', width=640, height=360, quality="medium", fps=25)
    sound = stream(140, 'audio/mp4; codecs="mp4a.40.2"', audioQuality="AUDIO_QUALITY_MEDIUM", audioChannels=1)
    return {"formats": [both], "adaptiveFormats": [] if film.state == "progressive" else [picture, sound]}


def _partial(start: int, body: bytes) -> Reply:
    total = start + len(body)
    return Reply(body, "video/mp4", status=206, headers={"Content-Range": f"bytes {start}-{total - 1}/{total}"})


def _head(start: int, body: bytes) -> bytes:
    total = start + len(body)
    return (
        f"HTTP/1.1 206 Partial Content\r\nContent-Type: video/mp4\r\nContent-Length: {len(body)}\r\n"
        f"Content-Range: bytes {start}-{total - 1}/{total}\r\n\r\n"
    ).encode()

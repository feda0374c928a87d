"""The type of a video or sound file by its first bytes; names, labels and URLs do not count."""

from __future__ import annotations

import re

from msgspec import Struct

LOOKED_AT = 512
"""Bytes of a file's beginning that are examined."""


class Container(Struct, frozen=True):
    """A container for video or sound: its MIME type and the extension of its files."""

    mime: str
    extension: str


MP4 = Container("video/mp4", "mp4")
M4A = Container("audio/mp4", "m4a")
MOV = Container("video/quicktime", "mov")
WEBM = Container("video/webm", "webm")
MKV = Container("video/x-matroska", "mkv")
AVI = Container("video/x-msvideo", "avi")
FLV = Container("video/x-flv", "flv")
TS = Container("video/mp2t", "ts")
OGG = Container("application/ogg", "ogg")
MP3 = Container("audio/mpeg", "mp3")
AAC = Container("audio/aac", "aac")
FLAC = Container("audio/flac", "flac")
WAV = Container("audio/wav", "wav")

# Source: https://mimesniff.spec.whatwg.org/#matching-an-audio-or-video-type-pattern, and the formats' own documents.
_MAGIC: tuple[tuple[re.Pattern[bytes], Container], ...] = (
    (re.compile(rb".{4}ftypqt  ", re.DOTALL), MOV),
    (re.compile(rb".{4}ftypM4[AB] ", re.DOTALL), M4A),
    (re.compile(rb".{4}ftyp(?!avi[fs]|hei[cx]|mif1|msf1)", re.DOTALL), MP4),
    (re.compile(rb".{4}(?:moov|mdat|wide|free)", re.DOTALL), MOV),
    (re.compile(rb"\x1aE\xdf\xa3.{0,64}webm", re.DOTALL), WEBM),
    (re.compile(rb"\x1aE\xdf\xa3.{0,64}matroska", re.DOTALL), MKV),
    (re.compile(rb"RIFF.{4}AVI ", re.DOTALL), AVI),
    (re.compile(rb"RIFF.{4}WAVE", re.DOTALL), WAV),
    (re.compile(rb"OggS"), OGG),
    (re.compile(rb"fLaC"), FLAC),
    (re.compile(rb"FLV\x01"), FLV),
    (re.compile(rb"G.{187}G.{187}G", re.DOTALL), TS),
    (re.compile(rb"ID3"), MP3),
    (re.compile(rb"\xff[\xf0\xf1\xf8\xf9]"), AAC),
    (re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xfd]"), MP3),
)
_PLAYLIST = re.compile(rb"\s*(?:#EXTM3U|<\?xml[^>]*>\s*<(?:MPD|SmoothStreamingMedia)|<MPD)")


def container(start: bytes) -> Container | None:
    """Return the container of a file that begins with *start*, or None if it is neither video nor sound."""
    return next((kind for pattern, kind in _MAGIC if pattern.match(start)), None)


def is_playlist(start: bytes) -> bool:
    """Return whether *start* begins a playlist (HLS, DASH) instead of a video."""
    return _PLAYLIST.match(start) is not None

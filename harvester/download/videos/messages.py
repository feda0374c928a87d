"""The messages between harvester and its yt-dlp child: one JSON object a line, orders one way, news the other."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Scope = Literal["video", "provider", "setup"]
CaptionKind = Literal["manual", "automatic"]
Phase = Literal["metadata", "download", "merge", "captions"]

Count = Annotated[int, Meta(ge=0, lt=2**53)]


class Terms(Struct, frozen=True, kw_only=True):
    """The terms for every video of a run; the first line that a child reads.

    *ffmpeg* is a program; *runtimes* maps the names of JavaScript runtimes to programs; *cookies* is a copy that may be
    written to. Sizes are bytes, times seconds; 0 is no limit.
    """

    proxy: str = ""
    own_authority: bool = False
    read_timeout: float = 30.0
    retries: int = 3
    rate: int = 0
    format: str = ""
    sort: tuple[str, ...] = ()
    audio_only: bool = False
    max_height: int = 0
    max_duration: int = 0
    max_bytes: int = 0
    captions: tuple[str, ...] = ()
    automatic_captions: bool = False
    metadata_only: bool = False
    info_json: bool = False
    cookies: str = ""
    cache: str = ""
    ffmpeg: str | None = None
    runtimes: dict[str, str] = {}


class Order(Struct, frozen=True, kw_only=True):
    """One video to fetch into *folder*; only yt-dlp's extractors whose names match *extractors* may be asked."""

    url: str
    extractors: str
    folder: str


class Progressed(Struct, frozen=True, kw_only=True, tag="progressed"):
    """How far the video is; also the sign of life that the parent waits for."""

    phase: Phase
    bytes: Count = 0
    total: Count | None = None
    rate: float | None = None


class Learned(Struct, frozen=True, kw_only=True, tag="learned"):
    """What the provider says about a video, known before any of it is downloaded."""

    title: str | None = None
    duration: float | None = None
    uploader: str | None = None
    channel: str | None = None
    published: str | None = None
    description: str | None = None
    chapters: tuple[tuple[float, str], ...] = ()
    live: str | None = None
    availability: str | None = None


class CaptionFile(Struct, frozen=True, kw_only=True):
    """A caption file in the order's folder."""

    name: str
    language: str
    kind: CaptionKind


class VideoFetched(Struct, frozen=True, kw_only=True, tag="fetched"):
    """The video is whole: *name* is its file in the order's folder, *notes* say what could not be fetched in full."""

    name: str
    width: Count | None = None
    height: Count | None = None
    codecs: str | None = None
    captions: tuple[CaptionFile, ...] = ()
    info_json: str | None = None
    notes: tuple[str, ...] = ()


class VideoPassed(Struct, frozen=True, kw_only=True, tag="passed"):
    """The video is not downloaded, on purpose; *reason* is a sentence."""

    reason: str


class VideoRefused(Struct, frozen=True, kw_only=True, tag="refused"):
    """The video cannot be fetched. *excused* means that neither harvester nor the network failed: it was refused.

    *scope* says what else is affected: `provider`, all its videos for the rest of the run; `setup`, whatever needs the
    missing tool. *retry_after* is ISO 8601.
    """

    code: str
    message: str
    retryable: bool = False
    retry_after: str | None = None
    scope: Scope = "video"
    excused: bool = True


News = Progressed | Learned | VideoFetched | VideoPassed | VideoRefused

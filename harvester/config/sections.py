"""The sections of config.toml: one struct each, with its defaults.

`config.toml` at the top of the repository lists every key with its unit and a sentence; a test keeps the two in step.
Nothing here reads the environment: the command line says where to look.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from harvester.model import SourceKind

CENTURY = 36_525 * 86_400
"""Seconds; no clock and no calendar has to handle more."""

# The upper bounds are what a timer, a database and a disk can hold: whoever writes more, or inf, meant something else.
Positive = Annotated[int, Meta(ge=1, le=10**15)]
Count = Annotated[int, Meta(ge=0, le=10**15)]
Seconds = Annotated[float, Meta(ge=0, le=CENTURY)]
Port = Annotated[int, Meta(ge=1, le=65_535)]
# The examples appear in the error message for a wrong value.
Policy = Annotated[
    str,
    Meta(
        pattern=r"^(largest|at-least:\d{1,15}|at-most-bytes:\d{1,15})$",
        examples=["largest", "at-least:1600", "at-most-bytes:500000"],
    ),
]
Span = Annotated[str, Meta(pattern=r"^[0-9]{1,12}[smhd]$", examples=["90s", "20m", "6h", "3d"])]
Revisit = Annotated[str, Meta(pattern=r"^(never|changed|[0-9]{1,12}[smhd])$", examples=["never", "changed", "6h"])]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of config.toml."""


class Output(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where results go and how they are stored."""

    directory: str = "downloads"
    save_page: bool = False
    link: Literal["hard", "copy"] = "hard"
    fsync: Literal["article", "never"] = "article"
    keep_history: bool = True
    min_free_space: Count = 100_000_000


class Web(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How requests are made. Times in seconds, sizes in bytes."""

    concurrency: Positive = 32
    per_host: Positive = 6
    delay: Seconds = 0.0
    page_per_host: Positive = 2
    page_delay: Seconds = 0.5
    connect_timeout: Seconds = 15.0
    read_timeout: Seconds = 30.0
    timeout: Seconds = 300.0
    min_rate: Count = 1_000
    retries: Count = 3
    backoff: Seconds = 0.5
    max_wait: Seconds = 120.0
    max_page_bytes: Positive = 20_000_000
    max_image_bytes: Positive = 100_000_000
    max_video_bytes: Positive = 4_000_000_000
    max_image_pixels: Positive = 40_000_000
    user_agent: str = ""
    contact: str = ""
    robots: bool = True
    respect_opt_out: tuple[str, ...] = ()
    proxy: str = ""
    ca_file: str = ""
    cookies: str = ""
    headers: dict[str, dict[str, str]] = {}
    referer: bool = True
    allow_downgrade: bool = False
    ports: tuple[Port, ...] = ()
    allow_networks: tuple[str, ...] = ()


class Candidates(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which pictures of a page count. Sizes in pixels, patterns as regular expressions on the URL."""

    scope: Literal["article", "page"] = "article"
    min_width: Count = 0
    min_height: Count = 0
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Choice(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rendition of a picture is taken."""

    policy: Policy = "largest"
    prefer: tuple[str, ...] = ()
    upgrade: bool = True
    uncropped: bool = False
    max_attempts: Positive = 6


class Thumbnails(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The smaller copies. Widths in pixels; never enlarged."""

    widths: tuple[Positive, ...] = (320, 640)
    format: Literal["auto", "jpeg", "webp", "png", "avif"] = "auto"
    quality: Annotated[int, Meta(ge=1, le=100)] = 80
    animated: bool = False


class Videos(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which videos are downloaded, and how. Times in seconds, sizes in bytes, heights in pixels; 0 is no limit."""

    download: bool = True
    providers: tuple[str, ...] = ("youtube",)
    linked: bool = False
    metadata_only: bool = False
    max_height: Count = 0
    max_duration: Count = 0
    max_bytes: Count = 0
    format: str = ""
    sort: tuple[str, ...] = ()
    audio_only: bool = False
    captions: tuple[str, ...] = ()
    automatic_captions: bool = False
    info_json: bool = False
    rate: Count = 0
    timeout: Seconds = 3600.0
    retries: Count = 3
    cookies: str = ""


class State(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is remembered between runs."""

    revisit: Revisit = "changed"
    file: str = ""
    keep_reports: Span = "366d"


class Job(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named set of sources with its cron expression; the tables below override the sections of the same name.

    *jitter*, *max_age* and *deadline* are durations such as `90s`, `20m`, `6h`, `3d`; null: no limit. *timezone* is an
    IANA name; null: UTC.
    """

    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]
    kind: SourceKind | None = None
    base_url: str | None = None
    cron: str | None = None
    timezone: str | None = None
    jitter: Span | None = None
    fetch: Literal["page", "item"] | None = None
    revisit: Revisit = "never"
    max_age: Span | None = None
    max_articles: Positive | None = None
    depth: Count = 1
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    deadline: Span | None = None
    on_finish: tuple[str, ...] = ()
    output: dict[str, Any] = {}
    web: dict[str, Any] = {}
    candidates: dict[str, Any] = {}
    choice: dict[str, Any] = {}
    thumbnails: dict[str, Any] = {}
    videos: dict[str, Any] = {}
    state: dict[str, Any] = {}


class Config(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of config.toml."""

    output: Output = Output()
    web: Web = Web()
    candidates: Candidates = Candidates()
    choice: Choice = Choice()
    thumbnails: Thumbnails = Thumbnails()
    videos: Videos = Videos()
    state: State = State()
    job: tuple[Job, ...] = ()

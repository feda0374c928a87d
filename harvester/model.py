"""The vocabulary: what an article, an image, a variant, a video and their outcomes are.

Every value is frozen; a step that learns something returns a changed copy (`msgspec.structs.replace`). The manifest on
disk is these structs, with an outcome's fields beside those of its image or video (`manifest.codec`).
"""

from __future__ import annotations

from typing import Literal, Protocol

from msgspec import Struct

FORMAT = 1  # the manifest format that this version writes; it reads this one and older ones

Role = Literal["lead", "inline", "gallery", "social"]
VideoKind = Literal["video", "short", "live", "playlist", "channel", "file"]
SourceKind = Literal["page", "html", "item", "feed", "sitemap", "opml", "list", "folder", "warc", "crawl"]


class Source(Struct, frozen=True, kw_only=True):
    """What the user named: its kind, and the text as given (a URL, a path)."""

    kind: SourceKind
    given: str


class Variant(Struct, frozen=True, kw_only=True):
    """One rendition of an image that the page declares. Widths and heights are pixels, null where not stated."""

    url: str
    width: int | None = None
    height: int | None = None
    density: float | None = None
    type: str | None = None
    media: str | None = None
    origin: str = ""


class Page(Struct, frozen=True, kw_only=True):
    """How the page was fetched. For a page from a file only *sha256* is known, that of the whole file."""

    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    fetched_at: str | None = None


class Repair(Struct, frozen=True, kw_only=True):
    """A kind of damage that was repaired in the markup before parsing, and how often."""

    kind: str
    count: int


class Signals(Struct, frozen=True, kw_only=True):
    """What the publisher asks of machines: robots.txt, header and meta tags, TDM reservation."""

    robots: str | None = None
    x_robots_tag: str | None = None
    meta_robots: str | None = None
    tdm_reservation: str | None = None


class Article(Struct, frozen=True, kw_only=True):
    """A page and what it says of itself. Dates are ISO 8601, as exact as the page states them."""

    url: str
    canonical_url: str | None
    urls: tuple[str, ...]
    key: str
    site: str | None
    title: str | None
    published: str | None
    modified: str | None
    language: str | None
    authors: tuple[str, ...]
    description: str | None
    source: Source
    page: Page
    repairs: tuple[Repair, ...] = ()
    signals: Signals = Signals()


class Problem(Struct, frozen=True, kw_only=True):
    """What failed: a stable code for machines, a sentence for people, and whether a later try may succeed."""

    code: str
    message: str
    retryable: bool = False


class File(Struct, frozen=True, kw_only=True):
    """A stored file: *path* relative to the article's folder, *url* where it came from, *type* read from its bytes."""

    path: str
    url: str
    sha256: str
    bytes: int
    type: str
    width: int | None = None
    height: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: str | None = None


class Thumbnail(Struct, frozen=True, kw_only=True):
    """A smaller copy, *path* relative to the article's folder."""

    path: str
    width: int
    height: int
    type: str
    bytes: int


class Rights(Struct, frozen=True, kw_only=True):
    """What the file's own metadata say about its maker and use; *c2pa*: whether it has signed provenance (unchecked).

    *date* is ISO 8601, as exact as stated; *digital_source_type* is the IPTC term for how the picture was made.
    """

    creator: str | None = None
    credit: str | None = None
    copyright: str | None = None
    license: str | None = None
    source: str | None = None
    c2pa: bool | None = None
    caption: str | None = None
    date: str | None = None
    digital_source_type: str | None = None


class Planned(Struct, frozen=True, kw_only=True, tag_field="status", tag="planned"):
    """Nothing has been tried yet."""


class Saved(Struct, frozen=True, kw_only=True, tag_field="status", tag="saved"):
    """The file is on disk, whole and verified. *reason* says what else there is to know (null: nothing)."""

    file: File
    reason: str | None = None
    duplicate_of: str | None = None
    fingerprint: str | None = None
    thumbhash: str | None = None
    rights: Rights | None = None
    thumbnails: tuple[Thumbnail, ...] = ()


class Skipped(Struct, frozen=True, kw_only=True, tag_field="status", tag="skipped"):
    """Nothing was tried, on purpose; *reason* is a sentence."""

    reason: str
    retry_after: str | None = None


class Failed(Struct, frozen=True, kw_only=True, tag_field="status", tag="failed"):
    """Every candidate was tried and none worked."""

    error: Problem
    reason: str | None = None
    retry_after: str | None = None


Outcome = Planned | Saved | Skipped | Failed


class Derived(Struct, frozen=True, kw_only=True):
    """A rendition that a CDN rule proposes; *expects* is what the rule promises: original, larger or uncropped."""

    url: str
    rule: str
    expects: Literal["original", "larger", "uncropped"]
    signed: bool = False


class Best(Struct, frozen=True, kw_only=True):
    """The rendition chosen, its width where known, and the reason as a sentence."""

    url: str
    width: int | None
    reason: str


class Attempt(Struct, frozen=True, kw_only=True):
    """One try at one rendition. *rule* names the CDN rule that proposed it, null for a declared one.

    *status* is the HTTP status, *result* `accepted` or the code of what was wrong, *width* what was measured,
    *distance* the fingerprint's distance from the sibling compared with.
    """

    url: str
    final_url: str | None = None
    rule: str | None = None
    status: int | None = None
    result: str
    bytes: int | None = None
    width: int | None = None
    distance: int | None = None
    at: str | None = None


class Image(Struct, frozen=True, kw_only=True):
    """One picture of an article, with every rendition the page declares and what became of it."""

    number: int
    role: Role = "inline"
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None
    variants: tuple[Variant, ...] = ()
    derived: tuple[Derived, ...] = ()
    joined: tuple[str, ...] = ()
    best: Best | None = None
    attempts: tuple[Attempt, ...] = ()
    outcome: Outcome = Planned()


class LeftOut(Struct, frozen=True, kw_only=True):
    """A picture of the page that is not the article's, and why."""

    url: str
    reason: str


class Caption(Struct, frozen=True, kw_only=True):
    """A stored caption file of a video."""

    path: str
    language: str
    kind: Literal["manual", "automatic"] = "manual"
    bytes: int


class Video(Struct, frozen=True, kw_only=True):
    """One embedded or linked video. *confidence* is 0 to 1; times are seconds; *chapters* are start and title."""

    number: int
    provider: str
    kind: VideoKind = "video"
    id: str | None = None
    list: str | None = None
    url: str
    start: int | None = None
    origin: str = ""
    embedded: bool = True
    confidence: float = 1.0
    title: str | None = None
    duration: float | None = None
    uploader: str | None = None
    channel: str | None = None
    published: str | None = None
    description: str | None = None
    chapters: tuple[tuple[float, str], ...] = ()
    resolution: str | None = None
    codecs: str | None = None
    live: str | None = None
    availability: str | None = None
    outcome: Outcome = Planned()
    captions: tuple[Caption, ...] = ()
    poster: Image | None = None
    thumbnails: tuple[Thumbnail, ...] = ()


class Manifest(Struct, frozen=True, kw_only=True):
    """Everything known about one harvested article; before any download it is the plan."""

    generator: str
    run: str | None
    config_digest: str
    harvested_at: str | None
    article: Article
    images: tuple[Image, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    videos: tuple[Video, ...] = ()
    format: int = FORMAT


class Validators(Struct, frozen=True, kw_only=True):
    """What a server sent for asking again conditionally."""

    etag: str | None = None
    last_modified: str | None = None


class Memory(Protocol):
    """What `web` must remember between requests and runs; `state` is one, `web.memory` another."""

    def robots(self, origin: str) -> tuple[str, float] | None:
        """Return the robots.txt text of *origin* and when it was fetched (Unix seconds), or None."""

    def remember_robots(self, origin: str, text: str, fetched_at: float) -> None:
        """Keep a robots.txt."""

    def held_until(self, host: str) -> float | None:
        """Return until when (Unix seconds) *host* is postponed, or None."""

    def hold(self, host: str, until: float, why: str) -> None:
        """Remember that *host* is postponed."""

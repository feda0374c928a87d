"""What one step hands to the next: values that never reach the manifest as they are."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from harvester.model import Image, LeftOut, Page, Rights, Signals, Source, Video


class Offer(Struct, frozen=True, kw_only=True):
    """An image or video that a lead brings along (enclosure, media:content), before any page is opened."""

    url: str
    type: str | None = None
    width: int | None = None
    height: int | None = None
    title: str | None = None
    credit: str | None = None


class Lead(Struct, frozen=True, kw_only=True):
    """Where an article can be fetched, with what the source said about it.

    *body* is the article itself if the source carries it (a saved item, a saved page, an entry of a feed); *digest* is
    the SHA-256 of everything the source carried. *fetch* is `page` if the page is opened and the body only stands in
    for one that cannot be fetched, `item` if the body is the article. *rests* says that fetching the page failed
    recently, so it is not requested now.
    """

    source: Source
    url: str | None = None
    base_url: str | None = None
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    description: str | None = None
    language: str | None = None
    body: str | bytes | None = None
    digest: str | None = None
    fetch: Literal["page", "item"] = "page"
    offers: tuple[Offer, ...] = ()
    rests: bool = False

    @property
    def is_article(self) -> bool:
        """Whether the body is the article, so that no page is requested."""
        return self.fetch == "item" and self.body is not None


class FeedMemory(Struct, frozen=True, kw_only=True):
    """What is remembered of a feed or sitemap that was requested. Times are Unix seconds.

    *due_at* is when its publisher wants the next request (ttl, Cache-Control, skipHours); *unchanged* counts the
    answers in a row that brought nothing new. *body* is the last answer, compressed with zlib.
    """

    url: str
    asked_at: float
    due_at: float
    changed_at: float
    unchanged: int = 0
    etag: str | None = None
    last_modified: str | None = None
    type: str | None = None
    final_url: str | None = None
    body: bytes | None = None


class Opened(Struct, frozen=True, kw_only=True):
    """An article's page as received: bytes and headers of a response, or the text a source carried.

    *url* is the one that was requested or given, *final_url* the one that answered after redirects; relative URLs are
    resolved against *base_url*. *content_type* is the header, null without a response.
    """

    lead: Lead
    url: str
    final_url: str
    base_url: str
    body: bytes | str
    content_type: str | None = None
    page: Page = Page()
    signals: Signals = Signals()


class Found(Struct, frozen=True, kw_only=True):
    """What a page contains: images with their variants, pictures left out with reasons, videos."""

    images: tuple[Image, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    videos: tuple[Video, ...] = ()


class Candidate(Struct, frozen=True, kw_only=True):
    """One rendition to try, in order of preference. *width* and *height* are claims, null where nobody made one.

    *rule* and *expects* belong to derived renditions. *reason* says in words why it has this rank.
    """

    url: str
    width: int | None = None
    height: int | None = None
    type: str | None = None
    rule: str | None = None
    expects: Literal["original", "larger", "uncropped"] | None = None
    reason: str = ""


class Received(Struct, frozen=True, kw_only=True):
    """A rendition that arrived whole: in memory (*body*) when small, in a part file (*path*) when large.

    *sha256* is null until a body in memory is hashed. *type* is what the server said, not what the bytes are.
    """

    url: str
    final_url: str
    status: int
    size: int
    body: bytes | None = None
    path: str | None = None
    sha256: str | None = None
    type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: str | None = None


class Measured(Struct, frozen=True, kw_only=True):
    """What one decode of a file shows. Width and height are as displayed (EXIF orientation applied), in pixels.

    *uniform* tells whether it is one still picture of one colour, but for a codec's noise. *fingerprint* is 32
    hexadecimal digits; null for what is kept without being decoded (SVG).
    """

    type: str
    extension: str
    width: int | None
    height: int | None
    frames: int = 1
    uniform: bool = False
    fingerprint: str | None = None
    thumbhash: str | None = None
    rights: Rights | None = None


class Drawn(Struct, frozen=True, kw_only=True):
    """An encoded thumbnail, not yet stored."""

    width: int
    height: int
    type: str
    extension: str
    data: bytes

"""What happens while harvesting, as values: steps emit them, the terminal draws them, the report counts them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct


class Event(Struct, frozen=True, kw_only=True):
    """Something happened; the subclass says what."""


class JobAwaited(Event, frozen=True, kw_only=True):
    """The schedule is waiting: this job is next, *at* a time in ISO 8601."""

    job: str
    at: str


class JobStarted(Event, frozen=True, kw_only=True):
    """A job of the configuration begins; all later events belong to it until the next one begins."""

    job: str
    run: str


class ArticleOpened(Event, frozen=True, kw_only=True):
    """An article is being worked on."""

    url: str


class ArticlePlanned(Event, frozen=True, kw_only=True):
    """The article's images and videos are known."""

    url: str
    images: int
    videos: int


class ArticleWritten(Event, frozen=True, kw_only=True):
    """The article's manifest is on disk. *unchanged* means that nothing had to be downloaded."""

    url: str
    title: str | None
    folder: str
    saved: int
    failed: int
    skipped: int
    unchanged: bool = False


class ArticleLost(Event, frozen=True, kw_only=True):
    """The article could not be fetched."""

    url: str
    code: str
    message: str
    retryable: bool = False


class ArticleSkipped(Event, frozen=True, kw_only=True):
    """The article was left out on purpose."""

    url: str
    reason: str


class RequestStarted(Event, frozen=True, kw_only=True):
    """A host is being asked."""

    host: str


class RequestEnded(Event, frozen=True, kw_only=True):
    """The host answered, or did not."""

    host: str


class BytesReceived(Event, frozen=True, kw_only=True):
    """A number of bytes of a body arrived from *host*."""

    host: str
    bytes: int


class AssetSaved(Event, frozen=True, kw_only=True):
    """A picture or video is on disk."""

    url: str
    kind: str
    bytes: int
    article: str


class AssetFailed(Event, frozen=True, kw_only=True):
    """A picture or video could not be fetched; *excused*: it was refused or a tool is missing, but nothing failed."""

    url: str
    kind: str
    code: str
    message: str
    article: str
    retryable: bool = False
    excused: bool = False


class HostHeld(Event, frozen=True, kw_only=True):
    """A host gets no requests for *seconds*: it asked us to wait, or it does not answer."""

    host: str
    seconds: float
    why: str


class VideoProgress(Event, frozen=True, kw_only=True):
    """How far a running video is; *phase* is metadata, download, merge or captions, and done at its end."""

    url: str
    phase: str
    bytes: int
    total: int | None = None
    rate: float | None = None


class Warned(Event, frozen=True, kw_only=True):
    """Something the user should know once, with what to do about it."""

    code: str
    message: str


Emit = Callable[[Event], None]


def nobody(event: Event) -> None:
    """Ignore the event."""

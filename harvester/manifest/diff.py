"""What changed between two harvests of one article: pure, and said so that an editor understands it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from harvester.model import Article, Image, Manifest, Saved, Video

Kind = Literal[
    "article-edited",
    "article-vanished",
    "image-added",
    "image-gone",
    "image-replaced",
    "image-edited",
    "image-renditions",
    "image-renumbered",
    "video-added",
    "video-gone",
    "video-renumbered",
]

VANISHED = (404, 410)
ARTICLE_FACTS = ("title", "canonical_url", "published", "modified", "language", "authors", "description", "site")
IMAGE_FACTS = ("alt", "caption", "credit", "role")


class Change(Struct, frozen=True, kw_only=True):
    """One difference. *number* is the image's or video's; *field* the fact that was edited, with both its values."""

    kind: Kind
    number: int | None = None
    field: str | None = None
    before: Any = None
    after: Any = None


def changes(old: Manifest, new: Manifest) -> tuple[Change, ...]:
    """Return every difference in what the article says and has, in the order article, images, videos.

    Images are told apart by their number, which an article gives once and keeps.
    """
    return (
        *_edited(old.article, new.article),
        *_vanished(old.article, new.article),
        *_images({image.number: image for image in old.images}, {image.number: image for image in new.images}),
        *_videos(old.videos, new.videos),
    )


def renumbered(written: Manifest, apart: Manifest) -> Iterator[Change]:
    """Yield the numbers that were given twice: the same images and videos as they were written and as told apart."""
    for image, now in zip(written.images, apart.images, strict=True):
        if image != now:
            yield Change(kind="image-renumbered", number=now.number, before=image.number, after=now.number)
    for video, mine in zip(written.videos, apart.videos, strict=True):
        if video != mine:
            yield Change(kind="video-renumbered", number=mine.number, before=video.number, after=mine.number)


def _edited(old: Article, new: Article) -> Iterator[Change]:
    return _facts(old, new, ARTICLE_FACTS, "article-edited", None)


def _vanished(old: Article, new: Article) -> Iterator[Change]:
    if new.page.status in VANISHED and old.page.status != new.page.status:
        yield Change(kind="article-vanished", field="status", before=old.page.status, after=new.page.status)


def _facts(old: object, new: object, fields: tuple[str, ...], kind: Kind, number: int | None) -> Iterator[Change]:
    for field in fields:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield Change(kind=kind, number=number, field=field, before=before, after=after)


def _images(old: dict[int, Image], new: dict[int, Image]) -> Iterator[Change]:
    for number in sorted(old.keys() | new.keys()):
        before, after = old.get(number), new.get(number)
        if before is None and after is not None:
            yield Change(kind="image-added", number=number, after=_url(after))
        elif after is None and before is not None:
            yield Change(kind="image-gone", number=number, before=_url(before))
        elif before is not None and after is not None:
            yield from _one_image(before, after)


def _one_image(old: Image, new: Image) -> Iterator[Change]:
    yield from _facts(old, new, IMAGE_FACTS, "image-edited", new.number)
    if isinstance(old.outcome, Saved) and isinstance(new.outcome, Saved):
        before, after = old.outcome.file, new.outcome.file
        if before.sha256 != after.sha256:
            yield Change(kind="image-replaced", number=new.number, before=before.sha256, after=after.sha256)
    before_urls, after_urls = ({variant.url for variant in image.variants} for image in (old, new))
    if before_urls != after_urls:
        gone, come = sorted(before_urls - after_urls), sorted(after_urls - before_urls)
        yield Change(kind="image-renditions", number=new.number, before=gone, after=come)


def _videos(old: tuple[Video, ...], new: tuple[Video, ...]) -> Iterator[Change]:
    before, after = ({video.url: video for video in videos} for videos in (old, new))
    for url in before.keys() - after.keys():
        yield Change(kind="video-gone", number=before[url].number, before=url)
    for url in after.keys() - before.keys():
        yield Change(kind="video-added", number=after[url].number, after=url)


def _url(image: Image) -> str | None:
    return image.best.url if image.best else next((variant.url for variant in image.variants), None)

"""What the state keeps of an article: said again from its manifest, so that it can be rebuilt from there."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.model import Failed, File, Image, Manifest, Page, Saved, Video
from harvester.pipeline.earlier.folder import Folder
from harvester.state import Failure, Known, State, Stored

_OF_ONE = ("page", "html", "item")
"""Kinds of source that give one article; what gives many, a feed or an archive, is no address of any of them."""


def remember(manifest: Manifest, folder: Folder, state: State, page: Page | None = None) -> None:
    """Tell the state of an article whose manifest is on disk.

    *page* is the newest answer where the manifest was not written for it.
    """
    article, page = manifest.article, page or manifest.article.page
    failures = list(_failures(manifest, folder))
    known = Known(
        key=article.key,
        url=article.url,
        folder=folder.name,
        page_sha256=page.sha256,
        etag=page.etag,
        last_modified=page.last_modified,
        fetched_at=page.fetched_at,
        harvested_at=manifest.harvested_at,
        failed=sum(failure.retryable for failure in failures),
    )
    files = [
        as_stored(_url(item), item.outcome.file, folder) for item in _items(manifest) if isinstance(item.outcome, Saved)
    ]
    given = [article.source.given] if article.source.kind in _OF_ONE else []
    state.settle(known, [article.url, *article.urls, *given], files, failures)


def as_stored(url: str, file: File, folder: Folder) -> Stored:
    """Return what the state keeps of a file that was asked for under *url*."""
    return Stored(
        path=f"{folder.name}/{file.path}",
        key=folder.key,
        url=url,
        sha256=file.sha256,
        bytes=file.bytes,
        etag=file.etag,
        last_modified=file.last_modified,
    )


def _items(manifest: Manifest) -> Iterator[Image | Video]:
    yield from manifest.images
    for video in manifest.videos:
        yield video
        if video.poster is not None:
            yield video.poster


def _failures(manifest: Manifest, folder: Folder) -> Iterator[Failure]:
    for item in _items(manifest):
        if isinstance(item.outcome, Failed):
            error = item.outcome.error
            yield Failure(
                key=folder.key,
                url=_url(item),
                code=error.code,
                retryable=error.retryable,
                retry_after=item.outcome.retry_after,
            )


def _url(item: Image | Video) -> str:
    if isinstance(item, Video):
        return item.url
    return item.best.url if item.best else next((variant.url for variant in item.variants), "")

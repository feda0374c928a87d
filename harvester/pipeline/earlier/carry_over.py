"""What an earlier harvest has already, so that a rerun costs nothing where nothing changed. Plain decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec.structs import replace

from harvester.choice.rank import candidates, ranked_variants
from harvester.clock import waits
from harvester.config import Choice
from harvester.model import Failed, Image, Manifest, Page, Planned, Skipped, Video
from harvester.pipeline.earlier.folder import Folder, is_whole, known_images, known_videos
from harvester.pipeline.earlier.known_videos import LEARNED
from harvester.pipeline.earlier.numbers import name_of, unused


def carry_over(planned: Manifest, folder: Folder, choice: Choice, *, keep: bool) -> Manifest:
    """Return the plan with the numbers and outcomes that the article's folder already holds.

    An image keeps its outcome when its files are whole and the same rendition would be tried first today, or when it
    failed for good. A video keeps its file, and any other outcome while the configuration is the same. Without *keep*
    only numbers are kept.
    """
    images = tuple(_carried_images(planned.images, folder, choice, keep=keep))
    same = folder.earlier is not None and folder.earlier.config_digest == planned.config_digest
    videos = tuple(_carried_videos(planned.videos, folder, keep=keep, same=same))
    return replace(planned, images=images, videos=videos)


def to_do(planned: Manifest) -> bool:
    """Return whether anything of the plan is still to be fetched."""
    return any(_open(image) for image in planned.images) or any(
        isinstance(video.outcome, Planned) or (video.poster is not None and _open(video.poster))
        for video in planned.videos
    )


def same_plan(one: Manifest, other: Manifest) -> bool:
    """Return whether two manifests tell the same article, pictures and videos, whatever was done about them.

    The page's bytes may differ (a counter, an advertisement): *changed* means that the plan differs.
    """
    return _bare(one) == _bare(other)


def _bare(manifest: Manifest) -> Manifest:
    article = replace(manifest.article, page=Page())
    images = tuple(_without_outcome(image) for image in manifest.images)
    videos = tuple(
        replace(video, outcome=Planned(), poster=video.poster and _without_outcome(video.poster), thumbnails=())
        for video in manifest.videos
    )
    return replace(manifest, run=None, harvested_at=None, article=article, images=images, videos=videos)


def _without_outcome(image: Image) -> Image:
    return replace(image, outcome=Planned(), best=None, attempts=(), derived=())


def _open(image: Image) -> bool:
    return isinstance(image.outcome, Planned)


def _carried_images(images: tuple[Image, ...], folder: Folder, choice: Choice, *, keep: bool) -> Iterator[Image]:
    known = known_images(folder)
    by_url: dict[str, list[int]] = defaultdict(list)
    for place, old in enumerate(known):
        for variant in old.variants:
            by_url[variant.url].append(place)
    given, fresh = set[int](), unused("images", folder.path, known)
    for image in images:
        places = {place for variant in image.variants for place in by_url.get(variant.url, ())}
        match = known[min(free)] if (free := [place for place in places if known[place].number not in given]) else None
        if match is None:
            yield replace(image, number=next(fresh))
            continue
        # What a killed run and the manifest say of one picture has one number, which no other picture may get.
        given.add(match.number)
        yield _carried(replace(image, number=match.number), match, folder, choice, keep=keep)


def _carried(image: Image, old: Image, folder: Folder, choice: Choice, *, keep: bool) -> Image:
    if not (keep and _settled(old, folder) and _same_first(image, old, choice)):
        return image
    return replace(image, outcome=old.outcome, best=old.best, attempts=old.attempts, derived=old.derived)


def _settled(old: Image, folder: Folder) -> bool:
    match old.outcome:
        case Failed(error=error):
            return not error.retryable
        case Skipped():
            return True
        case _:
            return is_whole(old, folder)


def _same_first(image: Image, old: Image, choice: Choice) -> bool:
    return _first(image, choice) == _first(old, choice)


def _first(image: Image, choice: Choice) -> str | None:
    declared = [candidate.url for candidate in candidates(ranked_variants(image, choice), choice)[:1]]
    return next(iter([derived.url for derived in image.derived] + declared), None)


def _carried_videos(videos: tuple[Video, ...], folder: Folder, *, keep: bool, same: bool) -> Iterator[Video]:
    fresh = unused("videos", folder.path, known_videos(folder))
    known: dict[tuple[str, str], dict[int, Video]] = defaultdict(dict)
    for old in known_videos(folder):
        known[name_of(old)][old.number] = old
    for video in videos:
        olds = known[name_of(video)]
        if not olds:
            yield _numbered(video, next(fresh))
            continue
        old = olds.pop(min(olds))
        yield _carried_video(_numbered(video, old.number), old, folder, keep=keep, same=same)


def _numbered(video: Video, number: int) -> Video:
    poster = replace(video.poster, number=number) if video.poster is not None else None
    return replace(video, number=number, poster=poster)


def _carried_video(video: Video, old: Video, folder: Folder, *, keep: bool, same: bool) -> Video:
    """With *keep* return a video with the file it had, and if all is the *same* with whatever became of it."""
    if not keep:
        return video
    if same and video.poster is not None and old.poster is not None and _settled(old.poster, folder):
        video = replace(video, poster=old.poster, thumbnails=old.thumbnails)
    noted = folder.earlier.harvested_at if folder.earlier else None
    if not (is_whole(old, folder) or (same and _settled_video(old, noted))):
        return video
    return replace(video, outcome=old.outcome, **{name: getattr(old, name) for name in LEARNED})


def _settled_video(old: Video, noted: str | None) -> bool:
    """Return whether there is a word on a video, as of when it was *noted*, that holds today."""
    now = datetime.now(UTC)
    match old.outcome:
        case Failed(error=error, retry_after=later):
            return not error.retryable or waits(later, now, noted=noted)
        case Skipped(retry_after=later):
            return later is None or waits(later, now, noted=noted)
        case _:
            return False

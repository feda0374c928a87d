"""`harvester thumbnails`: drawn again from the stored originals, after a change of widths or format. No network."""

from __future__ import annotations

import asyncio
from pathlib import Path

from harvester import events, flow, urls
from harvester.config import Config
from harvester.errors import FolderError
from harvester.events import Emit
from harvester.manifest import codec
from harvester.manifest.folder import MANIFEST, OWN
from harvester.manifest.verify import files_of
from harvester.model import Image, Manifest, Saved
from harvester.pipeline.earlier.folder import Folder
from harvester.pipeline.earlier.revisit import left_in
from harvester.pipeline.kit import Kit
from harvester.pipeline.redraw import redraw_all
from harvester.runs.execution import Options, execution
from harvester.runs.report import Report
from harvester.runs.upkeep.folders import articles
from harvester.stores.disk import inside, size_inside, stated
from harvester.workers import Doing


async def thumbnails(
    output: Path,
    config: Config,
    *,
    options: Options = Options(),  # noqa: B008 - a frozen value
    emit: Emit = events.nobody,
    stopping: asyncio.Event | None = None,
) -> Report:
    """Draw the thumbnails of every saved picture as the configuration wants them now, and remove those that are not."""
    report = Report()
    async with execution(output, config, options, report, emit=emit, stopping=stopping) as kit:

        async def again(folder: str) -> None:
            if not kit.stopping.is_set():
                for event in await kit.workers.run(Doing(f"drawing {folder}", _redrawn), folder, kit):
                    kit.emit(event)

        await flow.for_each(flow.one_by_one(articles(output)), again, at_once=4, until=kit.stopping)
    return report


def _redrawn(folder: str, kit: Kit) -> list[events.Event]:
    """Draw what belongs to one article, and return what is to be told of it."""
    try:
        place = left_in(folder, kit.collection.store)
        old = place.earlier
        assert old is not None, "left"
        new, left = redraw_all(old, place, kit)
        if new != old:
            kit.collection.store.settle(place.path)
            kit.collection.store.commit(place.path / MANIFEST, codec.dump(new, place.raw))
            _remove_others(old, new, place)
    except FolderError as error:
        return [events.ArticleLost(url=urls.spelled(folder), code=error.code, message=error.message)]
    return [*(_told(image, place) for image in left), _written(old, new, place, left)]


def _told(image: Image, place: Folder) -> events.AssetFailed:
    assert isinstance(image.outcome, Saved), "only saved ones have thumbnails"
    file = image.outcome.file
    message = (
        f"{place.name}/{file.path} is not what it was, or cannot be decoded here; its thumbnails stay as they are. "
        "`harvester verify --repair` fetches it again."
    )
    return events.AssetFailed(url=file.url, kind="image", code="damaged", message=message, article=place.name)


def _written(old: Manifest, new: Manifest, place: Folder, left: list[Image]) -> events.ArticleWritten:
    return events.ArticleWritten(
        url=old.article.url,
        title=old.article.title,
        folder=place.name,
        saved=sum(isinstance(image.outcome, Saved) for image in new.images if image not in left),
        failed=len(left),
        skipped=0,
        unchanged=new == old,
    )


def _remove_others(old: Manifest, new: Manifest, place: Folder) -> None:
    """Remove the thumbnails that only the old manifest speaks of, now that the new one is written."""
    for name in _paths(old) - {expected.path for expected in files_of(new)} - {*OWN}:
        if size_inside(place.path, name) is not None:
            path = inside(place.path, name)
            with stated(path):
                path.unlink(missing_ok=True)


def _paths(manifest: Manifest) -> set[str]:
    posters = [video.poster for video in manifest.videos if video.poster is not None]
    images: list[Image] = [*manifest.images, *posters]
    return {t.path for image in images if isinstance(image.outcome, Saved) for t in image.outcome.thumbnails}

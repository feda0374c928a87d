"""`harvester thumbnails`: drawn again from the stored originals, after a change of widths or format. No network."""

from __future__ import annotations

import asyncio
from pathlib import Path

from harvester import events, flow
from harvester.config import Config
from harvester.errors import StorageError
from harvester.events import Emit
from harvester.manifest import codec
from harvester.model import Image, Manifest, Saved
from harvester.pipeline.kit import Kit
from harvester.pipeline.place import Place, open_place
from harvester.pipeline.redraw import redraw_all
from harvester.runs.execution import Options, execution
from harvester.runs.folders import articles
from harvester.runs.report import Report
from harvester.storage import inside, stated
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
                kit.emit(await kit.workers.run(Doing(f"drawing {folder}", _redrawn), folder, kit))

        await flow.for_each(flow.one_by_one(articles(output)), again, at_once=4, until=kit.stopping)
    return report


def _redrawn(folder: str, kit: Kit) -> events.Event:
    try:
        place = open_place(folder.rpartition("-")[2], folder, kit.store)
    except StorageError as error:
        return events.ArticleLost(url=folder, code=error.code, message=error.message)
    if place.earlier is None:
        return events.ArticleLost(url=folder, code="manifest_damaged", message="its manifest cannot be read")
    old = place.earlier
    new = redraw_all(old, place, kit)
    if new != old:
        kit.store.settle(place.path)
        kit.store.commit(place.path / "manifest.json", codec.dump(new, place.raw))
        _remove_others(old, new, place)
    return events.ArticleWritten(
        url=old.article.url,
        title=old.article.title,
        folder=folder,
        saved=sum(isinstance(image.outcome, Saved) for image in new.images),
        failed=0,
        skipped=0,
        unchanged=new == old,
    )


def _remove_others(old: Manifest, new: Manifest, place: Place) -> None:
    """Remove the thumbnails that only the old manifest speaks of, now that the new one is written."""
    for path in (inside(place.path, name) for name in _paths(old) - _paths(new)):
        with stated(path):
            path.unlink(missing_ok=True)


def _paths(manifest: Manifest) -> set[str]:
    posters = [video.poster for video in manifest.videos if video.poster is not None]
    images: list[Image] = [*manifest.images, *posters]
    return {t.path for image in images if isinstance(image.outcome, Saved) for t in image.outcome.thumbnails}

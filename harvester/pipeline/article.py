"""The story of one article: open, plan, fulfil, write."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from harvester import events, flow, urls
from harvester.articles.opening import open_lead
from harvester.errors import Interrupted, SourceError
from harvester.manifest import codec
from harvester.manifest.diff import VANISHED
from harvester.model import Image, Manifest, Planned, Video
from harvester.pipeline.earlier.carry_over import carry_over, same_plan, to_do
from harvester.pipeline.earlier.folder import Folder, find_folder
from harvester.pipeline.earlier.history import note
from harvester.pipeline.earlier.index import remember
from harvester.pipeline.earlier.revisit import (
    Before,
    body_unchanged,
    had_page,
    held_fast,
    is_due,
    remembered,
    reopened,
    same_making,
    validators,
)
from harvester.pipeline.image import ImageTask, save_image
from harvester.pipeline.kit import Kit
from harvester.pipeline.plan import plan
from harvester.pipeline.redraw import redraw_missing
from harvester.pipeline.video import save_video
from harvester.steps import Lead, Opened
from harvester.web.signals import opt_out
from harvester.workers import Doing

NOT_MODIFIED = 304


class Harvested(Struct, frozen=True, kw_only=True):
    """An article whose manifest is on disk; *unchanged* when nothing had to be fetched or written."""

    manifest: Manifest
    folder: str
    unchanged: bool = False


async def harvest_article(lead: Lead, kit: Kit) -> Harvested:
    """Harvest one article: what is new of it, or what is left to do where it is known.

    What it could not do is in its manifest. Raises SourceError when the article cannot be fetched, Listed when there is
    no article at its address but a feed or sitemap, StorageError when the output cannot be written.
    """
    before = None if kit.force else remembered(lead, kit.collection)
    if before is not None and (lead.rests or same_making(before.manifest, kit.digest)):
        return await _again(lead, before, kit)
    opened = await open_lead(lead, kit.web)
    return await _harvest(opened, kit)


async def _again(lead: Lead, before: Before, kit: Kit) -> Harvested:
    """Ask again only what may have changed; what has not is looked at on disk and mended."""
    due = not (lead.is_article or lead.rests) and is_due(before.known, kit.config.state.revisit, datetime.now(UTC))
    if body_unchanged(lead, before) or (not lead.is_article and not due):
        return await complete(before.folder, kit)
    try:
        opened = await open_lead(lead, kit.web, validators=validators(before), stand_in=not had_page(before))
    except SourceError as error:
        if error.status not in VANISHED:
            raise
        return await _vanished(before, error.status, kit)
    if opened.page.status == NOT_MODIFIED or opened.page.sha256 == before.known.page_sha256:
        return await complete(before.folder, kit)
    return await _harvest(opened, kit)


async def _harvest(opened: Opened, kit: Kit) -> Harvested:
    planned = await kit.workers.run(Doing(f"planning {urls.legible(opened.final_url)}", plan), opened, kit.config)
    _check_opt_out(planned, kit)
    images, videos = len(planned.images), len(planned.videos)
    kit.emit(events.ArticlePlanned(url=planned.article.url, images=images, videos=videos))
    async with kit.collection.turns.of(planned.article.key):
        planned, folder = await kit.workers.run(_with_earlier, planned, kit)
        if folder.earlier is not None and not to_do(planned) and same_plan(planned, folder.earlier):
            remember(folder.earlier, folder, kit.collection.state, planned.article.page)
            return Harvested(manifest=folder.earlier, folder=folder.name, unchanged=True)
        return await _write(await fulfil(planned, folder, kit), folder, kit, opened)


def _with_earlier(planned: Manifest, kit: Kit) -> tuple[Manifest, Folder]:
    """Return the plan with what the article's folder already holds, and the folder; runs in a thread."""
    folder = find_folder(planned.article, kit.collection)
    return carry_over(planned, folder, kit.config.choice, keep=not kit.force), folder


async def complete(
    folder: Folder, kit: Kit, *, posters: bool = False, damaged: frozenset[str] | None = None
) -> Harvested:
    """Without asking for the page: fetch what the article's folder lacks and what failed and may heal.

    Posters of videos that failed are tried again only with *posters*. With *damaged*, names of files that are not what
    they were, these are fetched too, and what cannot be had stays as it is, on disk and in the manifest.
    """
    earlier, names = folder.earlier, damaged or frozenset()
    assert earlier is not None, "there is something to mend"
    async with kit.collection.turns.of(folder.key):
        if not to_do(reopened(earlier, folder, posters=posters, damaged=names)):
            return Harvested(manifest=earlier, folder=folder.name, unchanged=True)
        drawn = await kit.workers.run(Doing(f"drawing {folder.name}", redraw_missing), earlier, folder, kit)
        mended = await fulfil(reopened(drawn, folder, posters=posters, damaged=names), folder, kit)
        if damaged is not None and (mended := held_fast(mended, drawn)) == earlier:
            return Harvested(manifest=earlier, folder=folder.name, unchanged=True)
        return await _write(mended, folder, kit)


def _check_opt_out(planned: Manifest, kit: Kit) -> None:
    """Obey what the page itself asks of machines, as `web` obeys what its headers ask."""
    token = opt_out(planned.article.signals, kit.config.web.respect_opt_out)
    if token is not None:
        told = f"{urls.legible(planned.article.url)}: the publisher says {token!r}"
        raise SourceError(told, code="opt_out")


async def _vanished(before: Before, status: int | None, kit: Kit) -> Harvested:
    """The publisher took the article away: its folder stays, and its manifest says so."""
    manifest = before.manifest
    kit.emit(
        events.Warned(code="vanished", message=f"{manifest.article.url} answers {status}; what was harvested stays.")
    )
    if manifest.article.page.status == status:
        return await complete(before.folder, kit)
    page = replace(manifest.article.page, status=status)
    async with kit.collection.turns.of(before.folder.key):
        return await _write(replace(manifest, article=replace(manifest.article, page=page)), before.folder, kit)


async def fulfil(planned: Manifest, folder: Folder, kit: Kit) -> Manifest:
    """Do what the plan says. A missing asset is written down; it does not stop the others.

    Raises StorageError when less is free on the disk than must stay so.
    """
    kit.collection.store.check_space()
    referer = planned.article.url if kit.config.web.referer else None

    async def image(image: Image) -> Image:
        if not isinstance(image.outcome, Planned) or kit.stopping.is_set():
            return image
        with suppress(Interrupted):  # it stays planned
            return await save_image(ImageTask(image=image, folder=folder, referer=referer, kit=kit))
        return image

    async def video(video: Video) -> Video:
        with suppress(Interrupted):
            return await save_video(video, folder, referer, kit)
        return video

    images = await flow.together(planned.images, image)
    videos = await flow.together(planned.videos, video)
    return replace(planned, images=tuple(images), videos=tuple(videos))


async def _write(manifest: Manifest, folder: Folder, kit: Kit, opened: Opened | None = None) -> Harvested:
    """Commit the article: its files are there, the manifest comes last, the memory after it."""
    manifest = replace(manifest, run=kit.run, harvested_at=datetime.now(UTC).isoformat(timespec="seconds"))
    await kit.workers.settle(_commit, manifest, folder, kit, opened)
    remember(manifest, folder, kit.collection.state)
    return Harvested(manifest=manifest, folder=folder.name)


def _commit(manifest: Manifest, folder: Folder, kit: Kit, opened: Opened | None) -> None:
    written = codec.dump(manifest, folder.raw)
    if kit.config.output.save_page and opened is not None:
        body = opened.body if isinstance(opened.body, bytes) else opened.body.encode()
        kit.collection.store.write(folder.path / "page.html", body)
    note(manifest, folder, kit.collection.store, keep_files=kit.config.output.keep_history)
    kit.collection.store.settle(folder.path)
    kit.collection.store.commit(folder.path / "manifest.json", written)
    kit.collection.journal.wipe(folder.key)
    kit.collection.store.clear_work(folder.key)
    kit.collection.store.clear_work(folder.video_work)

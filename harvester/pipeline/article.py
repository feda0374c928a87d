"""The story of one article: open, plan, fulfil, write."""

from __future__ import annotations

import time
import traceback
from collections.abc import Awaitable
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from harvester import events, flow, urls
from harvester.articles.opening import Listed, open_lead
from harvester.errors import FolderError, SourceError, StorageError
from harvester.manifest import codec
from harvester.manifest.diff import VANISHED
from harvester.model import Failed, Image, Manifest, Planned, Problem, Saved, Skipped, Video
from harvester.pipeline.again import carry_over, same_plan, to_do
from harvester.pipeline.history import keep_unread, note
from harvester.pipeline.image import Spot, save_image
from harvester.pipeline.kit import Kit
from harvester.pipeline.place import Place, find_place
from harvester.pipeline.plan import plan
from harvester.pipeline.redraw import redraw_missing
from harvester.pipeline.remember import remember
from harvester.pipeline.revisit import (
    Before,
    body_unchanged,
    had_page,
    held_fast,
    is_due,
    left_in,
    remembered,
    reopened,
    same_making,
    validators,
)
from harvester.pipeline.video import save_video
from harvester.steps import Lead, Opened
from harvester.web.signals import opt_out

NOT_MODIFIED = 304


class Harvested(Struct, frozen=True, kw_only=True):
    """An article whose manifest is on disk; *unchanged* when nothing had to be fetched or written."""

    manifest: Manifest
    folder: str
    unchanged: bool = False


class Lost(Struct, frozen=True, kw_only=True):
    """An article that could not be had."""

    given: str
    problem: Problem


async def harvest_lead(lead: Lead, kit: Kit) -> Harvested | Lost:
    """Harvest one article. What it could not do is in its manifest; only the output's own trouble is raised.

    Raises Listed when there is no article at its address but a feed or sitemap.
    """
    given = lead.url or lead.source.given
    kit.emit(events.ArticleOpened(url=given))

    async def story() -> Harvested:
        try:
            return await _story(lead, kit)
        except SourceError as error:
            if lead.url is not None and not error.retryable:
                kit.state.miss(lead.url, kit.access, error.code, time.time())
            raise

    result = await _bounded(story(), given)
    kit.emit(_told(result))
    return result


async def mend_folder(
    folder: str, kit: Kit, *, posters: bool = False, damaged: frozenset[str] | None = None
) -> Harvested | Lost:
    """Mend what lies in *folder* as `mend` does; where no article can be had, that costs no other."""

    async def story() -> Harvested:
        place = await kit.workers.run(left_in, folder, kit.store, kit.journal)
        return await mend(place, kit, posters=posters, damaged=damaged)

    result = await _bounded(story(), folder)
    kit.emit(_told(result))
    return result


async def _bounded(story: Awaitable[Harvested], given: str) -> Harvested | Lost:
    """Wait for a *story*; what ends it costs this article only, unless the output itself is in trouble."""
    try:
        return await story
    except (FolderError, SourceError) as error:
        problem = Problem(code=error.code, message=error.message, retryable=error.retryable)
        return Lost(given=given, problem=problem)
    except (StorageError, Listed):
        raise
    except Exception as error:  # the article boundary: a bug in one article must not end the run
        return Lost(given=given, problem=_bug(error))


async def mend(place: Place, kit: Kit, *, posters: bool = False, damaged: frozenset[str] | None = None) -> Harvested:
    """Without asking for the page: fetch what the article's folder lacks and what failed and may heal.

    Posters of videos that failed are tried again only with *posters*. With *damaged*, names of files that are not what
    they were, these are fetched too, and what cannot be had stays as it is, on disk and in the manifest.
    """
    earlier, names = place.earlier, damaged or frozenset()
    assert earlier is not None, "there is something to mend"
    async with kit.turns.of(place.key):
        if not to_do(reopened(earlier, place, posters=posters, damaged=names)):
            return Harvested(manifest=earlier, folder=place.folder, unchanged=True)
        drawn = await kit.workers.run(redraw_missing, earlier, place, kit)
        mended = await fulfil(reopened(drawn, place, posters=posters, damaged=names), place, kit)
        if damaged is not None and (mended := held_fast(mended, drawn)) == earlier:
            return Harvested(manifest=earlier, folder=place.folder, unchanged=True)
        return await _write(mended, place, kit)


async def _story(lead: Lead, kit: Kit) -> Harvested:
    before = None if kit.force else remembered(lead, kit.store, kit.state, kit.journal)
    if before is not None and (lead.rests or same_making(before.manifest, kit.digest)):
        return await _again(lead, before, kit)
    opened = await open_lead(lead, kit.web)
    return await _harvest(opened, kit)


async def _again(lead: Lead, before: Before, kit: Kit) -> Harvested:
    """Ask again only what may have changed; what has not is looked at on disk and mended."""
    due = not (lead.is_article or lead.rests) and is_due(before.known, kit.config.state.revisit, datetime.now(UTC))
    if body_unchanged(lead, before) or (not lead.is_article and not due):
        return await mend(before.place, kit)
    try:
        opened = await open_lead(lead, kit.web, validators=validators(before), stand_in=not had_page(before))
    except SourceError as error:
        if error.status not in VANISHED:
            raise
        return await _vanished(before, error.status, kit)
    if opened.page.status == NOT_MODIFIED or opened.page.sha256 == before.known.page_sha256:
        return await mend(before.place, kit)
    return await _harvest(opened, kit)


async def _harvest(opened: Opened, kit: Kit) -> Harvested:
    planned = await kit.workers.run(plan, opened, kit.config)
    _check_opt_out(planned, kit)
    images, videos = len(planned.images), len(planned.videos)
    kit.emit(events.ArticlePlanned(url=planned.article.url, images=images, videos=videos))
    async with kit.turns.of(planned.article.key):
        place = find_place(planned.article, kit.store, kit.state, kit.journal)
        planned = carry_over(planned, place, kit.config.choice, keep=not kit.force)
        if place.earlier is not None and not to_do(planned) and same_plan(planned, place.earlier):
            remember(place.earlier, place, kit.state, planned.article.page)
            return Harvested(manifest=place.earlier, folder=place.folder, unchanged=True)
        return await _write(await fulfil(planned, place, kit), place, kit, opened)


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
        return await mend(before.place, kit)
    page = replace(manifest.article.page, status=status)
    async with kit.turns.of(before.place.key):
        return await _write(replace(manifest, article=replace(manifest.article, page=page)), before.place, kit)


async def fulfil(planned: Manifest, place: Place, kit: Kit) -> Manifest:
    """Do what the plan says. A missing asset is written down; it does not stop the others.

    Raises StorageError when less is free on the disk than must stay so.
    """
    kit.store.check_space()
    referer = planned.article.url if kit.config.web.referer else None

    async def image(image: Image) -> Image:
        if not isinstance(image.outcome, Planned) or kit.stopping.is_set():
            return image
        return await save_image(Spot(image=image, place=place, referer=referer, kit=kit))

    async def video(video: Video) -> Video:
        return await save_video(video, place, referer, kit)

    images = await flow.together(planned.images, image)
    videos = await flow.together(planned.videos, video)
    return replace(planned, images=tuple(images), videos=tuple(videos))


async def _write(manifest: Manifest, place: Place, kit: Kit, opened: Opened | None = None) -> Harvested:
    """Commit the article: its files are there, the manifest comes last, the memory after it."""
    manifest = replace(manifest, run=kit.run, harvested_at=datetime.now(UTC).isoformat(timespec="seconds"))
    await kit.workers.settle(_commit, manifest, place, kit, opened)
    remember(manifest, place, kit.state)
    return Harvested(manifest=manifest, folder=place.folder)


def _commit(manifest: Manifest, place: Place, kit: Kit, opened: Opened | None) -> None:
    written = codec.dump(manifest, place.raw)
    if kit.config.output.save_page and opened is not None:
        body = opened.body if isinstance(opened.body, bytes) else opened.body.encode()
        kit.store.write(place.path / "page.html", body)
    note(manifest, place, kit.store, keep_files=kit.config.output.keep_history)
    keep_unread(place, kit.store)
    kit.store.settle(place.path)
    kit.store.commit(place.path / "manifest.json", written)
    kit.journal.wipe(place.key)
    kit.store.clear_work(place.key)


def _bug(error: Exception) -> Problem:
    """Name what nobody expected, and where: of several errors at once the first."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    where = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error} ({where.name}, {where.filename.rpartition('/')[2]}:{where.lineno})"
    return Problem(code="bug", message=f"A bug in harvester: {what}. Please report it.")


def _told(result: Harvested | Lost) -> events.Event:
    match result:
        case Lost(given=given, problem=problem):
            return events.ArticleLost(
                url=given, code=problem.code, message=problem.message, retryable=problem.retryable
            )
        case Harvested(manifest=manifest):
            outcomes = [image.outcome for image in manifest.images] + [video.outcome for video in manifest.videos]
            return events.ArticleWritten(
                url=manifest.article.url,
                title=manifest.article.title,
                folder=result.folder,
                saved=sum(isinstance(outcome, Saved) for outcome in outcomes),
                failed=sum(isinstance(outcome, Failed) for outcome in outcomes),
                skipped=sum(isinstance(outcome, Skipped) for outcome in outcomes),
                unchanged=result.unchanged,
            )

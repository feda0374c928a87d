"""The story of one article: open, plan, fulfil, write."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from harvester import events, flow
from harvester.articles.opening import open_lead
from harvester.errors import SourceError, StorageError
from harvester.manifest import codec
from harvester.model import Failed, Image, Manifest, Planned, Problem, Saved, Skipped, Video
from harvester.pipeline.again import carry_over, same_plan, to_do
from harvester.pipeline.image import save_image
from harvester.pipeline.kit import Kit
from harvester.pipeline.place import Place, find_place
from harvester.pipeline.plan import plan
from harvester.pipeline.remember import remember
from harvester.pipeline.video import save_video
from harvester.steps import Lead, Opened


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
    """Harvest one article. What it could not do is in its manifest; only the output's own trouble is raised."""
    given = lead.url or lead.source.given
    kit.emit(events.ArticleOpened(url=given))
    try:
        result: Harvested | Lost = await _story(lead, kit)
    except StorageError:
        raise
    except SourceError as error:
        problem = Problem(code=error.code, message=error.message, retryable=error.retryable)
        result = Lost(given=given, problem=problem)
    except Exception as error:  # the article boundary: a bug in one article must not end the run
        result = Lost(given=given, problem=_bug(error))
    kit.emit(_told(result))
    return result


async def _story(lead: Lead, kit: Kit) -> Harvested:
    opened = await open_lead(lead, kit.web)
    planned = await kit.workers.run(plan, opened, kit.config)
    planned = replace(planned, config_digest=kit.digest, run=kit.run)
    async with kit.turns.of(planned.article.key):
        return await _settle(planned, opened, kit)


async def _settle(planned: Manifest, opened: Opened, kit: Kit) -> Harvested:
    """Fetch what the article's folder does not hold yet, and write its manifest if anything is new."""
    place = find_place(planned.article, kit.store, kit.state)
    planned = carry_over(planned, place, kit.config.choice, force=kit.force)
    if place.earlier is not None and not to_do(planned) and same_plan(planned, place.earlier):
        return Harvested(manifest=place.earlier, folder=place.folder, unchanged=True)
    fulfilled = await fulfil(planned, place, kit)
    return await _write(fulfilled, opened, place, kit)


async def fulfil(planned: Manifest, place: Place, kit: Kit) -> Manifest:
    """Do what the plan says. A missing asset is written down; it does not stop the others."""
    referer = planned.article.url if kit.config.web.referer else None

    async def image(image: Image) -> Image:
        if not isinstance(image.outcome, Planned) or kit.stopping.is_set():
            return image
        return await save_image(image, place, referer, kit)

    async def video(video: Video) -> Video:
        return await save_video(video, place, referer, kit)

    images = await flow.together(planned.images, image)
    videos = await flow.together(planned.videos, video)
    return replace(planned, images=tuple(images), videos=tuple(videos))


async def _write(manifest: Manifest, opened: Opened, place: Place, kit: Kit) -> Harvested:
    """Commit the article: its files are there, the manifest comes last, the memory after it."""
    manifest = replace(manifest, harvested_at=datetime.now(UTC).isoformat(timespec="seconds"))
    await kit.workers.run(_commit, manifest, opened, place, kit)
    remember(manifest, place, kit.state)
    return Harvested(manifest=manifest, folder=place.folder)


def _commit(manifest: Manifest, opened: Opened, place: Place, kit: Kit) -> None:
    if kit.config.output.save_page:
        body = opened.body if isinstance(opened.body, bytes) else opened.body.encode()
        kit.store.write(place.path / "page.html", body, key=place.key)
    if place.path.is_dir():
        kit.store.sync_folder(place.path)
    kit.store.write(place.path / "manifest.json", codec.dump(manifest, place.raw), key=place.key)
    kit.store.clear_work(place.key)


def _bug(error: Exception) -> Problem:
    where = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})"
    message = f"A bug in harvester: {what}. Please report it."
    return Problem(code="bug", message=message)


def _told(result: Harvested | Lost) -> events.Event:
    match result:
        case Lost(given=given, problem=problem):
            return events.ArticleLost(
                url=given, code=problem.code, message=problem.message, retryable=problem.retryable
            )
        case Harvested(manifest=manifest):
            outcomes = [item.outcome for item in (*manifest.images, *manifest.videos)]
            return events.ArticleWritten(
                url=manifest.article.url,
                title=manifest.article.title,
                folder=result.folder,
                saved=sum(isinstance(outcome, Saved) for outcome in outcomes),
                failed=sum(isinstance(outcome, Failed) for outcome in outcomes),
                skipped=sum(isinstance(outcome, Skipped) for outcome in outcomes),
                unchanged=result.unchanged,
            )

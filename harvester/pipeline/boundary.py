"""What becomes of an article that failed: it is reported, and the run goes on."""

from __future__ import annotations

import time
import traceback
from collections.abc import Awaitable

from msgspec import Struct

from harvester import events, urls
from harvester.articles.opening import Listed
from harvester.errors import FolderError, Interrupted, SourceError, StorageError, refusal
from harvester.model import Failed, Problem, Saved, Skipped
from harvester.pipeline.article import Harvested, complete, harvest_article
from harvester.pipeline.earlier.revisit import left_in
from harvester.pipeline.kit import Kit
from harvester.steps import Lead


class Lost(Struct, frozen=True, kw_only=True):
    """An article that could not be fetched, and why."""

    given: str
    problem: Problem


async def harvest_lead(lead: Lead, kit: Kit) -> Harvested | Lost:
    """Harvest one article; only the trouble of the output itself is raised.

    Raises Listed when there is no article at its address but a feed or sitemap.
    """
    given = lead.url or lead.source.given
    kit.emit(events.ArticleOpened(url=given))

    async def story() -> Harvested:
        try:
            return await harvest_article(lead, kit)
        except Listed:
            raise
        except SourceError as error:
            if lead.url is not None and not error.retryable:
                kit.collection.state.miss(lead.url, kit.access, error.code, time.time())
            raise

    result = await _bounded(story(), given)
    kit.emit(_event_of(result))
    return result


async def complete_article(
    name: str, kit: Kit, *, posters: bool = False, damaged: frozenset[str] | None = None
) -> Harvested | Lost:
    """Complete the article in the folder *name*; one that cannot be read is reported and costs no other."""

    async def story() -> Harvested:
        folder = await kit.workers.run(left_in, name, kit.collection.store, kit.collection.journal)
        return await complete(folder, kit, posters=posters, damaged=damaged)

    result = await _bounded(story(), name)
    kit.emit(_event_of(result))
    return result


async def _bounded(story: Awaitable[Harvested], given: str) -> Harvested | Lost:
    """Wait for a *story*; what ends it costs this article only, unless the output itself is in trouble."""
    try:
        return await story
    except (Listed, Interrupted):
        raise
    except (FolderError, SourceError) as error:
        problem = Problem(code=error.code, message=error.message, retryable=error.retryable)
        return Lost(given=given, problem=problem)
    except StorageError:
        raise
    except Exception as error:  # the article boundary: a bug in one article must not end the run
        refused = refusal(error)
        if refused is not None:
            raise refused from error
        return Lost(given=given, problem=_bug(error))


def _bug(error: Exception) -> Problem:
    """Name what nobody expected, and where: of several errors at once the first."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    where = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error} ({where.name}, {where.filename.rpartition('/')[2]}:{where.lineno})"
    return Problem(code="bug", message=f"A bug in harvester: {urls.printable(what)}. Please report it.")


def _event_of(result: Harvested | Lost) -> events.Event:
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

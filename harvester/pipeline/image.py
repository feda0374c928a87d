"""The chain of one image: download a rendition, examine it, accept it or try the next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from harvester import events
from harvester.choice.accept import Refused, judge
from harvester.choice.rank import candidates
from harvester.download.image import downloaded
from harvester.errors import AssetError
from harvester.imaging.examine import opened
from harvester.model import Attempt, Best, Failed, Image, Problem, Saved
from harvester.pipeline.keep import PART, keep
from harvester.pipeline.kit import Kit
from harvester.pipeline.place import Place, file_name
from harvester.pipeline.remember import as_stored
from harvester.pipeline.shared import as_received, is_there, stored_elsewhere, validators_of
from harvester.steps import Candidate, Received

NOT_MODIFIED = 304


async def save_image(image: Image, place: Place, referer: str | None, kit: Kit, *, name: str | None = None) -> Image:
    """Try the renditions of an image in order until one proves itself; gives the image with its outcome.

    *name* is the file's name without folder and extension; null: the image's number and what its URL calls it.
    """
    attempts: list[Attempt] = []
    problems: list[Problem] = []
    for candidate in candidates(image, kit.config.choice)[: kit.config.choice.max_attempts]:
        label = name or file_name(image.number, candidate.url)
        attempt, result = await _try(candidate, label, place, referer, kit)
        attempts.append(attempt)
        if isinstance(result, Saved):
            kit.emit(_saved(result, place))
            return replace(image, best=_best(candidate, result), attempts=tuple(attempts), outcome=result)
        problems.append(result)
    problem = _most_telling(problems)
    kit.emit(_failed(image, problem, place))
    return replace(image, attempts=tuple(attempts), outcome=Failed(error=problem))


async def _try(
    candidate: Candidate, label: str, place: Place, referer: str | None, kit: Kit
) -> tuple[Attempt, Saved | Problem]:
    """Fetch one rendition and keep it if it proves itself; what is wrong with it is a value, not an exception."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    attempt = Attempt(url=candidate.url, rule=candidate.rule, result="", at=at)
    try:
        async with kit.turns.of(candidate.url), _had(candidate.url, label, place, referer, kit) as received:
            attempt = replace(
                attempt, final_url=received.final_url, status=received.status or None, bytes=received.size
            )
            saved = await kit.workers.run(_examine, received, candidate, label, place, kit)
            kit.fetched.add(as_stored(candidate.url, saved.file, place))
    except AssetError as error:
        attempt = replace(attempt, result=error.code, status=error.status or attempt.status)
        return attempt, Problem(code=error.code, message=error.message, retryable=error.retryable)
    return replace(attempt, result="accepted", width=saved.file.width), saved


@asynccontextmanager
async def _had(url: str, label: str, place: Place, referer: str | None, kit: Kit) -> AsyncIterator[Received]:
    """Give a rendition, from another article of this output where it is unchanged, else from the network."""
    fetched = kit.fetched.get(url)
    if fetched is not None and is_there(fetched, kit.store):
        yield as_received(fetched, kit.store)
        return
    stored = stored_elsewhere(url, place.key, kit.store, kit.state)
    async with downloaded(
        url,
        referer=referer,
        part=kit.store.work(place.key) / f"{label}{PART}",
        web=kit.web,
        workers=kit.workers,
        settings=kit.config.web,
        validators=validators_of(stored),
    ) as received:
        yield as_received(stored, kit.store, received) if stored and received.status == NOT_MODIFIED else received


def _examine(received: Received, candidate: Candidate, label: str, place: Place, kit: Kit) -> Saved:
    """In one thread, of one decode: prove the picture, draw its thumbnails, give every file its name."""
    source: bytes | Path = received.body if received.body is not None else Path(received.path or "")
    with opened(source, max_pixels=kit.config.web.max_image_pixels) as picture:
        verdict = judge(candidate, picture.measured, size=received.size)
        if isinstance(verdict, Refused):
            raise AssetError(verdict.message, code=verdict.code, status=received.status)
        drawn = picture.thumbnails(kit.config.thumbnails)
        measured = picture.measured
    return keep(received, measured, drawn, label, place, kit.store, kit.state, kit.config.output)


def _best(candidate: Candidate, saved: Saved) -> Best:
    return Best(url=candidate.url, width=saved.file.width, reason=candidate.reason)


def _most_telling(problems: list[Problem]) -> Problem:
    """Of all that went wrong give what a later try may heal, else what was wrong with the best rendition."""
    nothing = Problem(code="no_rendition", message="The page names no rendition that could be asked for.")
    return next((problem for problem in problems if problem.retryable), problems[0] if problems else nothing)


def _saved(saved: Saved, place: Place) -> events.AssetSaved:
    return events.AssetSaved(url=saved.file.url, kind="image", bytes=saved.file.bytes, article=place.folder)


def _failed(image: Image, problem: Problem, place: Place) -> events.AssetFailed:
    url = image.best.url if image.best else (image.variants[0].url if image.variants else "")
    return events.AssetFailed(
        url=url,
        kind="image",
        code=problem.code,
        message=problem.message,
        article=place.folder,
        retryable=problem.retryable,
    )

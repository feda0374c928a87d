"""The chain of one image: download a rendition, examine it, accept it or try the next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from harvester import events
from harvester.choice import chain as chains
from harvester.choice.accept import Accepted, Doubted, Refused, Verdict
from harvester.choice.chain import Chain
from harvester.config import Choice
from harvester.download.image import downloaded
from harvester.errors import AssetError
from harvester.imaging.decoding.alone import check_survival
from harvester.imaging.examine import opened
from harvester.model import Attempt, Failed, Image, Problem, Saved
from harvester.pipeline.earlier.folder import Folder, file_name
from harvester.pipeline.earlier.index import as_stored
from harvester.pipeline.earlier.known_files import as_received, is_sound, is_there, stored_elsewhere, validators_of
from harvester.pipeline.keep import PART, Proved, keep
from harvester.pipeline.kit import Kit
from harvester.state import Stored
from harvester.steps import Candidate, Measured, Received
from harvester.urls import host, legible
from harvester.workers import Doing

NOT_MODIFIED = 304
POSTER_ATTEMPTS = 8
Kind = Literal["image", "poster"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageTask:
    """An image, where it goes, and as whose picture it is asked for.

    *name* is the file's name without folder and extension; null: the image's number and what its URL calls it.
    """

    image: Image
    folder: Folder
    referer: str | None
    kit: Kit
    kind: Kind = "image"
    name: str | None = None

    @property
    def choice(self) -> Choice:
        """What is chosen by; a poster's renditions are rules' alone, so they are tried whatever `upgrade` says."""
        settings = self.kit.config.choice
        return settings if self.kind == "image" else replace(settings, upgrade=True, max_attempts=POSTER_ATTEMPTS)

    def label(self, candidate: Candidate) -> str:
        """Name the file that a rendition would be kept as."""
        return self.name or file_name(self.image.number, candidate.url)


class Search(Struct, frozen=True, kw_only=True):
    """How far the search for an image's best rendition is; *found* is the image when it ended well."""

    chain: Chain
    attempts: tuple[Attempt, ...] = ()
    problems: tuple[Problem, ...] = ()
    found: Image | None = None


class Trial(Struct, frozen=True, kw_only=True):
    """One rendition as it arrived, and the attempt that fetched it."""

    candidate: Candidate
    attempt: Attempt
    received: Received


class Examined(Struct, frozen=True, kw_only=True):
    """What one rendition was, how it was judged, and the image with its files if it was accepted."""

    measured: Measured
    verdict: Verdict
    kept: Image | None = None


async def save_image(task: ImageTask) -> Image:
    """Try the renditions of an image in order until one proves itself; return the image with its outcome."""
    image, kit = task.image, task.kit
    search = Search(chain=chains.start(image, task.choice, given_up=_given_up(task)))
    while search.found is None and (candidate := chains.following(search.chain)) is not None:
        search = await _try(search, candidate, task)
    if search.found is not None:
        kit.emit(_saved(search.found, task))
        return search.found
    problem = _most_telling(search.problems)
    kit.emit(_failed(problem, task))
    return replace(image, attempts=search.attempts, outcome=Failed(error=problem))


async def _try(search: Search, candidate: Candidate, task: ImageTask) -> Search:
    """Fetch one rendition and keep it if it proves itself; what is wrong with it is a value, not an exception."""
    attempt, kit = _attempt(candidate), task.kit
    await kit.workers.ease()
    try:
        async with kit.collection.turns.of(candidate.url), _obtain(candidate, task) as received:
            attempt = _arrived(attempt, received)
            trial = Trial(candidate=candidate, attempt=attempt, received=received)
            search, examined = await _proved(search, trial, task)
            if examined.kept is not None:
                kit.collection.known_files.add(_as_fetched(candidate, examined.kept, task))
                return replace(search, found=examined.kept)
    except AssetError as error:
        _count_refusal(candidate, task, counts=not error.retryable)
        chain = chains.failed(search.chain, candidate)
        attempt = replace(attempt, result=error.code, status=error.status or attempt.status)
        return _with_failure(search, chain, attempt, error.code, error.message, retryable=error.retryable)
    measured, verdict = examined.measured, examined.verdict
    assert isinstance(verdict, Refused), "doubts were settled"
    _count_refusal(candidate, task)
    chain = chains.turned_down(search.chain, candidate, measured, verdict)
    attempt = replace(attempt, result=verdict.code, width=measured.width, distance=verdict.distance)
    return _with_failure(search, chain, attempt, verdict.code, verdict.message)


async def _proved(search: Search, trial: Trial, task: ImageTask) -> tuple[Search, Examined]:
    """Examine what came, with as many siblings to compare it with as its proof needs."""
    candidate = trial.candidate
    while True:
        while (sibling := chains.sibling_for(search.chain, candidate)) is not None:
            search = await _compared(search, sibling, task)
        examine = Doing(f"decoding {legible(candidate.url)}", _examine)
        examined = await task.kit.workers.run(examine, search, trial, task)
        if not isinstance(examined.verdict, Doubted):
            return search, examined
        chain = chains.turned_down(search.chain, candidate, examined.measured, examined.verdict)
        search = replace(search, chain=chain)


def _examine(search: Search, trial: Trial, task: ImageTask) -> Examined:
    """In one thread, of one decode: prove the picture, draw its thumbnails, give every file its name."""
    candidate, received = trial.candidate, trial.received
    kit, settings = task.kit, task.kit.config.thumbnails
    most = kit.config.web.max_image_pixels
    _guard_decoder(candidate, received, task)
    with opened(_source(received), max_pixels=most, widest=max(settings.widths, default=1)) as picture:
        measured = picture.measured
        verdict = chains.judged(search.chain, candidate, measured, size=received.size)
        if not isinstance(verdict, Accepted):
            return Examined(measured=measured, verdict=verdict)
        drawn = picture.thumbnails(settings)
        remark = picture.remark
    accepted = replace(trial.attempt, result="accepted", width=measured.width, distance=verdict.distance)
    best = chains.best_of(search.chain, candidate, measured, verdict)
    proved = Proved(
        image=replace(task.image, best=best, attempts=(*search.attempts, accepted)),
        received=received,
        measured=measured,
        drawn=drawn,
        label=task.label(candidate),
        remark=remark,
        written_down=task.kind == "image",
    )
    return Examined(measured=measured, verdict=verdict, kept=keep(proved, task.folder, kit))


async def _compared(search: Search, sibling: Candidate, task: ImageTask) -> Search:
    """Measure a declared rendition, so that a derived one can be compared with it; it is not kept."""
    attempt = _attempt(sibling)
    measured: Measured | None = None
    try:
        async with _obtain(sibling, task, suffix="-sibling") as received:
            measure = Doing(f"decoding {legible(sibling.url)}", _measured)
            measured = await task.kit.workers.run(measure, sibling, received, task)
            attempt = replace(_arrived(attempt, received), result="compared", width=measured.width)
    except AssetError as error:
        attempt = replace(attempt, result=error.code, status=error.status)
    chain = chains.compared(search.chain, sibling, measured)
    return replace(search, chain=chain, attempts=(*search.attempts, attempt))


def _measured(sibling: Candidate, received: Received, task: ImageTask) -> Measured:
    _guard_decoder(sibling, received, task)
    with opened(_source(received), max_pixels=task.kit.config.web.max_image_pixels, widest=1) as picture:
        return picture.measured


def _guard_decoder(candidate: Candidate, received: Received, task: ImageTask) -> None:
    """Write down what is decoded now; what an earlier run died of is decoded in a process of its own first."""
    folder, store = task.folder, task.kit.collection.store
    if candidate.url in folder.unfinished.suspects:
        with store.aside(_source(received)) as path:
            check_survival(path, max_pixels=task.kit.config.web.max_image_pixels)
    task.kit.collection.journal.begin(candidate.url, folder.key, task.image if task.kind == "image" else None)


@asynccontextmanager
async def _obtain(candidate: Candidate, task: ImageTask, suffix: str = "") -> AsyncIterator[Received]:
    """Yield a rendition, from another article of this output where it is unchanged, else from the network."""
    kit, url = task.kit, candidate.url
    fetched = kit.collection.known_files.get(url)
    if fetched is not None and is_there(fetched, kit.collection.store):
        yield as_received(fetched, kit.collection.store)
        return
    stored = stored_elsewhere(url, task.folder.key, kit.collection.state)
    if stored is not None and not await kit.workers.run(is_sound, stored, kit.collection.store):
        stored = None
    async with downloaded(
        url,
        referer=task.referer,
        part=kit.collection.store.work_path(task.folder.key) / f"{task.label(candidate)}{suffix}{PART}",
        web=kit.web,
        workers=kit.workers,
        settings=kit.config.web,
        validators=validators_of(stored),
    ) as received:
        is_known = stored is not None and received.status == NOT_MODIFIED
        yield as_received(stored, kit.collection.store, received) if stored and is_known else received


def _source(received: Received) -> bytes | Path:
    return received.body if received.body is not None else Path(received.path or "")


def _given_up(task: ImageTask) -> set[tuple[str, str]]:
    """Return the rules that were wrong too often on this image's hosts; a poster that lacks sizes proves nothing."""
    rules = {(derived.rule, host(derived.url)) for derived in task.image.derived if task.kind == "image"}
    refusals = task.kit.collection.state.refusals
    return {(rule, name) for rule, name in rules if refusals(rule, name) >= chains.GIVE_UP_AFTER}


def _count_refusal(candidate: Candidate, task: ImageTask, *, counts: bool = True) -> None:
    if candidate.rule is not None and counts and task.kind == "image":
        task.kit.collection.state.refuse(*chains.rule_at(candidate))


def _attempt(candidate: Candidate) -> Attempt:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Attempt(url=candidate.url, rule=candidate.rule, result="", at=at)


def _arrived(attempt: Attempt, received: Received) -> Attempt:
    return replace(attempt, final_url=received.final_url, status=received.status or None, bytes=received.size)


def _with_failure(
    search: Search, chain: Chain, attempt: Attempt, code: str, message: str, *, retryable: bool = False
) -> Search:
    problem = Problem(code=code, message=message, retryable=retryable)
    return replace(search, chain=chain, attempts=(*search.attempts, attempt), problems=(*search.problems, problem))


def _most_telling(problems: tuple[Problem, ...]) -> Problem:
    """Of all that went wrong give what a later try may heal, else what was wrong with the best rendition."""
    nothing = Problem(code="no_rendition", message="The page names no rendition that could be asked for.")
    return next((problem for problem in problems if problem.retryable), problems[0] if problems else nothing)


def _as_fetched(candidate: Candidate, kept: Image, task: ImageTask) -> Stored:
    assert isinstance(kept.outcome, Saved), "kept"
    return as_stored(candidate.url, kept.outcome.file, task.folder)


def _saved(image: Image, task: ImageTask) -> events.AssetSaved:
    assert isinstance(image.outcome, Saved), "found"
    file = image.outcome.file
    return events.AssetSaved(url=file.url, kind=task.kind, bytes=file.bytes, article=task.folder.name)


def _failed(problem: Problem, task: ImageTask) -> events.AssetFailed:
    image = task.image
    url = (
        image.best.url
        if image.best
        else next(iter([v.url for v in image.variants] + [d.url for d in image.derived]), "")
    )
    return events.AssetFailed(
        url=url,
        kind=task.kind,
        code=problem.code,
        message=problem.message,
        article=task.folder.name,
        retryable=problem.retryable,
    )

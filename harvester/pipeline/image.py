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
from harvester.imaging.examine import opened
from harvester.model import Attempt, Best, Failed, Image, Problem, Saved
from harvester.pipeline.keep import PART, keep
from harvester.pipeline.kit import Kit
from harvester.pipeline.place import Place, file_name
from harvester.pipeline.remember import as_stored
from harvester.pipeline.shared import as_received, is_there, stored_elsewhere, validators_of
from harvester.steps import Candidate, Measured, Received
from harvester.urls import host

NOT_MODIFIED = 304
POSTER_ATTEMPTS = 8
Kind = Literal["image", "poster"]
REFUSALS = 3
"""So often a rule may be wrong on a host before it is no longer tried there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """An image, where it goes, and as whose picture it is asked for.

    *name* is the file's name without folder and extension; null: the image's number and what its URL calls it.
    """

    image: Image
    place: Place
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
    """How far the search for an image's best rendition is."""

    chain: Chain
    attempts: tuple[Attempt, ...] = ()
    problems: tuple[Problem, ...] = ()
    saved: Saved | None = None
    best: Best | None = None


async def save_image(spot: Spot) -> Image:
    """Try the renditions of an image in order until one proves itself; gives the image with its outcome."""
    image, kit = spot.image, spot.kit
    search = Search(chain=chains.start(image, spot.choice, given_up=_given_up(image, kit)))
    while search.saved is None and (candidate := chains.following(search.chain)) is not None:
        search = await _try(search, candidate, spot)
    if search.saved is not None:
        kit.emit(_saved(search.saved, spot))
        return replace(image, best=search.best, attempts=search.attempts, outcome=search.saved)
    problem = _most_telling(search.problems)
    kit.emit(_failed(problem, spot))
    return replace(image, attempts=search.attempts, outcome=Failed(error=problem))


async def _try(search: Search, candidate: Candidate, spot: Spot) -> Search:
    """Fetch one rendition and keep it if it proves itself; what is wrong with it is a value, not an exception."""
    attempt = _attempt(candidate)
    kit = spot.kit
    try:
        async with kit.turns.of(candidate.url), _had(candidate, spot) as received:
            attempt = _arrived(attempt, received)
            search, measured, verdict, saved = await _proved(search, candidate, received, spot)
    except AssetError as error:
        _count_refusal(candidate, kit, counts=not error.retryable)
        chain = chains.failed(search.chain, candidate)
        attempt = replace(attempt, result=error.code, status=error.status or attempt.status)
        return _went_wrong(search, chain, attempt, error.code, error.message, retryable=error.retryable)
    attempt = replace(attempt, width=measured.width, distance=verdict.distance)
    if saved is not None and isinstance(verdict, Accepted):
        kit.fetched.add(as_stored(candidate.url, saved.file, spot.place))
        best = chains.best_of(search.chain, candidate, measured, verdict)
        attempts = (*search.attempts, replace(attempt, result="accepted"))
        return replace(search, attempts=attempts, saved=saved, best=best)
    assert isinstance(verdict, Refused), "doubts were settled"
    _count_refusal(candidate, kit)
    chain = chains.turned_down(search.chain, candidate, measured, verdict)
    return _went_wrong(search, chain, replace(attempt, result=verdict.code), verdict.code, verdict.message)


async def _proved(
    search: Search, candidate: Candidate, received: Received, spot: Spot
) -> tuple[Search, Measured, Verdict, Saved | None]:
    """Examine what came, with as many siblings to compare it with as its proof needs."""
    while True:
        while (sibling := chains.sibling_for(search.chain, candidate)) is not None:
            search = await _compared(search, sibling, spot)
        measured, verdict, saved = await spot.kit.workers.run(_examine, search.chain, candidate, received, spot)
        if not isinstance(verdict, Doubted):
            return search, measured, verdict, saved
        search = replace(search, chain=chains.turned_down(search.chain, candidate, measured, verdict))


def _examine(
    chain: Chain, candidate: Candidate, received: Received, spot: Spot
) -> tuple[Measured, Verdict, Saved | None]:
    """In one thread, of one decode: prove the picture, draw its thumbnails, give every file its name."""
    kit = spot.kit
    widths = kit.config.thumbnails.widths
    with opened(
        _source(received), max_pixels=kit.config.web.max_image_pixels, widest=max(widths, default=1)
    ) as picture:
        measured = picture.measured
        verdict = chains.judged(chain, candidate, measured, size=received.size)
        if not isinstance(verdict, Accepted):
            return measured, verdict, None
        drawn = picture.thumbnails(kit.config.thumbnails)
    label = spot.label(candidate)
    return (
        measured,
        verdict,
        keep(received, measured, drawn, label, spot.place, kit.store, kit.state, kit.config.output),
    )


async def _compared(search: Search, sibling: Candidate, spot: Spot) -> Search:
    """Measure a declared rendition, so that a derived one can be compared with it; it is not kept."""
    attempt = _attempt(sibling)
    measured: Measured | None = None
    try:
        async with _had(sibling, spot, suffix="-sibling") as received:
            measured = await spot.kit.workers.run(_measured, received, spot)
            attempt = replace(_arrived(attempt, received), result="compared", width=measured.width)
    except AssetError as error:
        attempt = replace(attempt, result=error.code, status=error.status)
    chain = chains.compared(search.chain, sibling, measured)
    return replace(search, chain=chain, attempts=(*search.attempts, attempt))


def _measured(received: Received, spot: Spot) -> Measured:
    with opened(_source(received), max_pixels=spot.kit.config.web.max_image_pixels, widest=1) as picture:
        return picture.measured


@asynccontextmanager
async def _had(candidate: Candidate, spot: Spot, suffix: str = "") -> AsyncIterator[Received]:
    """Give a rendition, from another article of this output where it is unchanged, else from the network."""
    kit, url = spot.kit, candidate.url
    fetched = kit.fetched.get(url)
    if fetched is not None and is_there(fetched, kit.store):
        yield as_received(fetched, kit.store)
        return
    stored = stored_elsewhere(url, spot.place.key, kit.store, kit.state)
    async with downloaded(
        url,
        referer=spot.referer,
        part=kit.store.work(spot.place.key) / f"{spot.label(candidate)}{suffix}{PART}",
        web=kit.web,
        workers=kit.workers,
        settings=kit.config.web,
        validators=validators_of(stored),
    ) as received:
        yield as_received(stored, kit.store, received) if stored and received.status == NOT_MODIFIED else received


def _source(received: Received) -> bytes | Path:
    return received.body if received.body is not None else Path(received.path or "")


def _given_up(image: Image, kit: Kit) -> set[tuple[str, str]]:
    """Give the rules that were wrong too often on the hosts of this image."""
    rules = {(derived.rule, host(derived.url)) for derived in image.derived}
    return {(rule, name) for rule, name in rules if kit.state.refusals(rule, name) >= REFUSALS}


def _count_refusal(candidate: Candidate, kit: Kit, *, counts: bool = True) -> None:
    if candidate.rule is not None and counts:
        kit.state.refuse(*chains.rule_at(candidate))


def _attempt(candidate: Candidate) -> Attempt:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Attempt(url=candidate.url, rule=candidate.rule, result="", at=at)


def _arrived(attempt: Attempt, received: Received) -> Attempt:
    return replace(attempt, final_url=received.final_url, status=received.status or None, bytes=received.size)


def _went_wrong(
    search: Search, chain: Chain, attempt: Attempt, code: str, message: str, *, retryable: bool = False
) -> Search:
    problem = Problem(code=code, message=message, retryable=retryable)
    return replace(search, chain=chain, attempts=(*search.attempts, attempt), problems=(*search.problems, problem))


def _most_telling(problems: tuple[Problem, ...]) -> Problem:
    """Of all that went wrong give what a later try may heal, else what was wrong with the best rendition."""
    nothing = Problem(code="no_rendition", message="The page names no rendition that could be asked for.")
    return next((problem for problem in problems if problem.retryable), problems[0] if problems else nothing)


def _saved(saved: Saved, spot: Spot) -> events.AssetSaved:
    return events.AssetSaved(url=saved.file.url, kind=spot.kind, bytes=saved.file.bytes, article=spot.place.folder)


def _failed(problem: Problem, spot: Spot) -> events.AssetFailed:
    image = spot.image
    url = (
        image.best.url
        if image.best
        else next(iter([v.url for v in image.variants] + [d.url for d in image.derived]), "")
    )
    return events.AssetFailed(
        url=url,
        kind=spot.kind,
        code=problem.code,
        message=problem.message,
        article=spot.place.folder,
        retryable=problem.retryable,
    )

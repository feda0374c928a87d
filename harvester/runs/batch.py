"""One run: leads in, a story for each, a report out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from harvester import events, flow, urls
from harvester.articles.leads import read_leads, stand_in
from harvester.articles.opening import Listed
from harvester.articles.sources.age import is_too_old
from harvester.articles.sources.filters import url_filter
from harvester.config import Config
from harvester.errors import SourceError
from harvester.events import Emit
from harvester.model import Problem
from harvester.pipeline.article import Harvested
from harvester.pipeline.boundary import Lost, harvest_lead
from harvester.pipeline.earlier.revisit import rests_until
from harvester.pipeline.kit import Kit
from harvester.runs.execution import Options, execution
from harvester.runs.report import Report
from harvester.runs.upkeep.remove import Tombstone, tombstones
from harvester.state import Missed
from harvester.steps import Lead

__all__ = ["Done", "Options", "harvest"]

MOST_NAMED = 20_000
"""Addresses that a run knows again; they take 2 MB. Of a longer list a page may be asked for twice, if far apart."""

Done = Callable[[Harvested | Lost], None]


async def harvest(
    sources: Sequence[str],
    config: Config,
    *,
    output: Path,
    options: Options = Options(),  # noqa: B008 - a frozen value
    emit: Emit = events.nobody,
    done: Done = lambda result: None,
    stopping: asyncio.Event | None = None,
    report: Report | None = None,
) -> Report:
    """Harvest every article of *sources* into *output*; *done* hears of each as its manifest is written.

    When *stopping* is set nothing new is begun and the run ends well. Raises UsageError for sources that are none,
    OutputLocked when another run writes the same output; what the output itself refuses is in the report.
    """
    # What is no source and no pattern is told before anything is made.
    archive = stand_in(sources, options.kind)
    url_filter(options.reach)
    config = config if archive is None else _offline(config)
    report = report or Report()
    async with execution(output, config, options, report, emit=emit, stopping=stopping, transport=archive) as kit:
        named: set[int] = set()
        listed = await _stories(_leads(sources, kit, options, named), kit, done)
        if listed:
            await _stories(_leads(listed, kit, replace(options, kind="feed"), named), kit, done)
    return report


async def _stories(leads: AsyncGenerator[Lead | SourceError, None], kit: Kit, done: Done) -> list[str]:
    """Harvest *leads*; return the addresses among them at which lists of articles lie and no article."""
    listed: list[str] = []

    async def story(lead: Lead | SourceError) -> None:
        if isinstance(lead, SourceError):
            done(_lost(lead, kit))
        elif not kit.stopping.is_set():
            try:
                done(await harvest_lead(lead, kit))
            except Listed:
                listed.append(lead.url or "")
                kit.emit(events.ArticleSkipped(url=lead.url or "", reason="no article but a list; its articles follow"))

    web = kit.config.web
    await flow.for_each(
        leads, story, at_once=web.concurrency, lane=_host, per_lane=web.page_per_host, until=kit.stopping
    )
    return listed


def _offline(config: Config) -> Config:
    """Leave out what would go past an archive to the network: the videos."""
    return replace(config, videos=replace(config.videos, download=False))


def _lost(error: SourceError, kit: Kit) -> Lost:
    problem = Problem(code=error.code, message=error.message, retryable=error.retryable)
    url = error.final_url or ""
    kit.emit(events.ArticleLost(url=url, code=problem.code, message=problem.message, retryable=problem.retryable))
    return Lost(given=url, problem=problem)


async def _leads(
    sources: Sequence[str], kit: Kit, options: Options, named: set[int]
) -> AsyncGenerator[Lead | SourceError, None]:
    """Yield the leads that this run is asked for and that were not *named* yet, until it is told to stop."""
    given = 0
    removed = {} if options.force else tombstones(kit.collection.store)
    by_hand = {urls.redact(source) for source in sources}
    read = read_leads(
        sources,
        kind=options.kind,
        base_url=options.base_url,
        web=kit.web,
        reach=options.reach,
        feeds=None if options.force else kit.collection.state,
    )
    async with aclosing(read) as leads:
        async for lead in leads:
            if kit.stopping.is_set():
                return
            if isinstance(lead, Lead):
                if not _is_wanted(lead, options) or _was_removed(lead, removed, kit):
                    continue
                followed = _followed(lead, named, by_hand, kit)
                if followed is None:
                    continue
                lead = followed
                given += 1
            yield lead
            if given == options.max_articles:
                return


def _is_wanted(lead: Lead, options: Options) -> bool:
    if options.since and is_too_old(lead, datetime.fromisoformat(options.since)):
        return False
    return options.shard is None or options.shard.holds(lead.url or lead.source.given)


def _followed(lead: Lead, named: set[int], by_hand: set[str], kit: Kit) -> Lead | None:
    """Return a lead as it is followed now: asked for, or only looked after; None where there is nothing to do."""
    missed = _missed(lead, by_hand, kit)
    if missed is None:
        return None if _was_named(lead, named) else lead
    return replace(lead, rests=True) if _is_known(lead, missed, kit) else None


def _was_named(lead: Lead, named: set[int]) -> bool:
    """Return whether a page was *named* before in this run, and name it; only hashes are kept, to save room."""
    if lead.url is None or lead.is_article:
        return False
    mark = hash(urls.canonical(lead.url))
    if mark in named:
        return True
    if len(named) == MOST_NAMED:
        named.clear()
    named.add(mark)
    return False


def _was_removed(lead: Lead, removed: dict[str, Tombstone], kit: Kit) -> bool:
    stone = removed.get(urls.canonical(lead.url)) if removed and lead.url else None
    if stone is None:
        return False
    why = f": {stone.reason}" if stone.reason else ""
    told = f"removed on {stone.removed_at[:10]}{why}; --force harvests it again"
    kit.emit(events.ArticleSkipped(url=lead.url or "", reason=told))
    return True


def _missed(lead: Lead, by_hand: set[str], kit: Kit) -> Missed | None:
    """Return why a page that a list names rests, or None; what is given *by_hand* never does."""
    named = lead.source.kind == "page" and lead.source.given in by_hand
    if kit.force or named or lead.url is None or lead.is_article:
        return None
    missed = kit.collection.state.missed(lead.url, kit.access)
    return missed if missed is not None and rests_until(missed) > datetime.now(UTC) else None


def _is_known(lead: Lead, missed: Missed, kit: Kit) -> bool:
    """Return whether there are files of an article to look after although its page rests; says so if not."""
    if lead.url is None or kit.collection.state.known(lead.url) is not None:
        return True
    until = f"{rests_until(missed):%Y-%m-%d %H:%M} UTC"
    told = f"could not be had ({missed.code}); asked for again after {until}, under other settings, or with --force"
    kit.emit(events.ArticleSkipped(url=lead.url, reason=told))
    return False


def _host(lead: Lead | SourceError) -> str:
    """The lane of a lead: the host its page is asked from; every lead that needs no page has its own."""
    if isinstance(lead, Lead) and lead.url and not lead.is_article:
        return urls.host(lead.url)
    return lead.source.given if isinstance(lead, Lead) else ""

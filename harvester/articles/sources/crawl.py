"""A crawl from a section page: links followed to a given depth, on one site, each address once."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator

from msgspec import Struct

from harvester import urls
from harvester.articles.sources.filters import url_filter
from harvester.articles.sources.link_kinds import is_section, looks_like_article
from harvester.articles.sources.reader import Leads, Reading
from harvester.articles.sources.recognise import Recognised
from harvester.errors import FetchError, SourceError
from harvester.markup import Document, attributes, decode, parse, text_of
from harvester.model import Source
from harvester.steps import Lead
from harvester.web.answers import Response

MOST_SECTIONS = 200
"""Section pages that one crawl opens."""

MOST_LINKS = 2_000
"""Links of one page that are examined."""


class Link(Struct, frozen=True, kw_only=True):
    """A link of a page and its text."""

    url: str
    text: str


async def crawl(source: Recognised, reading: Reading) -> Leads:
    """Yield a lead for every article that the section page links to, directly or through sections, up to `depth` links.

    Sections are opened for their links, articles are not: that is left to the harvest. A page counts as an article if
    it looks like one, or if `allow` is given and allows it.
    """
    assert reading.web is not None, "addresses are only read with a Web"
    start = urls.resolve_web(source.given) or source.given
    waiting, seen, opened = deque([(start, 1)]), {urls.canonical(start)}, 0
    site, fits = urls.registered_domain(start), url_filter(reading.reach)
    while waiting and opened < MOST_SECTIONS:
        section, depth = waiting.popleft()
        opened += 1
        try:
            page = await reading.web.page(section)
        except FetchError as error:
            yield SourceError.of(error)
            continue
        for link in await asyncio.to_thread(links_of, page, site):
            form = urls.canonical(link.url)
            if form in seen:
                continue
            article = fits(link.url) and (bool(reading.reach.allow) or looks_like_article(link.url, link.text))
            onward = not article and depth < reading.reach.depth and is_section(link.url)
            if article or onward:
                seen.add(form)
            if article:
                yield Lead(source=Source(kind="crawl", given=source.given), url=link.url)
            elif onward:
                waiting.append((link.url, depth + 1))


def links_of(page: Response, site: str) -> list[Link]:
    """Return the links of a page that stay on the registered domain *site* and may be followed."""
    document = parse(decode(page.body, page.headers.get("Content-Type"))[0], page.final_url)
    if any("nofollow" in stated.lower() for stated in document.meta.get("robots", ())):
        return []
    return list(_links(document, site))


def _links(document: Document, site: str) -> Iterator[Link]:
    for node in document.css("a[href]")[:MOST_LINKS]:
        given = attributes(node)
        if "nofollow" in given.get("rel", "").lower().split():
            continue
        url = urls.resolve_web(document.resolve(given["href"].strip()) or "")
        if url and urls.registered_domain(url) == site:
            yield Link(url=url, text=text_of(node)[:500])

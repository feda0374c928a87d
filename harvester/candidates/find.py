"""What a page holds: every picture with all its renditions, which of them are the article's, and the videos. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from harvester.candidates.captions.caption import caption_of
from harvester.candidates.grouping.group import grouped
from harvester.candidates.page.dom import Dom
from harvester.candidates.page.index import PageIndex
from harvester.candidates.page.occurrence import Occurrence
from harvester.candidates.pictures.elements import pictures
from harvester.candidates.pictures.fragments import escaped_bodies
from harvester.candidates.pictures.galleries import galleries
from harvester.candidates.pictures.head import head
from harvester.candidates.pictures.json.json_ld import json_ld
from harvester.candidates.pictures.json.state import state
from harvester.candidates.pictures.offers import offered
from harvester.candidates.pictures.styles import styles
from harvester.candidates.scope.context import PageContext
from harvester.candidates.scope.decision import Kept, scoped
from harvester.candidates.videos.finding import find_videos
from harvester.config import Candidates
from harvester.markup import Document
from harvester.model import Article, Image, LeftOut
from harvester.steps import Found, Offer

Extractor = Callable[[PageIndex], Iterable[Occurrence]]

EXTRACTORS: tuple[Extractor, ...] = (
    pictures,
    styles,
    galleries,
    head,
    json_ld,
    state,
    escaped_bodies,
    offered,
)


def find(document: Document, article: Article, offers: tuple[Offer, ...], settings: Candidates) -> Found:
    """Return a page's images (the lead first, then in document order), what was left out and why, and its videos."""
    index = PageIndex(document, article, offers, Dom(document))
    occurrences = list(chain.from_iterable(_occurrences(index, extract) for extract in EXTRACTORS))
    context = PageContext(index, grouped(occurrences))
    scope = scoped(context, settings)
    images = tuple(_image(context, kept, number) for number, kept in enumerate(scope.kept, 1))
    videos = find_videos(document, index.dom, offers, index.budget)
    unread = (LeftOut(url=article.url, reason=f"not read: {part}") for part in index.budget.unread)
    return Found(images=images, left_out=(*scope.left_out, *unread), videos=videos)


def _occurrences(index: PageIndex, extract: Extractor) -> Iterator[Occurrence]:
    return index.budget.first(extract(index), f"places of pictures ({extract.__name__.replace('_', ' ')})")


def _image(context: PageContext, kept: Kept, number: int) -> Image:
    group = kept.group
    caption, credit = caption_of(context.dom, group, context.pictures, context.index.budget)
    return Image(
        number=number,
        role=kept.role,
        alt=next((occurrence.alt for occurrence in group.occurrences if occurrence.alt), None),
        caption=caption,
        credit=credit,
        variants=group.variants,
        joined=group.joined,
    )

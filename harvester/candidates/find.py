"""What a page has: every picture with all its renditions, what of it is the article's, and the videos. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from harvester.candidates.captions.caption import caption_of
from harvester.candidates.grouping import grouped
from harvester.candidates.outline import Outline
from harvester.candidates.pictures.elements import pictures
from harvester.candidates.pictures.fragments import escaped_bodies
from harvester.candidates.pictures.galleries import galleries
from harvester.candidates.pictures.head import head
from harvester.candidates.pictures.json_ld import json_ld
from harvester.candidates.pictures.offers import offered
from harvester.candidates.pictures.state import state
from harvester.candidates.pictures.styles import styles
from harvester.candidates.places import Place
from harvester.candidates.scope.decision import Kept, scoped
from harvester.candidates.scope.scene import Scene
from harvester.candidates.survey import Survey
from harvester.candidates.videos.finding import find_videos
from harvester.config import Candidates
from harvester.markup import Document
from harvester.model import Article, Image, LeftOut
from harvester.steps import Found, Offer

Extractor = Callable[[Survey], Iterable[Place]]

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
    """Give the images of a page in document order, the lead first, what was left out and why, and the videos."""
    survey = Survey(document, article, offers, Outline(document))
    places = list(chain.from_iterable(_places(survey, extract) for extract in EXTRACTORS))
    scene = Scene(survey, grouped(places))
    scope = scoped(scene, settings)
    images = tuple(_image(scene, kept, number) for number, kept in enumerate(scope.kept, 1))
    videos = find_videos(document, survey.outline, offers, survey.budget)
    unread = (LeftOut(url=article.url, reason=f"not read: {part}") for part in survey.budget.unread)
    return Found(images=images, left_out=(*scope.left_out, *unread), videos=videos)


def _places(survey: Survey, extract: Extractor) -> Iterator[Place]:
    return survey.budget.first(extract(survey), f"places of pictures ({extract.__name__.replace('_', ' ')})")


def _image(scene: Scene, kept: Kept, number: int) -> Image:
    group = kept.group
    caption, credit = caption_of(scene.outline, group, scene.pictures, scene.survey.budget)
    return Image(
        number=number,
        role=kept.role,
        alt=next((place.alt for place in group.places if place.alt), None),
        caption=caption,
        credit=credit,
        variants=group.variants,
        joined=group.joined,
    )

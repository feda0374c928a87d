"""What a page has: every picture with all its renditions, what of it is the article's, and the videos. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from harvester.candidates.captions import caption_of
from harvester.candidates.fragments import escaped_bodies
from harvester.candidates.galleries import galleries
from harvester.candidates.grouping import grouped
from harvester.candidates.head import head
from harvester.candidates.json_ld import json_ld
from harvester.candidates.offers import offered
from harvester.candidates.outline import Outline
from harvester.candidates.pictures import pictures
from harvester.candidates.places import Place
from harvester.candidates.scene import Scene
from harvester.candidates.scope import Kept, scoped
from harvester.candidates.state import state
from harvester.candidates.styles import styles
from harvester.candidates.survey import Survey
from harvester.candidates.videos import find_videos
from harvester.config import Candidates
from harvester.markup import Document
from harvester.model import Article, Image, LeftOut
from harvester.steps import Found, Offer

EXTRACTORS: tuple[Callable[[Survey], Iterable[Place]], ...] = (
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
    places = [place for extract in EXTRACTORS for place in extract(survey)]
    scene = Scene(survey, grouped(places))
    scope = scoped(scene, settings)
    unread = (LeftOut(url=article.url, reason=f"not read: {part}") for part in survey.unread)
    return Found(
        images=tuple(_image(scene, kept, number) for number, kept in enumerate(scope.kept, 1)),
        left_out=(*scope.left_out, *unread),
        videos=find_videos(document, article, offers),
    )


def _image(scene: Scene, kept: Kept, number: int) -> Image:
    group = kept.group
    caption, credit = caption_of(scene.outline, group, scene.pictures)
    return Image(
        number=number,
        role=kept.role,
        alt=next((place.alt for place in group.places if place.alt), None),
        caption=caption,
        credit=credit,
        variants=group.variants,
        joined=group.joined,
    )

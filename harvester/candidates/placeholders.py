"""What only holds a place until the picture is loaded never becomes one of the picture's renditions."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from harvester.candidates.image_urls import holds_a_place, is_blurred
from harvester.candidates.places import Place
from harvester.candidates.survey import Survey
from harvester.model import Variant
from harvester.renditions import asset_key

PLACEHOLDER = "placeholder"


def apart(survey: Survey, place: Place) -> Iterator[Place]:
    """Give *place* without its placeholder, and the placeholder as a place of its own; nothing for an empty place.

    A placeholder beside a list of renditions is not worth telling.
    """
    held = [variant for variant in place.variants if _holds_the_place(survey, variant, place)]
    kept = tuple(variant for variant in place.variants if variant not in held)
    if kept:
        only = len(kept) == 1 and not kept[0].density and holds_a_place(kept[0].url)
        yield replace(place, variants=kept, about=PLACEHOLDER if only else place.about)
    if held and not any(variant.density or "srcset" in variant.origin for variant in kept):
        yield replace(place, variants=tuple(held[:1]), about=PLACEHOLDER, joined=())


def _holds_the_place(survey: Survey, variant: Variant, place: Place) -> bool:
    """Say whether the plain source of an element gives way to what is loaded later."""
    if not variant.origin.endswith("@src") or variant.origin.startswith(("noscript", "source")):
        return False
    others = [other for other in place.variants if other.url != variant.url and other.origin != "a@href"]
    if not others:
        return False
    if is_blurred(variant.url):
        return not all(is_blurred(other.url) for other in others)
    if not (holds_a_place(variant.url, beside_another=True) or survey.is_shared(variant.url)):
        return False
    return asset_key(variant.url) not in {asset_key(other.url) for other in others}

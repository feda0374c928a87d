"""Which larger renditions are proposed for an image: what CDN and CMS rules make of its declared variants. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harvester.choice.sized import Sized
from harvester.config import Choice
from harvester.model import Derived, Image
from harvester.renditions import claimed_width, derive
from harvester.steps import Candidate

LOOKED_AT = 4  # declared variants to which rules are applied, until one yields a proposal
MOST = 6  # proposals per image; if the first ones fail, the others hardly ever succeed
_TYPE = re.compile(r"\.(?:jpe?g|png|webp|avif)$", re.IGNORECASE)


def proposals(image: Image, ranked: Sequence[Sized], settings: Choice) -> tuple[Derived, ...]:
    """Return the renditions that rules propose for *image*, in order of trust, except those that the page declares.

    *ranked* are its declared variants, the best first. Nothing is proposed if the configuration says so, or if a
    declared variant is enough for its policy.
    """
    if not settings.upgrade or not ranked or is_enough(ranked[0].width, settings):
        return image.derived
    declared = {variant.url for variant in image.variants}
    found = (_larger(sized, ranked, declared) for sized in ranked[:LOOKED_AT])
    return (*image.derived, *next(filter(None, found), []))[:MOST]


def room_for(declared: tuple[Candidate, ...], settings: Choice) -> int:
    """Return how many proposals may be tried: half of the attempts, plus those that the declared ones do not need."""
    if not settings.upgrade:
        return 0
    return settings.max_attempts - min(len(declared), settings.max_attempts - settings.max_attempts // 2)


def is_enough(width: int | None, settings: Choice) -> bool:
    """Return whether *width* pixels satisfy the policy `at-least:N`; for `largest`, nothing is ever enough."""
    name, _, number = settings.policy.partition(":")
    return name == "at-least" and width is not None and width >= int(number)


def _larger(sized: Sized, ranked: Sequence[Sized], declared: set[str]) -> list[Derived]:
    """Return what rules make of one variant that may be wider than the best; of a URL in two types, only the first."""
    found: dict[str, Derived] = {}
    for derived in derive(sized.variant.url):
        stated = claimed_width(derived.url)
        if derived.url not in declared and (stated is None or stated > (ranked[0].width or 0)):
            found.setdefault(_without_type(derived.url), derived)
    return list(found.values())


def _without_type(url: str) -> str:
    base, _, query = url.partition("?")
    return f"{_TYPE.sub('', base)}?{query}"

"""Pictures that count readers instead of showing something, as data: what their addresses look like."""

from __future__ import annotations

import re

from harvester.candidates.places import Group

COUNTED = 2  # px: nobody sees a picture this thin

EXAMPLES: tuple[str, ...] = (
    "https://www.facebook.com/tr?id=123&ev=PageView&noscript=1",
    "https://sb.scorecardresearch.com/p?c1=2&c2=123&cv=2.0&cj=1",
    "https://ad.doubleclick.net/ddm/activity/src=1;type=a",
    "https://pixel.site.example/collect?e=view",
    "https://news.example/beacon.gif?page=7",
    "https://stats.news.example/counter.php?id=7",
    "https://mc.yandex.ru/watch/123",
    "https://news.example/pixel.gif",
)
OTHERS: tuple[str, ...] = (
    "https://news.example/2024/05/pixel-phone.jpg",
    "https://img.example/beacon-hill.webp?w=800",
    "https://stats.example/charts/election.png",
)
_ADDRESS = re.compile(
    r"^https?://(?:[^/]*\.)?(?:"
    r"facebook\.com/tr\b|scorecardresearch\.com/|doubleclick\.net/|google-analytics\.com/|mc\.yandex\.\w+/watch"
    r"|(?:pixel|beacon|track(?:er|ing)?|count(?:er)?)s?\.[^/]+/|[^?#]*/(?:pixel|beacon|tracker|counter?|spacer|blank|clear|1x1)\.(?:gif|png|php)\b"
    r"|(?:stats?|analytics|metrics)\.[^/]+/[^?#]*(?:\.php|\.gif|/b/ss/|/collect\b|/hit\b))",
    re.IGNORECASE,
)


def is_tracker(group: Group) -> bool:
    """Say whether a group counts readers: by its address, or because it is shown too thin to be seen."""
    sides = [side for place in group.places for side in (place.width, place.height) if side]
    if sides and max(sides) <= COUNTED:
        return True
    return all(_ADDRESS.match(variant.url) for variant in group.variants)

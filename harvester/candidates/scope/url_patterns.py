"""What a picture's URL says against it, as data: that it is a tracker or a film, or belongs to the site's design."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct

Says = Literal["tracker", "film", "theme", "person", "default"]


class UrlPattern(Struct, frozen=True, kw_only=True):
    """What URLs of one pattern say: a regular expression on lower case, URLs that match it and others that do not.

    `tracker` counts readers, `film` is a moving picture, `theme` belongs to the site's design, `person` shows an author
    or a reader, `default` is shown for every page that has no picture of its own.
    """

    says: Says
    pattern: str
    examples: tuple[str, ...]
    others: tuple[str, ...] = ()


SHAPES: tuple[UrlPattern, ...] = (
    UrlPattern(
        says="tracker",
        # What holds for the whole URL is checked once, at its start: a host may have thousands of labels.
        pattern=(
            r"^https?://(?=[^/]+/)(?:"
            r"(?:[^/]*\.)?(?:facebook\.com/tr\b|scorecardresearch\.com/|doubleclick\.net/|google-analytics\.com/"
            r"|met\.vgwort\.de/|imrworldwide\.com/|mc\.yandex\.\w+/watch|(?:pixel|beacon|track(?:er|ing)?|count(?:er)?)s?\.(?!/))"
            r"|[^?#]*/(?:pixel|beacon|tracker|counter?|spacer|blank|clear|1x1)\.(?:gif|png|php)\b"
            r"|(?=[^/]+/[^?#]*(?:\.php|\.gif|/b/ss/|/collect\b|/hit\b))(?:[^/]*\.)?(?:stats?|analytics|metrics)\.(?!/)"
            r"|[^?#]*/(?:matomo|piwik)\.php\b)"
        ),
        examples=(
            "https://www.facebook.com/tr?id=123&ev=pageview&noscript=1",
            "https://sb.scorecardresearch.com/p?c1=2&c2=123&cv=2.0&cj=1",
            "https://ad.doubleclick.net/ddm/activity/src=1;type=a",
            "https://pixel.site.example/collect?e=view",
            "https://news.example/beacon.gif?page=7",
            "https://stats.news.example/counter.php?id=7",
            "https://mc.yandex.ru/watch/123",
            "https://news.example/stats/matomo.php?idsite=1&rec=1",
            "https://ssl-vg03.met.vgwort.de/na/0a1b2c",
        ),
        others=(
            "https://news.example/2024/05/pixel-phone.jpg",
            "https://img.example/beacon-hill.webp?w=800",
            "https://stats.example/charts/election.png",
        ),
    ),
    UrlPattern(
        says="film",
        pattern=r"\.(?:webm|mp4|m4v|mov|m3u8|mp3|m4a)(?:$|[?#])",
        examples=("https://news.example/clip.webm", "https://cdn.example/a.mp4?token=1"),
        others=("https://news.example/clip.webm.jpg", "https://cdn.example/mp4/a.png"),
    ),
    UrlPattern(
        says="theme",
        pattern=(
            r"logo|(?<!lex)icons?(?![a-z])|sprite|emoji|emoticon|smil(?:ey|ies)|badge|favicon|pixel|spacer|blank\b"
            r"|arrow|button|placeholder|divider|separator|gr[ae]y[_-]line|captcha|spinner"
            r"|qr-?_?code|/crests?/|star[-_](?:full|half|empty)"
            r"|/themes?/|/plugins/|/templates?/|/(?:build|dist|flags)/|/assets/(?:img|images|icons?|svg|png)/"
        ),
        examples=(
            "https://news.example/img/logo-white.png",
            "https://news.example/wp-content/themes/daily/img/star.png",
            "https://news.example/icons/share.png",
            "https://forum.example/images/smilies/grin.gif",
            "https://news.example/wp-content/plugins/rating/star_half.gif",
            "https://news.example/u/qr-code.png",
            "https://news.example/teams/crests/home.png",
        ),
        others=(
            "https://news.example/2024/iconic-bridge.jpg",
            "https://cdn.example/lexicon.jpg",
            "https://news.example/assets/cache/media/pike.jpg",
        ),
    ),
    UrlPattern(
        says="person",
        pattern=r"avatar|/authors?/|[/_-]author[_-]|/autor(?:en|es)?/|/profile[s_-]|/contributors?/",
        examples=("https://secure.gravatar.com/avatar/1a2b?s=200", "https://news.example/authors/jane-doe.jpg"),
        others=("https://news.example/2024/authority.jpg", "https://news.example/2024/profile.jpg"),
    ),
    UrlPattern(
        says="default",
        pattern=r"default|fallback|(?:^|[/_-])(?:og|share|social)(?:[/_.-]|$)",
        examples=(
            "https://news.example/images/og/landscape.png",
            "https://news.example/social_share.png",
            "https://news.example/img/default-news.jpg",
        ),
        others=("https://news.example/2024/market-shares-fall.jpg", "https://news.example/2024/dogs.jpg"),
    ),
)

_PATTERNS = {shape.says: re.compile(shape.pattern) for shape in SHAPES}


@lru_cache(maxsize=1024)
def says(url: str, what: Says) -> bool:
    """Return whether *url* matches the pattern that says *what* against a picture."""
    return _PATTERNS[what].search(url.lower()) is not None

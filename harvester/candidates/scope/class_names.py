"""What classes, ids and roles say about the purpose of an element, as data: words of many sites and languages.

A hint only counts against a picture; names such as `article` and `content` are no evidence, since everything has them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct

Hint = Literal["person", "promotion", "advertisement", "navigation", "gallery", "player"]


class ClassNames(Struct, frozen=True, kw_only=True):
    """A hint, the words that give it (regular expressions on lower case), and names that do and do not match."""

    hint: Hint
    words: tuple[str, ...]
    examples: tuple[str, ...]
    others: tuple[str, ...] = ()


WORDS: tuple[ClassNames, ...] = (
    ClassNames(
        hint="person",
        words=(
            "author",
            "avatar",
            "byline",
            "profile",
            "contributor",
            "autor(?!i[sz])",
            "writer",
            "columnist",
            "verfasser",
            "staff",
            "auteur",
            "redakteur",
            "journalist(?!i[ck])",
            "kolumnist",
            "headshot",
            r"\bbio\b",
        ),
        examples=("author-image", "c-byline__photo", "user-avatar", "autorenbild", "redakteur__bild", "short-bio"),
        others=("img--portrait", "autorizado", "biology", "journalistic"),
    ),
    ClassNames(
        hint="promotion",
        words=(
            "teaser",
            "related",
            "recommend",
            r"promo(?!te)",
            "sidebar",
            "newsletter",
            "outbrain",
            "taboola",
            "most-?read",
            "popular",
            "trending",
            "read-?(?:more|next|also)",
            "see-?also",
            "recirc",
            "latest",
            "upsell",
            "subscri",
            "next-?(?:article|up|story)",
            "more-?(?:from|stories|news)",
            "also-?read",
            "lire-aussi",
            "weiterlesen",
            "onward",
            "crosslink",
            "interstitial",
            "podcast",
            "donat(?:e|ion)",
            "fundrais",
            "paywall",
            r"\bcta\b",
            "call-to-action",
            "bookmark-?card",
            "link-?(?:preview|card)",
        ),
        examples=(
            "related-topics__teaser",
            "newsletter-box",
            "most-read",
            "c-podcast-teaser",
            "donate-block",
            "cta",
            "kg-bookmark-card",
        ),
        others=("image-promoted-size", "article__body"),
    ),
    ClassNames(
        hint="advertisement",
        words=(
            r"\badv?(?:ert\w*)?\b",
            r"\bads\b",
            "sponsor",
            r"(?:^|[-_ ])ads?[-_]",
            "anzeige",
            "werbung",
            "publicidad",
            "publicit",
            "advert",
            r"\bbanner",
        ),
        examples=("ad-slot", "native-advertisement", "home-ad", "banner-top", "publicidad"),
        others=("ts-picture--topbanner", "shadow", "header", "download"),
    ),
    ClassNames(
        hint="navigation",
        words=(
            r"\bnav",
            "menu",
            "footer",
            "breadcrumb",
            "social",
            "comment",
            "masthead",
            "toolbar",
            "cookie",
            "consent",
            "topbar",
            "site-?header",
        ),
        examples=("nav-primary", "site-footer", "social-bar", "comments__list"),
        others=("fig--has-shares", "unavailable"),
    ),
    ClassNames(
        hint="player",
        words=("player", r"\bvideo", r"\bjw-", "vjs"),
        examples=("jw-preview", "video-thumbnail", "c-player__poster"),
        others=("slideshow",),
    ),
    ClassNames(
        hint="gallery",
        words=(
            "galler",
            "galerie",
            "galeria",
            "slide(?!-?in)",
            "carousel",
            "karussell",
            "swiper",
            "diaporama",
            "fotostrecke",
            "bildstrecke",
            "lightbox",
            "photo-?(?:essay|set|grid|list|story)",
        ),
        examples=("gallery-item", "swiper-slide", "image-carousel", "fotostrecke__bild"),
        others=("slide-in",),
    ),
)

_PATTERNS = tuple((entry.hint, re.compile("|".join(entry.words))) for entry in WORDS)


@lru_cache(maxsize=1024)
def class_hints(name: str) -> frozenset[Hint]:
    """Return the hints in *name*: the classes, ids and roles of an element, in lower case."""
    return frozenset(hint for hint, pattern in _PATTERNS if pattern.search(name))

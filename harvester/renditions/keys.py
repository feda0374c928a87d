"""The key that names a picture itself: two URLs with one key are two renditions of one picture."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from harvester.renditions.lookup import host_of, rules_for
from harvester.renditions.parameters import CROPPING, SCALING, SIGNATURES, TYPES, VERSIONS, pairs, words
from harvester.renditions.rewriting import reduced
from harvester.renditions.rules import LONGEST, matched

STEPS = 6  # how many wrappers and suffixes are taken off one URL; real ones have three at most

# A picture is often offered under one name in several of these types; never a drawing or an animation among them.
_TYPED = re.compile(r"\.(?:jpe?g|jpe|jfif|pjpe?g|png|webp|avif|jxl|heic|heif|tiff?)$", re.IGNORECASE)
_NAMED = re.compile(r"\.(?:jpe?g|jpe|jfif|pjpe?g|png|webp|avif|jxl|heic|heif|tiff?|gif|svg|bmp|ico)$", re.IGNORECASE)

# A whole path segment that only tells a size, a ratio or a fitting.
_SIZE_SEGMENT = re.compile(
    r"(?:[whs]\d{2,5}|[lm]?w\d{2,5}(?:[-_]?h\d{2,5})?(?:-[a-z]+\d*)*|\d{2,5}[whx]|\d{2,5}[x-]\d{1,5}(?:-c)?!?|[wh]:\d+|p:\d+x\d+|"
    r"\d{1,2}[x:-]\d{1,2}(?:-?\d{2,4})?|fit-in|smart|\d+x\d+:\d+x\d+|(?:width|height)[=_-]?\d+|quality[=_-]?\d+|format:\w+|"
    r"(?:[a-z]{1,3}_[\w.:-]+)(?:,[a-z]{1,3}_[\w.:-]+)*|thumbs?|thumbnails?|small|medium|large|x-?large|original|full)",
    re.IGNORECASE,
)
# The end of a name that only tells a size or a ratio.
_SIZE_SUFFIX = re.compile(
    r"(?:[-_~.@]+(?:M?\d{2,5}x\d{1,5}(?:_?c)?|\d{1,2}x\d{1,2}|w-?\d{2,5}|\d{2,5}w|\d{2,5}px|@?[234]x|v\d{1,2}_\d{1,2}_\d{3,4}|"
    r"scaled|thumb|thumbnail|small|medium|large|original|e1\d{12})|=[swh]\d+(?:-[a-z]{1,3}\d*)*)+$",
    re.IGNORECASE,
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_HASH = re.compile(r"(?=[0-9a-f]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{32,128}", re.IGNORECASE)
# What may stand around a UUID that names the picture: words before it, sizes and formats after it.
_BEFORE_UUID = re.compile(r"(?:[a-z]+[._-])*", re.IGNORECASE)
_AFTER_UUID = re.compile(
    r"(?:[._](?:[a-z]{1,4}[\d.]+|\d{1,2}x\d{1,2}(?:_\d{2,4})?|original\d*|source|master))*", re.IGNORECASE
)
# A segment that is one of the widths that sites ask for; it counts as one only before a name that tells pictures apart.
_WIDTHS = words(
    "240 320 360 375 400 414 480 500 512 600 620 624 640 665 700 720 750 768 800 828 900 940 948 960 976 1000 1024 1080 "
    "1100 1136 1200 1280 1366 1400 1440 1500 1536 1600 1800 1920 2000 2048 2400 2560 3000"
)
_TELLING = 12  # characters of a name that hardly occurs twice
_SHARD = re.compile(r"^(img|images?|static|cdn|media|bilder|pics?|photos?|thumbs?|assets?|[aistp])-?\d{1,2}\.(?=.+\.)")


@lru_cache(maxsize=16384)
def asset_key(url: str) -> str | None:
    """Name the picture that *url* is a rendition of; None where nothing in the URL names one.

    Sizes, crops, types, proxies, cache versions and signatures do not count; everything else does. So two pictures
    share no key where a rule is missing: then one picture has several.
    """
    if not url.startswith(("http://", "https://")) or len(url) > LONGEST:
        return None
    url = url.partition("#")[0]
    for _ in range(STEPS):
        named, shorter = _step(url)
        if named or shorter is None:
            break
        url = shorter
    return named or _plain(url)


def _step(url: str) -> tuple[str | None, str | None]:
    """The key that a rule gives, or else what a rule takes off the URL."""
    for rule in rules_for(url):
        if rule.key is not None:
            if found := matched(rule, url):
                return found.expand(rule.key), None
        elif shorter := reduced(rule, url):
            return None, shorter
    return None, None


def _plain(url: str) -> str | None:
    base, _, query = url.partition("?")
    host = _SHARD.sub(r"\1.", host_of(url).lower()).removeprefix("www.")
    path = base.partition("://")[2].partition("/")[2]
    if "%" in path:
        path = unquote(path)
    folders, name = _named_by(path)
    stem = _TYPED.sub("", _TYPED.sub("", name))
    stem = _SIZE_SUFFIX.sub("", stem) or stem
    if unique := _unique(stem):
        return unique
    kept = _kept(query, bool(_NAMED.search(name))) if query else ""
    if not stem and not kept:
        return None
    where = "/".join(part for part in folders.split("/") if not _is_size(part, stem))
    return "/".join(filter(None, (host, where, stem + kept)))


def _named_by(path: str) -> tuple[str, str]:
    """Cut *path* before the segment that names the picture; a size or a type may stand behind it."""
    folders, _, name = path.strip("/").rpartition("/")
    while folders and (name.lower() in TYPES or name in _WIDTHS or _SIZE_SEGMENT.fullmatch(name)):
        folders, _, name = folders.rpartition("/")
    return folders, name


def _is_size(part: str, stem: str) -> bool:
    return bool(_SIZE_SEGMENT.fullmatch(part)) or (part in _WIDTHS and len(stem) >= _TELLING)


def _unique(stem: str) -> str | None:
    """A name that is a random number or a digest is one picture, wherever it stands."""
    found = _UUID.search(stem)
    if found and _BEFORE_UUID.fullmatch(stem, 0, found.start()) and _AFTER_UUID.fullmatch(stem, found.end()):
        return f"uuid:{found[0].lower()}"
    return f"hash:{stem.lower()}" if _HASH.fullmatch(stem) else None


def _kept(query: str, is_named: bool) -> str:
    """What of the query names the picture; where the path does not name one, a version or signature may."""
    dropped = SCALING | CROPPING | SIGNATURES | VERSIONS if is_named else SCALING
    named = [
        f"{name}={value}" for name, value in pairs(query) if name.lower() not in dropped and value.lower() not in TYPES
    ]
    return "?" + "&".join(sorted(map(unquote, named))) if named else ""

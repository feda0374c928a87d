"""The key that identifies a picture: two URLs with the same key are two renditions of one picture."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from harvester.renditions.lookup import host_of, rules_for
from harvester.renditions.parameters import CROPPING, PROCESSING, SCALING, SIGNATURES, TYPES, VERSIONS, names_in, pairs
from harvester.renditions.rewriting import reduced
from harvester.renditions.rules import LONGEST, filled, matched

NESTED = 4  # wrappers removed from one URL; real ones are at most two deep

# Types in which one picture is often offered under the same name; a drawing or an animation is never among them.
_TYPED = re.compile(r"(?:\.(?:jpe?g|jpe|jfif|pjpe?g|png|webp|avif|jxl|heic|heif|tiff?)){1,2}$", re.IGNORECASE)
_NAMED = re.compile(r"\.(?:jpe?g|jpe|jfif|pjpe?g|png|webp|avif|jxl|heic|heif|tiff?|gif|svg|bmp|ico)$", re.IGNORECASE)

# A whole segment of the path that only tells a size, a ratio, a fitting, or all of it as Cloudinary writes it.
_OPTION = r"(?=\w{1,4}_[\w.:-])[\w.:-]++"
_SIZE = (
    r"(?:[whs]\d{2,5}|[lm]?w\d{2,5}(?:[-_]?h\d{2,5})?(?:-[a-z]{1,3}\d*)*|\d{2,5}[whx]|\d{2,5}[x-]\d{1,5}(?:-c)?!?|"
    r"[wh]:\d+|p:\d+x\d+|\d{1,2}[x:-]\d{1,2}(?:-?\d{2,4})?|\d+x\d+:\d+x\d+|fit-in|smart|(?:width|height|quality)[=_-]?\d+|"
    rf"format:\w+|(?=(?:[\w.:-]++,)*?(?:[wh]_\d+|q_[\w:]+|f_auto|dpr_[\d.]+)(?![\w.:-])){_OPTION}(?:,{_OPTION})*+|"
    r"\$[a-z]+_[\d.-]+(?:,\$[a-z]+_[\d.-]+)*|thumbs?|thumbnails?|small|medium|large|x-?large|original|full)"
)
_SIZE_SEGMENTS = re.compile(rf"(?:^|(?<=/)){_SIZE}(?:/|$)", re.IGNORECASE)
_SIZE_ALONE = re.compile(rf"\A{_SIZE}", re.IGNORECASE)
# The end of a name that only tells a size or a ratio, or that the picture was edited.
_SIZE_SUFFIX = re.compile(
    r"(?:(?<![-_~.@])[-_~.@]++(?:M?\d{2,5}x\d{1,5}(?:_?c)?|\d{1,2}x\d{1,2}|w-?\d{2,5}|\d{2,5}w|\d{2,5}px|@?[234]x|"
    r"v\d{1,2}_\d{1,2}_\d{3,4}|scaled|thumb|thumbnail|small|medium|large|original|e1\d{12})|"
    r"=[swh]\d+(?:-[a-z]{1,3}\d*)*){1,8}$",
    re.IGNORECASE,
)
# Widths that sites use; as a path segment, one counts as a width only before a name that tells pictures apart.
_WIDTHS = names_in(
    "240 320 360 375 400 414 480 500 512 600 620 624 640 665 700 720 750 768 800 828 900 940 948 960 976 1000 1024 "
    "1080 1100 1136 1200 1280 1366 1400 1440 1500 1536 1600 1800 1920 2000 2048 2400 2560 3000"
)
_TELLING = 12  # characters of a name that is unlikely to occur twice
# Characters of folders or of a name that are searched for sizes, which takes quadratic time; anything longer is an
# embedded URL or a token.
_LOOKED_AT = 1_000

_UNIQUE = 32  # characters; no shorter name is a UUID or a digest
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_HASH = re.compile(r"\A(?=[0-9]*+[a-f])(?=[a-f]*+[0-9])[0-9a-f]{32,128}", re.IGNORECASE)
# What may stand around a UUID that names the picture: words before it, sizes and formats after it.
_BEFORE = re.compile(r"\A(?:[a-z]++[._-])*+", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:[._](?:[a-z]{1,4}[\d.]+|\d{1,2}x\d{1,2}(?:_\d{2,4})?|original\d*|source|master))*", re.IGNORECASE
)

_SHARD = re.compile(r"^(img|images?|static|cdn|media|bilder|pics?|photos?|thumbs?|assets?|[aistp])-?\d{1,2}\.(?=.+\.)")
_ASKED = SCALING | PROCESSING
_ASKED_OF_A_NAME = SCALING | PROCESSING | CROPPING | SIGNATURES | VERSIONS


@lru_cache(maxsize=2048)
def asset_key(url: str) -> str | None:
    """Return the key of the picture of which *url* is a rendition; None if nothing in the URL identifies one.

    Sizes, crops, types, proxies, cache versions and signatures do not count; everything else does. So where a rule is
    missing, one picture has several keys, but two pictures never share one.
    """
    if not url.startswith(("http://", "https://")) or len(url) > LONGEST:
        return None
    url = url.partition("#")[0]
    for _ in range(NESTED):
        named, url, unwrapped = _named(url)
        if named or not unwrapped:
            break
    return named or _key_without_rules(url)


def _named(url: str) -> tuple[str | None, str, bool]:
    """Return the key by a rule, if any; else what the rules leave of the URL, and whether it came out of a wrapper."""
    for rule in rules_for(url):
        if rule.key is not None:
            if found := matched(rule, url):
                return filled(rule.key, found), url, False
        elif shorter := reduced(rule, url):
            url = shorter
            if rule.kind == "unwrap_url":
                return None, url, True
    return None, url, False


def _key_without_rules(url: str) -> str | None:
    base, _, query = url.partition("?")
    path = base.partition("://")[2].partition("/")[2]
    if "%" in path:
        path = unquote(path)
    folders, _, name = path.strip("/").rpartition("/")
    while folders and _is_size(name):
        folders, _, name = folders.rpartition("/")
    untyped = _TYPED.sub("", name)
    stem = (_SIZE_SUFFIX.sub("", untyped) if len(untyped) <= _LOOKED_AT else untyped) or untyped
    if len(stem) >= _UNIQUE and (unique := _unique_name(stem)):
        return unique
    kept = _identifying_query(query, stem != untyped or bool(_NAMED.search(name))) if query else ""
    if not stem and not kept:
        return None
    return "/".join(filter(None, (_site(host_of(url)), _without_sizes(folders, stem), stem + kept)))


def _is_size(name: str) -> bool:
    if len(name) > _LOOKED_AT:
        return False
    return name in _WIDTHS or name.lower() in TYPES or bool(_SIZE_ALONE.fullmatch(name))


@lru_cache(maxsize=512)
def _site(host: str) -> str:
    return _SHARD.sub(r"\1.", host.lower()).removeprefix("www.")


def _without_sizes(folders: str, stem: str) -> str:
    kept = _without_size_segments(folders)
    if len(stem) < _TELLING or _WIDTHS.isdisjoint(parts := kept.split("/")):
        return kept
    return "/".join(part for part in parts if part not in _WIDTHS)


@lru_cache(maxsize=1024)
def _without_size_segments(folders: str) -> str:
    """Return *folders* without segments that only state a size; cached, since a page's pictures share their folders."""
    return (_SIZE_SEGMENTS.sub("", folders) if len(folders) <= _LOOKED_AT else folders).strip("/")


def _unique_name(stem: str) -> str | None:
    """Return a key for a name that is a UUID or a digest, which identifies a picture in any folder; else None."""
    found = _UUID.search(stem)
    if found and _BEFORE.fullmatch(stem, 0, found.start()) and _AFTER.fullmatch(stem, found.end()):
        return f"uuid:{found[0].lower()}"
    return f"hash:{stem.lower()}" if _HASH.fullmatch(stem) else None


def _identifying_query(query: str, is_named: bool) -> str:
    """Return the part of the query that identifies the picture; if the path does not, a version or signature may."""
    asked = _ASKED_OF_A_NAME if is_named else _ASKED
    named = [
        f"{name}={value}"
        for name, value in pairs(query)
        if name.lower().partition("/")[0] not in asked and value.lower() not in TYPES
    ]
    return "?" + "&".join(sorted(map(unquote, named))) if named else ""

"""Signs in a picture's URL that hardly another picture of the page has: an id, or a telling name in the same folder.

They are weaker than an asset key. They count only where they point to one picture of the page, and never against a
counter: `report-7001234-1.jpg` and `report-7001234-2.jpg` are two pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvester import urls
from harvester.renditions import asset_key

TELLING = 8  # characters; a shorter name occurs by chance

_DIGEST = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-f]*+[0-9])(?=[0-9]*+[a-f])[0-9a-f]{16,})(?![0-9a-z])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![0-9a-z])[0-9]{7,12}(?![0-9a-z])", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])")
_COUNTER = re.compile(r"(?<![0-9a-z])[0-9]{1,3}(?![0-9a-z])", re.IGNORECASE)
_LATTER = re.compile(r"[^/]+/[^/]+$")


def signs(url: str) -> Iterator[str]:
    """Give the signs by which *url* may be known, the surest first, each with the counters beside it."""
    key = asset_key(url) or ""
    folder, _, stem = key.partition("?")[0].rpartition("/")
    site = urls.registered_domain(url)
    counters = " ".join(_COUNTER.findall(stem))
    for found in _DIGEST.findall(stem):
        yield f"{found.lower()} {counters}"
    for found in _NUMBER.findall(stem):
        if not _DATE.match(found):
            yield f"{site} {found} {counters}"
    for found in _DIGEST.findall(folder):
        yield f"{found.lower()} {stem}"
    nearest = _LATTER.search(folder)
    if nearest and len(stem) >= TELLING:
        yield f"{site} {nearest[0]}/{stem}"

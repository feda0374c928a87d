"""Weak keys: parts of a picture's URL that few other pictures share, such as an id or a telling name in a folder.

They are weaker than an asset key: they count only where they point to a single picture of the page, and counters must
agree, since `report-7001234-1.jpg` and `report-7001234-2.jpg` are two pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from harvester import urls
from harvester.renditions import asset_key

TELLING = 8  # characters; a shorter name may recur by chance

_DIGEST = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-f]*+[0-9])(?=[0-9]*+[a-f])[0-9a-f]{16,})(?![0-9a-z])"
)
_NUMBER = re.compile(r"(?<![0-9a-z])[0-9]{7,12}(?![0-9a-z])")
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])")
_COUNTER = re.compile(r"(?<![0-9a-z])[0-9]{1,3}(?![0-9a-z])")


class WeakKey(NamedTuple):
    """A *mark* found in the lower-case URL, and what must be the same *around* it."""

    mark: str
    around: str


def weak_keys(url: str) -> Iterator[WeakKey]:
    """Yield the weak keys of *url*, the surest first, each with the counters beside it."""
    folder, _, stem = (asset_key(url) or "").partition("?")[0].lower().rpartition("/")
    site = urls.registered_domain(url)
    counters = " ".join(_COUNTER.findall(stem))
    for found in _DIGEST.findall(stem):
        yield WeakKey(found, counters)
    for found in _NUMBER.findall(stem):
        if not _DATE.match(found):
            yield WeakKey(found, f"{site} {counters}")
    for found in _DIGEST.findall(folder):
        yield WeakKey(found, stem)
    nearest = folder.split("/")[-2:]
    if len(nearest) == 2 and all(nearest) and len(stem) >= TELLING:
        yield WeakKey(stem, f"{site} {'/'.join(nearest)}")

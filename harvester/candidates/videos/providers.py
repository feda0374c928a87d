"""URLs of the providers in the table: whose video a URL shows, decided offline."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

from msgspec import Struct

from harvester.candidates.videos.provider_table import PROVIDERS, Provider
from harvester.model import VideoKind

Rows = tuple[tuple[Provider, re.Pattern[str]], ...]

_LONGEST = 2_000
_LABELS = 3  # of the longest host in the table
_SCHEMES = {"", "http:", "https:"}
_ROWS: Rows = tuple((row, re.compile(rf"\A(?:{row.pattern})")) for row in PROVIDERS)
_BY_HOST = {host: [pair for pair in _ROWS if host in pair[0].hosts] for row in PROVIDERS for host in row.hosts}


class ProviderRef(Struct, frozen=True, kw_only=True):
    """The video that a provider's URL names."""

    provider: str
    id: str
    url: str
    kind: VideoKind
    linked: bool
    sure: float


def is_known(url: str) -> bool:
    """Return whether *url* leads to a provider's host."""
    return _rows_for(url) != ()


def read_url(url: str) -> ProviderRef | None:
    """Return the provider's video that *url* shows, or None."""
    url = url.strip()
    rows = _rows_for(url)
    rest = unquote(unescape("/" + url.split("/", 3)[3].partition("#")[0])) if rows else ""
    for row, pattern in rows:
        found = pattern.match(rest)
        if found:
            page = row.page.format(**found.groupdict()) if row.page else _with_scheme(url)
            return ProviderRef(
                provider=row.name, id=found["id"], url=page, kind=row.kind, linked=row.linked, sure=row.sure
            )
    return None


def _rows_for(url: str) -> Rows:
    """Return the rows for the host of *url*; none when it names no host, or no path on it."""
    parts = url.split("/", 3) if len(url) <= _LONGEST else ()
    return _rows_at(parts[2]) if len(parts) == 4 and parts[0].strip().lower() in _SCHEMES and not parts[1] else ()


@lru_cache(maxsize=1024)
def _rows_at(authority: str) -> Rows:
    """Return the rows for the host in *authority* and its parent domains; cached, since pages repeat their hosts."""
    host = authority.rpartition("@")[2].partition(":")[0].lower()
    labels = host.split(".")[-_LABELS:]
    names = (".".join(labels[start:]) for start in range(len(labels)))
    return tuple(pair for name in names for pair in _BY_HOST.get(name, ()))


def _with_scheme(url: str) -> str:
    return f"https:{url}" if url.startswith("//") else url

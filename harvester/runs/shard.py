"""A part of all articles, so that several machines write one output side by side.

The unit is the registered domain, never the article: all requests to a host come from one shard, so its pace is kept.
"""

from __future__ import annotations

import hashlib
import re

from msgspec import Struct

from harvester import urls
from harvester.errors import UsageError


class Shard(Struct, frozen=True, kw_only=True):
    """Part *index* (from 1) of *count*."""

    index: int
    count: int

    @property
    def mark(self) -> str:
        """What tells this shard's lock, state and reports from those of the others."""
        return f"-{self.index}-of-{self.count}"

    def holds(self, url: str) -> bool:
        """Return whether the article at *url* belongs to this shard."""
        domain = urls.registered_domain(url)
        number = int.from_bytes(hashlib.blake2b(domain.encode(), digest_size=8).digest())
        return number % self.count == self.index - 1


def parse_shard(text: str) -> Shard:
    """Read `i/N`; raises UsageError for anything else."""
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageError(f"--shard {text}: expected i/N with 1 <= i <= N, as in --shard 2/8")
    return Shard(index=int(found[1]), count=int(found[2]))

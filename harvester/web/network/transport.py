"""What `Web` sends requests through: the network, or an archive that stands in for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeAlias

from multidict import CIMultiDict, CIMultiDictProxy, MultiMapping

Headers: TypeAlias = MultiMapping[str]
"""An answer's header fields; names ignore case, values are decoded byte for byte (Latin-1)."""


Body: TypeAlias = AsyncGenerator[bytes, None]


class Exchange(Protocol):
    """One answer while its body arrives."""

    status: int
    headers: Headers

    def chunks(self) -> Body:
        """Yield the body as it arrives, still encoded as Content-Encoding says; raises FetchError if it breaks off."""


class Transport(Protocol):
    """Where answers come from: one GET, one answer, no redirects followed.

    *remote* tells whether requests go to somebody's server; only then do the guard, robots.txt and politeness apply.
    """

    remote: bool

    async def open(self) -> None:
        """Prepare for requests; called once, inside the running loop."""

    async def close(self) -> None:
        """Release all resources."""

    def ask(self, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Exchange]:
        """Request exactly *url*; raises FetchError if there is no answer."""


def headers_of(pairs: Iterable[tuple[str, str]]) -> CIMultiDictProxy[str]:
    """Make header fields from pairs; a name may occur more than once."""
    return CIMultiDictProxy(CIMultiDict(pairs))

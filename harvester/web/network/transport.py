"""What `Web` asks through: the network, or an archive that stands in for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeAlias

from multidict import CIMultiDict, CIMultiDictProxy, MultiMapping

Headers: TypeAlias = MultiMapping[str]
"""An answer's header fields; names compare without case, values are decoded byte for byte (Latin-1)."""


Body: TypeAlias = AsyncGenerator[bytes, None]


class Exchange(Protocol):
    """One answer while its body arrives."""

    status: int
    headers: Headers

    def chunks(self) -> Body:
        """Return the body as it comes, still encoded as Content-Encoding says; raises FetchError when it breaks off."""


class Transport(Protocol):
    """Where answers come from: one GET, one answer, no redirects followed.

    *remote* tells whether somebody's server is asked; only then do the guard, robots.txt and politeness apply.
    """

    remote: bool

    async def open(self) -> None:
        """Get ready; called once, inside the running loop."""

    async def close(self) -> None:
        """Give back what is held."""

    def ask(self, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Exchange]:
        """Ask for exactly *url*; raises FetchError when there is no answer."""


def headers_of(pairs: Iterable[tuple[str, str]]) -> CIMultiDictProxy[str]:
    """Make header fields of pairs; a name may come more than once."""
    return CIMultiDictProxy(CIMultiDict(pairs))

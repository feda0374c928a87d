"""A proxy that stands in for the whole web: it answers for any host name, by a table of URLs.

It takes absolute-form requests for http and CONNECT for https, for which it mints certificates of its own authority. It
runs in threads, so tests with and without a loop use it, and so do child processes, by `url` and `ca_file`.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from tests.support.certificates import Authority
from tests.support.servers import Reply, Route, Seen, Site


class StandIn(Site):
    """A stand-in for every host: *routes* go by whole URL, as it is asked for; anything else is 404.

    `{"https://s.example/a.png": b"..."}` answers as s.example would. A key without a path stands for all of a host's.
    """

    def __init__(self, routes: Mapping[str, Route]) -> None:
        super().__init__(routes)
        self._authority = Authority()
        self.ca_file = self._authority.ca_file

    def __enter__(self) -> Self:
        self._authority.__enter__()
        return super().__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        super().__exit__(kind, error, at)
        self._authority.__exit__(kind, error, at)

    def asked(self, path: str | None = None) -> list[str]:
        """The URLs asked for in order, without robots.txt; or those that are *path*."""
        asked = [seen.url for seen in self.requests if not seen.url.endswith("/robots.txt")]
        return asked if path is None else [url for url in asked if url == path]

    def answer(self, connection: socket.socket, seen: Seen) -> bool:
        """Answer a request, or end TLS for the host that CONNECT names and answer what comes through."""
        if seen.method != "CONNECT":
            return super().answer(connection, seen)
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        name, _, port = seen.target.rpartition(":")
        base = f"https://{name}" if port == "443" else f"https://{seen.target}"
        self.converse(self._secured(connection, self._authority.context(name.strip("[]"))), base)
        return False

    def route(self, seen: Seen) -> Route:
        """Find a URL, or its whole host."""
        host = "/".join(seen.url.split("/", 3)[:3])
        return self.routes.get(seen.url, self.routes.get(host, Reply(status=404)))

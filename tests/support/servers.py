"""A web server for tests: real sockets on loopback, one thread a connection, every request kept."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Self, TypeAlias


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A request as it came in; *target* is the request target byte for byte, *at* seconds of time.monotonic()."""

    method: str
    url: str
    target: str
    headers: Mapping[str, str]
    at: float
    body: bytes = b""

    @property
    def host(self) -> str:
        return self.headers.get("host", "")


@dataclass(frozen=True)
class Reply:
    """A well-formed answer. Content-Length is added unless *headers* have it; *after* seconds pass before it."""

    body: bytes = b""
    type: str = "application/octet-stream"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0


@dataclass(frozen=True)
class Raw:
    """An answer written by hand; the connection is closed after it."""

    write: Callable[[socket.socket, Seen], None]


Answered: TypeAlias = Reply | Raw | bytes | str
Route: TypeAlias = Answered | Callable[[Seen], Answered]
"""What is sent back; text is HTML, bytes are bytes, a function decides by the request."""


class Site:
    """A site that answers what *routes* say, by path and query, and 404 elsewhere. Open it with `with`.

    *tls* makes it an https site. *requests* has what was asked, *most_at_once* how many requests overlapped.
    """

    def __init__(self, routes: Mapping[str, Route] | None = None, *, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.requests: list[Seen] = []
        self.most_at_once: Counter[str] = Counter()
        self.connections = 0
        self._tls = tls
        self._now: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self.authority = f"127.0.0.1:{self.port}"
        self.url = f"{'https' if tls else 'http'}://{self.authority}"

    def __enter__(self) -> Self:
        self._threads.append(threading.Thread(target=self._accept, daemon=True))
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)

    def asked(self, path: str | None = None) -> list[str]:
        """The request targets in order, without robots.txt; or those that are *path*."""
        targets = [seen.target for seen in self.requests if not seen.target.endswith("/robots.txt")]
        return targets if path is None else [target for target in targets if target == path]

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                with self._lock:
                    self.connections += 1
                    self._open.add(connection)
                    self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError, ValueError), self._kept(connection) as kept:
            self.converse(kept if self._tls is None else self._secured(kept, self._tls))

    @contextmanager
    def _kept(self, connection: socket.socket) -> Iterator[socket.socket]:
        try:
            yield connection
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _secured(self, connection: socket.socket, context: ssl.SSLContext) -> socket.socket:
        """End TLS here; the wrapped socket is watched in place of the bare one."""
        with self._lock:
            self._open.discard(connection)
        secured = context.wrap_socket(connection, server_side=True)
        with self._lock:
            self._open.add(secured)
        return secured

    def converse(self, connection: socket.socket, base: str | None = None) -> None:
        """Answer requests on one connection until it ends; *base* stands before the targets of a tunnel."""
        with connection:
            while (seen := self._read(connection, base)) is not None and self.answer(connection, seen):
                pass

    def answer(self, connection: socket.socket, seen: Seen) -> bool:
        """Answer one request; gives whether the connection goes on."""
        host = seen.host
        with self._lock:
            self.requests.append(seen)
            self._now[host] += 1
            self.most_at_once[host] = max(self.most_at_once[host], self._now[host])
        try:
            return self._send(connection, seen, self._found(seen))
        finally:
            with self._lock:
                self._now[host] -= 1

    def route(self, seen: Seen) -> Route:
        """Find what *routes* have for a request."""
        return self.routes.get(seen.target, self.routes.get(seen.target.partition("?")[0], Reply(status=404)))

    def _found(self, seen: Seen) -> Reply | Raw:
        route = self.route(seen)
        if callable(route):
            route = route(seen)
        if isinstance(route, str):
            return Reply(route.encode(), "text/html; charset=utf-8")
        return Reply(route) if isinstance(route, bytes) else route

    def _send(self, connection: socket.socket, seen: Seen, reply: Reply | Raw) -> bool:
        if isinstance(reply, Raw):
            reply.write(connection, seen)
            return False
        time.sleep(reply.after)
        connection.sendall(head(reply) + (b"" if seen.method == "HEAD" else reply.body))
        return reply.headers.get("Connection") != "close"

    def _read(self, connection: socket.socket, base: str | None) -> Seen | None:
        received = b""
        while b"\r\n\r\n" not in received:
            chunk = connection.recv(65536)
            if not chunk:
                return None
            if not received and chunk[0] == 0x16:  # a TLS handshake where none is spoken
                connection.sendall(head(Reply(status=400)))
                return None
            received += chunk
        front, _, body = received.partition(b"\r\n\r\n")
        first, *lines = front.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)) and (chunk := connection.recv(65536)):
            body += chunk
        prefix = base if base is not None else "" if "://" in target else f"http://{headers.get('host', '')}"
        return Seen(method=method, url=prefix + target, target=target, headers=headers, at=time.monotonic(), body=body)


def head(reply: Reply) -> bytes:
    """Write the status line and header fields of a reply."""
    bodiless = reply.status < 200 or reply.status in (204, 304)
    fields = {"Content-Type": reply.type} if reply.body else {}
    fields |= {} if bodiless or "Content-Length" in reply.headers else {"Content-Length": str(len(reply.body))}
    fields |= reply.headers
    phrase = HTTPStatus(reply.status).phrase if reply.status in set(HTTPStatus) else "Unknown"
    lines = [f"HTTP/1.1 {reply.status} {phrase}", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

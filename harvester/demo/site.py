"""The server of the demonstration: a proxy on a free port of 127.0.0.1 that serves three names and nothing else.

As a proxy it can give the pages the same names at every start, so that a second demonstration finds what the first one
stored. Any other request is refused here, so nothing can leave the machine.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from harvester.demo import pictures

_FOLDER = Path(__file__).parent / "pages"
_HOSTS = {"gazette.example", "img.gazette.example", "reader.example"}

NAME = "The Orchard Gazette"
FEED = "http://gazette.example/feed.xml"
ARTICLES = {
    "http://gazette.example/2026/03/14/harbour-lights": "one picture in AVIF, WebP and JPEG, and again for sharing",
    "http://reader.example/gazette/seed-library": "re-published: tags without white space, srcset with commas in it",
    "http://gazette.example/2026/03/16/kite-festival": "lazy loading, a gallery, two YouTube players",
    "http://gazette.example/2026/03/17/storm-bridge": "a picture whose largest rendition is gone",
}
"""The articles of the feed, each with what it demonstrates."""
_PAGES = {
    "http://gazette.example/": "front.html",
    FEED: "feed.xml",
    **{url: f"{url.rpartition('/')[2]}.html" for url in ARTICLES},
}


@contextmanager
def serve() -> Iterator[str]:
    """Serve the site while the context lasts; yields the URL of the proxy."""
    server = _Server(("127.0.0.1", 0), _Answer)
    thread = Thread(target=server.serve_forever, name="demo-site", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a client that hung up; show any other error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "OrchardGazette"

    def do_GET(self) -> None:
        found = _find(self.path)
        if found is None:
            known = urlsplit(self.path).hostname in _HOSTS
            self._send(404 if known else 403, "text/plain", b"Not here." if known else b"The demonstration stays here.")
            return
        etag = f'"{hashlib.sha256(found[1]).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._send(304, found[0], b"", etag)
        else:
            self._send(200, *found, etag)

    def _send(self, status: int, kind: str, body: bytes, etag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing: the terminal belongs to the harvest."""


def _find(url: str) -> tuple[str, bytes] | None:
    """Return the type and the bytes at *url*, which is absolute, as in requests to a proxy, or None."""
    parts = urlsplit(url)
    if parts.hostname not in _HOSTS:
        return None
    if parts.path == "/robots.txt":
        return "text/plain", (_FOLDER / "robots.txt").read_bytes()
    page = _PAGES.get(url)
    if page is None:
        rendition = pictures.find(parts.path)
        return (rendition.type, pictures.draw(rendition)) if rendition else None
    kind = "application/rss+xml" if page.endswith(".xml") else "text/html; charset=utf-8"
    return kind, (_FOLDER / page).read_bytes()

"""The server: a child process that answers from memory and disk, counts, and ends when its parent does.

Started as `serving.py FOLDER PAGES SEED LATENCY`, it prints its port; to every line it reads it answers with the
requests since the last one, as JSON: {"pages": 1, "pictures": 5, "unchanged": 0, "missing": 0} (200, 200, 304, 404).
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections import Counter
from pathlib import Path

import corpus

KINDS = {"jpg": "image/jpeg", "html": "text/html; charset=utf-8"}


class Site:
    """The corpus in *folder*, in as many copies as are asked for; each answer comes *latency* seconds late."""

    def __init__(self, folder: Path, pages: int, seed: int, latency: float) -> None:
        self.folder = folder
        self.latency = latency
        self.port = 0
        self.counts: Counter[str] = Counter()
        self._shown: dict[int, list[corpus.Picture]] = {}
        for picture in corpus.pictures(pages, seed):
            self._shown.setdefault(picture.page, []).append(picture)

    async def listen(self) -> None:
        """Listen on every host of the corpus, on one port."""
        for host in (*corpus.PAGE_HOSTS, *corpus.PICTURE_HOSTS):
            listener = socket.create_server((host, self.port), backlog=1024)
            self.port = listener.getsockname()[1]
            await asyncio.start_server(self._converse, sock=listener)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                await asyncio.sleep(self.latency)
                writer.write(self._answer(request))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, request: str) -> bytes:
        target = request.split(" ", 2)[1]
        _, copy, folder, name = target.split("/")
        etag = f'ETag: "{copy}-{name}"\r\n'
        if f'if-none-match: "{copy}-{name}"\r\n' in request.lower():
            return self._sent("unchanged", "304 Not Modified", etag)
        body = self._page(name, int(copy)) if folder == "stories" else corpus.body(self.folder, name, int(copy))
        if body is None:
            return self._sent("missing", "404 Not Found", "Content-Length: 0\r\n")
        extension = name.rpartition(".")[2]
        kind = KINDS.get(extension, f"image/{extension}")
        fields = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n{etag}"
        return self._sent("pages" if folder == "stories" else "pictures", "200 OK", fields) + body

    def _page(self, name: str, copy: int) -> bytes | None:
        shown = self._shown.get(int(name.removesuffix(".html")))
        return corpus.page_html(shown, copy, self.port).encode() if shown else None

    def _sent(self, kind: str, status: str, fields: str) -> bytes:
        self.counts[kind] += 1
        return f"HTTP/1.1 {status}\r\n{fields}\r\n".encode()


async def main(folder: str, pages: str, seed: str, latency: str) -> None:
    """Serve until standard input ends."""
    site = Site(Path(folder), int(pages), int(seed), float(latency))
    await site.listen()
    print(site.port, flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(site.counts), flush=True)
        site.counts.clear()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

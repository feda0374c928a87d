"""A video or sound that is a plain file: our own download, with the limits of videos and a check of the container."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from harvester import config
from harvester.download.image import downloaded
from harvester.download.media_types import LOOKED_AT, Container, container, is_playlist
from harvester.errors import AssetError
from harvester.steps import Received
from harvester.stores.disk import stated
from harvester.web import Web
from harvester.workers import Workers


@asynccontextmanager
async def downloaded_file(
    url: str,
    *,
    referer: str | None,
    part: Path,
    web: Web,
    workers: Workers,
    settings: config.Web,
    most: int,
) -> AsyncIterator[tuple[Received, Container]]:
    """Yield the whole file at *url* and its container; both last as long as the context.

    At most *most* bytes are accepted. Raises AssetError, also for what is neither video nor sound.
    """
    async with downloaded(
        url, referer=referer, part=part, web=web, workers=workers, settings=settings, most=most
    ) as received:
        start = await workers.run(_start, received)
        kind = container(start)
        if kind is None:
            raise AssetError(f"{url}: {_what_else(start)}", code="not_a_video", status=received.status)
        yield received, kind


def _start(received: Received) -> bytes:
    if received.body is not None:
        return received.body[:LOOKED_AT]
    path = Path(received.path or "")
    with stated(path), path.open("rb") as file:
        return file.read(LOOKED_AT)


def _what_else(start: bytes) -> str:
    if is_playlist(start):
        return "a playlist of a stream, not a file"
    return "markup, not a video" if start.lstrip()[:1] == b"<" else "neither video nor sound"

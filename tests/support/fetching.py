"""Fetching in tests: settings for loopback with short waits, and one download from beginning to end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harvester import config
from harvester.download.image import downloaded
from harvester.errors import AssetError
from harvester.events import Emit, nobody
from harvester.model import Memory
from harvester.steps import Received
from harvester.web import Web
from harvester.web.network.transport import Transport
from harvester.workers import Workers

LOOPBACK = "127.0.0.0/8"


def local(**more: Any) -> config.Web:
    """Settings for servers on loopback: no pauses, no robots.txt, short times; *more* changes any of them."""
    usual: dict[str, Any] = {
        "allow_networks": (LOOPBACK,),
        "robots": False,
        "page_delay": 0.0,
        "backoff": 0.001,
        "connect_timeout": 2.0,
        "read_timeout": 2.0,
        "timeout": 5.0,
        "min_rate": 0,
    }
    return config.Web(**(usual | more))


async def fetch(
    url: str,
    folder: Path,
    *,
    emit: Emit = nobody,
    memory: Memory | None = None,
    transport: Transport | None = None,
    **more: Any,
) -> tuple[Received, bytes] | AssetError:
    """Download one asset to *folder*; gives what arrived and its bytes, or the error. Nothing takes ten seconds."""
    settings = local(**more)
    web = Web(settings, emit=emit, memory=memory, transport=transport)
    async with asyncio.timeout(10), web, Workers() as workers:
        return await fetch_with(web, url, folder / "asset.part", settings, workers)


async def fetch_with(
    web: Web, url: str, part: Path, settings: config.Web, workers: Workers
) -> tuple[Received, bytes] | AssetError:
    """Download one asset by an open Web."""
    try:
        async with downloaded(url, referer=None, part=part, web=web, workers=workers, settings=settings) as received:
            return received, Path(received.path).read_bytes() if received.path else received.body or b""
    except AssetError as error:
        return error


def failure(result: tuple[Received, bytes] | AssetError) -> str:
    """The code of the error, or `arrived`."""
    return result.code if isinstance(result, AssetError) else "arrived"


def body_of(result: tuple[Received, bytes] | AssetError) -> bytes:
    """The bytes that arrived."""
    assert not isinstance(result, AssetError), f"{result.code}: {result.message}"
    return result[1]


def left_in(folder: Path) -> Sequence[str]:
    """The names of the files that were left."""
    return sorted(path.name for path in folder.iterdir())

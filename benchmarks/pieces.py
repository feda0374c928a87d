"""The floor: what the pieces cost by themselves that no harvest can do without, in one thread of one process.

Started as `pieces.py FOLDER URL...`, it prints the CPU milliseconds a picture of each piece, as JSON.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from harvester.config import Thumbnails
from harvester.imaging.examine import opened

PIXELS = 40_000_000
AT_ONCE = 32
BY_DISK = 8_000
"""Bytes of a thumbnail as it is written here: about what a narrow one has."""


def main(folder: str, *urls: str) -> None:
    """Measure each piece with the pictures of *folder*, which are served at *urls*."""
    bodies = [path.read_bytes() for path in sorted(Path(folder).iterdir())]
    found = {
        "download": _spent(lambda: asyncio.run(_download(urls))) / len(urls),
        "decode and draw": _spent(lambda: _each(bodies, _draw)) / len(bodies),
        "hash and write": _spent(lambda: _write(bodies)) / len(bodies),
    }
    print(json.dumps(found))


def _spent(work: Callable[[], None]) -> float:
    """Give the CPU time of *work* in milliseconds."""
    before = time.process_time()
    work()
    return 1000 * (time.process_time() - before)


async def _download(urls: tuple[str, ...]) -> None:
    """Get every URL with a bare client and keep nothing."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def get(session: aiohttp.ClientSession, url: str) -> None:
        async with turn, session.get(url) as answer:
            await answer.read()

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(get(session, url) for url in urls))


def _each(bodies: list[bytes], work: Callable[[bytes], None]) -> None:
    for body in bodies:
        work(body)


def _draw(body: bytes) -> None:
    """Decode a picture once, measure it, and draw both thumbnails."""
    with opened(body, max_pixels=PIXELS) as picture:
        picture.thumbnails(Thumbnails(format="jpeg"))


def _write(bodies: list[bytes]) -> None:
    """Hash each body, write it and two thumbnails, and give each its name."""
    with TemporaryDirectory() as folder:
        temporary = Path(folder, "temporary")
        for number, body in enumerate(bodies):
            hashlib.sha256(body).hexdigest()
            for part, data in enumerate((body, body[:BY_DISK], body[: 3 * BY_DISK])):
                temporary.write_bytes(data)
                temporary.rename(Path(folder, f"{number}-{part}"))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""One rendition of a picture: whole and in memory when it is small, in a part file when it is large."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from functools import partial
from pathlib import Path

from msgspec import Struct

from harvester import config
from harvester.download import resume
from harvester.errors import AssetError, FetchError
from harvester.model import Validators
from harvester.steps import Received
from harvester.stores.disk import BLOCK, stated, stream
from harvester.web import Answer, Web
from harvester.web.answers import conditions
from harvester.web.retries import retried
from harvester.workers import Share, Workers

IN_MEMORY = 2_097_152
"""Bytes up to which a body stays in memory until it has been examined."""


@asynccontextmanager
async def downloaded(
    url: str,
    *,
    referer: str | None,
    part: Path,
    web: Web,
    workers: Workers,
    settings: config.Web,
    validators: Validators | None = None,
    most: int | None = None,
) -> AsyncIterator[Received]:
    """Yield the whole rendition at *url*; it and its share of memory last as long as the context.

    A large one is in *part*, which is removed at the end unless renamed. An interrupted transfer stays there for a
    later try. With *validators* the status may be 304, without a body. More than *most* bytes (`max_image_bytes` by
    default) are refused. Raises AssetError.
    """
    wanted = _Wanted(url=url, referer=referer, part=part, conditions=conditions(validators), most=most)
    with workers.share() as memory:
        try:
            received = await retried(partial(_receive, wanted, web, workers, memory), settings)
        except FetchError as error:
            resume.settle(part, resumable=error.retryable)
            raise AssetError.of(error) from error
        try:
            yield received
        finally:
            if received.path is not None:
                resume.discard(part)


class _Wanted(Struct, frozen=True, kw_only=True):
    url: str
    referer: str | None
    part: Path
    conditions: dict[str, str]
    most: int | None


async def _receive(wanted: _Wanted, web: Web, workers: Workers, memory: Share) -> Received:
    """Try once; afterwards *memory* holds the size of a body that arrived whole in memory."""
    begun = resume.begun(wanted.part, wanted.url)
    asked = begun.headers if begun is not None else wanted.conditions
    try:
        async with web.asset(wanted.url, referer=wanted.referer, headers=asked, most=wanted.most) as answer:
            if begun is not None and answer.status == 206:
                return await _rest(answer, wanted.part, begun, workers)
            if answer.status == 304:
                return _received(answer, 0)
            received = await _whole(answer, wanted.part, memory)
            if not received.size:
                raise FetchError(f"{answer.final_url}: the body is empty", code="empty", status=answer.status)
            return received
    except FetchError as error:
        if begun is None or error.code not in ("http_416", "wrong_range"):
            raise
    resume.discard(wanted.part)
    return await _receive(wanted, web, workers, memory)


async def _whole(answer: Answer, part: Path, memory: Share) -> Received:
    """Receive a body into memory if it is small and there is room, else to disk: no connection waits for memory."""
    size = answer.length or IN_MEMORY
    body = None
    async with aclosing(answer.chunks()) as chunks:
        if size > IN_MEMORY or not memory.take(size):
            return await _to_disk(answer, part, chunks)
        try:
            start, complete = await _start(chunks)
            body = b"".join(start) if complete else None
        finally:
            memory.keep(len(body or b""))
        if body is None:
            return await _to_disk(answer, part, _joined(start, chunks))
    return _received(answer, len(body), body=body)


async def _start(chunks: AsyncIterator[bytes]) -> tuple[list[bytes], bool]:
    """Return the first chunks, up to about IN_MEMORY bytes, and whether they are the whole body."""
    start: list[bytes] = []
    size = 0
    async for chunk in chunks:
        start.append(chunk)
        size += len(chunk)
        if size > IN_MEMORY:
            return start, False
    return start, True


async def _joined(start: list[bytes], rest: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    for chunk in start:
        yield chunk
    start.clear()
    async for chunk in rest:
        yield chunk


async def _to_disk(answer: Answer, part: Path, chunks: AsyncIterator[bytes]) -> Received:
    resume.begin(part, answer)
    digest = hashlib.sha256()
    size = await stream(part, _hashed(chunks, digest))
    return _received(answer, size, path=part, sha256=digest.hexdigest())


async def _rest(answer: Answer, part: Path, begun: resume.Part, workers: Workers) -> Received:
    total = resume.total_of(answer, begun)
    digest = await workers.run(_digest_of, part)
    async with aclosing(answer.chunks()) as chunks:
        size = begun.have + await stream(part, _hashed(chunks, digest), append=True)
    if size != total:
        raise resume.wrong(answer, f"{size:,} bytes came of {total:,}")
    return _received(answer, size, path=part, sha256=digest.hexdigest())


async def _hashed(chunks: AsyncIterator[bytes], digest: hashlib._Hash) -> AsyncGenerator[bytes, None]:
    async for chunk in chunks:
        digest.update(chunk)
        yield chunk


def _digest_of(part: Path) -> hashlib._Hash:
    digest = hashlib.sha256()
    with stated(part), part.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest


def _received(
    answer: Answer, size: int, *, body: bytes | None = None, path: Path | None = None, sha256: str | None = None
) -> Received:
    known = answer.validators
    return Received(
        url=answer.url,
        final_url=answer.final_url,
        status=answer.status,
        size=size,
        body=body,
        path=str(path) if path is not None else None,
        sha256=sha256,
        type=answer.headers.get("Content-Type"),
        etag=known.etag,
        last_modified=known.last_modified,
        fetched_at=answer.fetched_at,
    )

"""Going on where a large transfer broke off, and starting again where that would mix two files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from harvester.web import Web
from harvester.workers import Workers
from tests.support import faults
from tests.support.fetching import body_of, failure, fetch, fetch_with, left_in, local
from tests.support.servers import Answered, Reply, Seen, Site

LARGE = bytes(range(256)) * 12_000
CHANGED = bytes(reversed(range(256))) * 12_000
TAG = {"ETag": '"v1"'}
OLD = {"Last-Modified": "Tue, 03 Jun 2025 10:00:00 GMT", "Date": "Tue, 03 Jun 2025 12:00:00 GMT"}
HALF = len(LARGE) // 2


def broken(headers: dict[str, str]) -> Answered:
    """Announce the whole file and send half of it."""
    fields = "\r\n".join(f"{name}: {value}" for name, value in headers.items())
    return faults.headed(f"Content-Length: {len(LARGE)}\r\n{fields}", LARGE[:HALF])


def asked_ranges(site: Site) -> list[str | None]:
    return [seen.headers.get("range") for seen in site.requests]


@pytest.mark.parametrize("validator", [TAG, OLD], ids=["ETag", "Last-Modified"])
async def test_a_broken_transfer_goes_on_where_it_stopped(validator: dict[str, str], tmp_path: Path) -> None:
    rest = faults.ranged(LARGE, next(iter(validator.values())))

    def answer(seen: Seen) -> Answered:
        return rest(seen) if "range" in seen.headers else broken(validator)

    with Site({"/a.jpg": answer}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert body_of(result) == LARGE
    assert not isinstance(result, Exception)
    assert result[0].sha256 == hashlib.sha256(LARGE).hexdigest()
    assert result[0].size == len(LARGE)
    assert len(site.requests) == 2
    assert (asked_ranges(site)[1] or "").startswith("bytes=")
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("validator", [{}, {"ETag": 'W/"v1"'}], ids=["none", "weak"])
async def test_without_a_strong_validator_it_starts_again(validator: dict[str, str], tmp_path: Path) -> None:
    with Site({"/a.jpg": faults.once(broken(validator), Reply(LARGE))}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert body_of(result) == LARGE
    assert asked_ranges(site) == [None, None]


async def test_a_later_run_goes_on_with_the_part_of_an_earlier_one(tmp_path: Path) -> None:
    with Site({"/a.jpg": broken(TAG)}) as site:
        earlier = await fetch(f"{site.url}/a.jpg", tmp_path, retries=0)
        kept = left_in(tmp_path)
        site.routes["/a.jpg"] = faults.ranged(LARGE)
        later = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert failure(earlier) == "truncated"
    assert kept == ["asset.part", "asset.part.json"]
    assert body_of(later) == LARGE
    assert len(site.requests) == 2


SURPRISES: dict[str, Answered] = {
    "the file has changed": Reply(CHANGED, headers={"ETag": '"v2"'}),
    "ranges are ignored": Reply(CHANGED, headers=TAG),
}


@pytest.mark.parametrize("surprise", SURPRISES)
async def test_a_whole_file_in_answer_to_a_range_replaces_the_part(surprise: str, tmp_path: Path) -> None:
    with Site({"/a.jpg": faults.once(broken(TAG), SURPRISES[surprise])}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert body_of(result) == CHANGED
    assert len(site.requests) == 2


REFUSALS: dict[str, Answered] = {
    "416": Reply(status=416, headers={"Content-Range": f"bytes */{HALF}"}),
    "another range": Reply(LARGE[:1000], status=206, headers={"Content-Range": f"bytes 0-999/{len(LARGE)}"}),
    "another size": Reply(LARGE[HALF:], status=206, headers={"Content-Range": f"bytes {HALF}-{HALF + 9}/{HALF + 10}"}),
    "no range": Reply(LARGE[HALF:], status=206),
    "less than it says": Reply(
        LARGE[HALF:-9], status=206, headers={"Content-Range": f"bytes {HALF}-{len(LARGE) - 1}/{len(LARGE)}"}
    ),
    "nonsense": Reply(LARGE[HALF:], status=206, headers={"Content-Range": "bytes a-b/c"}),
}


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_another_range_than_asked_for_starts_again_from_nothing(refusal: str, tmp_path: Path) -> None:
    answers = faults.in_turn(broken(TAG), REFUSALS[refusal], Reply(LARGE, headers=TAG))
    with Site({"/a.jpg": answers}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert body_of(result) == LARGE
    assert len(site.requests) == 3
    assert asked_ranges(site)[2] is None


@pytest.mark.parametrize(
    ("was", "now"), [(TAG, {"ETag": '"v2"'}), (OLD, {"Last-Modified": "Tue, 03 Jun 2025 11:00:00 GMT"})]
)
async def test_the_rest_of_a_changed_file_is_not_joined_to_the_part_of_the_old_one(
    was: dict[str, str], now: dict[str, str], tmp_path: Path
) -> None:
    def answer(seen: Seen) -> Answered:
        if len(site.requests) == 1:
            return broken(was)
        if "range" not in seen.headers:
            return Reply(CHANGED, headers=now)
        start = int(seen.headers["range"].removeprefix("bytes=").rstrip("-"))  # and If-Range is not heard
        field = f"bytes {start}-{len(CHANGED) - 1}/{len(CHANGED)}"
        return Reply(CHANGED[start:], status=206, headers={"Content-Range": field, **now})

    with Site({"/a.jpg": answer}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert body_of(result) == CHANGED
    assert len(site.requests) == 3


async def test_the_part_of_another_url_is_not_gone_on_with(tmp_path: Path) -> None:
    with Site({"/a.jpg": broken(TAG), "/b.jpg": faults.ranged(CHANGED)}) as site:
        await fetch(f"{site.url}/a.jpg", tmp_path, retries=0)
        other = await fetch(f"{site.url}/b.jpg", tmp_path)

    assert body_of(other) == CHANGED
    assert asked_ranges(site) == [None, None]


async def test_a_note_that_cannot_be_read_starts_again(tmp_path: Path) -> None:
    (tmp_path / "asset.part").write_bytes(b"left over")
    (tmp_path / "asset.part.json").write_bytes(b"{half a no")
    with Site({"/a.jpg": faults.ranged(LARGE)}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert body_of(result) == LARGE
    assert asked_ranges(site) == [None]


async def test_the_rest_may_break_off_too(tmp_path: Path) -> None:
    def answer(seen: Seen) -> Answered:
        if len(site.requests) == 1:
            return broken(TAG)
        start = int(seen.headers["range"].removeprefix("bytes=").rstrip("-"))
        if len(site.requests) == 2:
            fields = (
                f"Content-Range: bytes {start}-{len(LARGE) - 1}/{len(LARGE)}\r\nContent-Length: {len(LARGE) - start}"
            )
            return faults.headed(fields, LARGE[start : start + 1000], status="HTTP/1.1 206 Partial Content")
        return rest(seen)

    rest = faults.ranged(LARGE)
    with Site({"/a.jpg": answer}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert body_of(result) == LARGE
    assert len(site.requests) == 3


async def test_what_is_not_taken_from_the_part_is_removed(tmp_path: Path) -> None:
    settings = local()
    with Site({"/a.jpg": Reply(LARGE, headers=TAG)}) as site:
        async with Web(settings) as web, Workers() as workers:
            await fetch_with(web, f"{site.url}/a.jpg", tmp_path / "asset.part", settings, workers)

    assert left_in(tmp_path) == []

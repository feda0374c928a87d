"""What breaks while a body is on its way: every case of a bad transfer, and what becomes of it."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest

from harvester.web.body import Inflater
from tests.support import faults
from tests.support.fetching import body_of, failure, fetch, left_in
from tests.support.servers import Answered, Reply, Seen, Site

SMALL = bytes(range(256)) * 40
LARGE = bytes(range(256)) * 12_000  # 3 MB: more than is kept in memory
GZIPPED = gzip.compress(SMALL)
MEMBERS = gzip.compress(SMALL[:100]) + gzip.compress(SMALL[100:])
OK = b"HTTP/1.1 200 OK\r\n"


BROKEN: dict[str, tuple[Answered, str, int]] = {
    # what the server does: its answer, the code of the failure, how often it is asked
    "closes in mid-body": (faults.closed_in_mid_body(SMALL), "truncated", 4),
    "resets in mid-body": (faults.reset_in_mid_body(SMALL), "truncated", 4),
    "closes before the headers": (faults.closed_before_the_headers(), "closed", 4),
    "closes inside the headers": (faults.closed_inside_the_headers(), "closed", 4),
    "announces more than it sends": (faults.headed("Content-Length: 20000", SMALL), "truncated", 4),
    "announces less than it sends": (faults.headed("Content-Length: 100", SMALL), "protocol", 1),
    "leaves out the terminal chunk": (faults.chunked(SMALL, end=b""), "truncated", 4),
    "breaks a chunk off": (faults.chunked(SMALL, end=b"ff\r\nabc"), "truncated", 4),
    "sends garbage between chunks": (faults.chunked(SMALL, end=b"zz\r\n\r\n"), "protocol", 1),
    "announces 10 TB": (faults.headed("Content-Length: 10000000000000", SMALL), "too_large", 1),
    "never ends": (faults.endless(), "too_large", 1),
    "never ends in chunks": (faults.endless("Content-Type: image/png\r\nConnection: close"), "too_large", 1),
    "sends a gzip bomb": (faults.bomb(60_000_000), "too_large", 1),
    "goes on behind a gzip stream": (faults.endless("Content-Encoding: gzip", GZIPPED), "too_large", 1),
    "cuts a gzip stream": (Reply(GZIPPED[:-20], headers={"Content-Encoding": "gzip"}), "truncated", 4),
    "damages a gzip stream": (Reply(b"\x1f\x8b" + SMALL, headers={"Content-Encoding": "gzip"}), "content_encoding", 1),
    "encodes in its own way": (Reply(SMALL, headers={"Content-Encoding": "x-secret"}), "content_encoding", 1),
    "sends an empty 200": (Reply(b""), "empty", 1),
    "sends an empty chunked 200": (faults.chunked(), "empty", 1),
    "sends 204": (Reply(status=204), "empty", 1),
    "sends 304 unasked": (Reply(status=304), "http_304", 1),
    "sends 206 unasked": (Reply(SMALL, status=206, headers={"Content-Range": "bytes 0-9/10"}), "http_206", 1),
    "speaks HTTP/0.9": (faults.written(SMALL), "protocol", 1),
    "speaks something else": (faults.written(b"SSH-2.0-OpenSSH_9.2\r\n"), "protocol", 1),
}


@pytest.mark.parametrize("fault", BROKEN)
async def test_a_broken_transfer_is_an_error_and_leaves_nothing(fault: str, tmp_path: Path) -> None:
    answer, code, asked = BROKEN[fault]
    with Site({"/a.jpg": answer}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path, max_image_bytes=20_000_000)

    assert failure(result) == code
    assert len(site.asked("/a.jpg")) == asked
    assert left_in(tmp_path) == []


HEALED: dict[str, Answered] = {
    "closes in mid-body": faults.closed_in_mid_body(SMALL),
    "resets in mid-body": faults.reset_in_mid_body(SMALL),
    "closes before the headers": faults.closed_before_the_headers(),
    "leaves out the terminal chunk": faults.chunked(SMALL, end=b""),
    "cuts a gzip stream": Reply(GZIPPED[:-20], headers={"Content-Encoding": "gzip"}),
    "answers 500": Reply(status=500),
}


@pytest.mark.parametrize("fault", HEALED)
async def test_what_breaks_once_is_healed_by_a_second_try(fault: str, tmp_path: Path) -> None:
    with Site({"/a.jpg": faults.once(HEALED[fault], Reply(SMALL))}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert body_of(result) == SMALL
    assert len(site.asked("/a.jpg")) == 2


WHOLE: dict[str, tuple[Answered, bytes]] = {
    "has a length": (Reply(SMALL), SMALL),
    "is chunked": (faults.chunked(SMALL[:100], SMALL[100:]), SMALL),
    "ends with the connection": (faults.headed("Content-Type: image/jpeg", SMALL), SMALL),
    "is HTTP/1.0 without a length": (faults.headed("Server: old", SMALL, status="HTTP/1.0 200 OK"), SMALL),
    "is gzipped unasked": (Reply(GZIPPED, headers={"Content-Encoding": "gzip"}), SMALL),
    "is gzipped in two members": (Reply(MEMBERS, headers={"Content-Encoding": "gzip"}), SMALL),
    "has junk behind its gzip stream": (Reply(GZIPPED + b"\0junk", headers={"Content-Encoding": "gzip"}), SMALL),
    "is deflated": (Reply(zlib.compress(SMALL), headers={"Content-Encoding": "deflate"}), SMALL),
    "is deflated without a header": (Reply(zlib.compress(SMALL)[2:-4], headers={"Content-Encoding": "deflate"}), SMALL),
    "says that it is not encoded": (Reply(SMALL, headers={"Content-Encoding": "identity"}), SMALL),
    "is large": (Reply(LARGE), LARGE),
    "is large and chunked": (faults.chunked(LARGE[:5], LARGE[5:]), LARGE),
}


@pytest.mark.parametrize("body", WHOLE)
async def test_a_whole_body_arrives_byte_for_byte(body: str, tmp_path: Path) -> None:
    answer, expected = WHOLE[body]
    with Site({"/a.jpg": answer}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert body_of(result) == expected
    assert left_in(tmp_path) == []


SLOW: dict[str, tuple[Answered, str, int]] = {
    "headers that trickle": (faults.trickled(b"HTTP/1.1 200 OK\r\n", b"X-Slow: " + b"s" * 500), "timeout", 1),
    "a body that trickles": (faults.trickled(OK + b"Content-Length: 500\r\n\r\n", bytes(500)), "too_slow", 1),
    "silence instead of an answer": (faults.silent_after(b""), "silent", 2),
    "silence in the body": (faults.silent_after(OK + b"Content-Length: 500\r\n\r\nabc"), "silent", 2),
}


@pytest.mark.parametrize("fault", SLOW)
async def test_what_is_too_slow_has_an_end(fault: str, tmp_path: Path) -> None:
    answer, code, asked = SLOW[fault]
    with Site({"/a.jpg": answer}) as site:
        result = await fetch(
            f"{site.url}/a.jpg", tmp_path, connect_timeout=0.1, read_timeout=0.3, timeout=2.0, min_rate=1_000
        )

    assert failure(result) == code
    assert len(site.asked("/a.jpg")) == asked
    assert left_in(tmp_path) == []


async def test_a_transfer_has_a_total_deadline(tmp_path: Path) -> None:
    endless = faults.trickled(OK + b"Content-Length: 5000\r\n\r\n", bytes(5000))
    with Site({"/a.jpg": endless}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path, timeout=0.2)

    assert failure(result) == "timeout"


async def test_a_slow_but_steady_transfer_is_let_through(tmp_path: Path) -> None:
    steady = faults.trickled(OK + b"Content-Length: 20\r\n\r\n", b"just in time for all")
    with Site({"/a.jpg": steady}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path, read_timeout=0.25, min_rate=10)

    assert body_of(result) == b"just in time for all"


async def test_a_port_that_nobody_listens_on_is_told(tmp_path: Path) -> None:
    with Site() as site:
        url = f"{site.url}/a.jpg"
    result = await fetch(url, tmp_path)

    assert failure(result) == "refused"


async def test_a_name_that_does_not_exist_is_told(tmp_path: Path) -> None:
    result = await fetch("http://no-such-name.invalid/a.jpg", tmp_path, retries=0)

    assert failure(result) == "dns"


async def test_each_try_starts_with_an_empty_part(tmp_path: Path) -> None:
    def answer(seen: Seen) -> Answered:
        return faults.closed_in_mid_body(LARGE) if len(site.requests) == 1 else Reply(LARGE)

    with Site({"/a.jpg": answer}) as site:
        result = await fetch(f"{site.url}/a.jpg", tmp_path)

    assert body_of(result) == LARGE


@pytest.mark.parametrize("cut", [1, 20, len(GZIPPED), len(MEMBERS) // 2])
def test_members_are_found_wherever_the_stream_is_cut(cut: int) -> None:
    inflater = Inflater("http://a.example/", 31)
    pieces = [*inflater.decoded(MEMBERS[:cut]), *inflater.decoded(MEMBERS[cut:])]
    inflater.end()

    assert b"".join(pieces) == SMALL

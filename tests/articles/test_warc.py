"""Archives: what is in them is read whatever it is called, and no record takes more memory than a record may."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import cycle
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from harvester.articles.sources.recognise import kind_of
from harvester.articles.sources.warc import responses
from harvester.articles.sources.warc_records import MOST_HEADERS, body_of
from harvester.errors import SourceError
from tests.support.command import harvester
from tests.support.memory import measured

linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
PAGE = b"<!doctype html><title>Storm ends</title><article><h1>Storm ends</h1><p>Boats sail again.</article>"
HUGE = 150_000_000
randbytes = Random(1).randbytes


def record(url: str, block: bytes, *, more: bytes = b"", kind: bytes = b"response") -> bytes:
    """Write a record, as it stands in an archive that is not compressed."""
    head = b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\n" % (kind, url.encode())
    return head + more + b"Content-Length: %d\r\n\r\n" % len(block) + block + b"\r\n\r\n"


def answer(body: bytes, fields: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + fields + b"\r\n" + body


def zeros(size: int, before: bytes = b"", after: bytes = b"", filling: bytes = b"a") -> Iterator[bytes]:
    yield before
    for _ in range(size // 1_000_000):
        yield filling * 1_000_000
    yield after


def squeezed(parts: Iterator[bytes]) -> bytes:
    packing = zlib.compressobj(1, wbits=31)
    return b"".join(map(packing.compress, parts)) + packing.flush()


def opening(url: str, length: int) -> bytes:
    return b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\nContent-Length: %d\r\n\r\n" % (
        url.encode(),
        length,
    )


LARGE = "https://port.example/large"
GOOD = "https://port.example/2026/03/storm"


def huge_body() -> bytes:
    head = answer(b"")
    return squeezed(zeros(HUGE, opening(LARGE, len(head) + HUGE) + head, b"\r\n\r\n"))


def huge_encoded_body() -> bytes:
    block = answer(squeezed(zeros(HUGE)), b"Content-Encoding: gzip\r\n")
    return gzip.compress(record(LARGE, block))


def huge_encoded_chunk() -> bytes:
    body = squeezed(zeros(HUGE))
    chunked = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    fields = b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
    return gzip.compress(record(LARGE, answer(chunked, fields)))


def huge_http_header() -> bytes:
    head = b"HTTP/1.1 200 OK\r\nX-Long: "
    return squeezed(zeros(HUGE, opening(LARGE, len(head) + HUGE + 4) + head, b"\r\n\r\n\r\n\r\n"))


def huge_warc_header() -> bytes:
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://port.example/"
    return squeezed(zeros(HUGE, head, b"\r\nContent-Length: 0\r\n\r\n\r\n\r\n"))


def many_warc_headers() -> bytes:
    head = opening(LARGE, 0).removesuffix(b"\r\n")
    return squeezed(zeros(HUGE // 8, head, b"\r\n\r\n\r\n", b"X-A: 1\r\n"))


def blank_lines() -> bytes:
    return squeezed(zeros(HUGE // 2, record(GOOD + "-0", answer(PAGE)), filling=b"\r\n"))


def tiny_chunks() -> bytes:
    fields = b"Transfer-Encoding: chunked\r\n"
    return gzip.compress(record(LARGE, answer(b"1\r\na\r\n" * 10_000_000, fields)), 1)


MAKERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "body": (huge_body, "larger than"),
    "encoded body": (huge_encoded_body, "larger than"),
    "encoded chunk": (huge_encoded_chunk, "larger than"),
    "http header": (huge_http_header, "headers"),
    "warc header": (huge_warc_header, "headers"),
    "warc headers": (many_warc_headers, "headers"),
    "chunks": (tiny_chunks, "chunks"),
    "blank lines": (blank_lines, ""),
}


@linux
@pytest.mark.slow
@pytest.mark.parametrize("name", MAKERS)
def test_a_record_of_huge_size_costs_itself_and_little_memory(name: str, tmp_path: Path) -> None:
    make, told = MAKERS[name]
    good = gzip.compress(record(GOOD, answer(PAGE)))
    (tmp_path / "crawl.warc.gz").write_bytes(make() + good)

    status, said, peak = measured("harvest", "crawl.warc.gz", cwd=tmp_path)

    assert status == (3 if told else 0)
    assert told in said
    assert "Storm ends" in said
    assert len(list(tmp_path.glob("downloads/**/manifest.json"))) == (1 if told else 2)
    assert peak < 300


@pytest.mark.parametrize("large", [b"X-Long: " + b"a" * MOST_HEADERS, b"X-A: 1\r\n" * MOST_HEADERS], ids=len)
@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("where", ["warc", "http"])
def test_headers_that_are_too_large_cost_their_record_only(
    large: bytes, packed: bool, where: str, tmp_path: Path
) -> None:
    large = large.rstrip() + b"\r\n"
    bad = record(LARGE, answer(PAGE), more=large) if where == "warc" else record(LARGE, answer(PAGE, large))
    records = [bad, record(GOOD, answer(PAGE))]
    file = tmp_path / "crawl"
    file.write_bytes(b"".join(map(gzip.compress, records) if packed else records))

    told, place = responses(file)

    assert isinstance(told, SourceError)
    assert "headers" in told.message
    assert LARGE in told.message
    assert not isinstance(place, SourceError)
    assert (place.url, place.status) == (GOOD, 200)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("name", ["crawl.warc.gz", "crawl", "page.html", "archive.tar", "feed.xml"])
def test_an_archive_is_one_whatever_its_first_record_holds_and_it_is_called(
    name: str, packed: bool, tmp_path: Path
) -> None:
    raw = record("https://port.example/a.png", answer(b"\x89PNG\0\0\0\r" * 30), more=b"X: 1\r\n")
    (tmp_path / name).write_bytes(gzip.compress(raw) if packed else raw)

    assert kind_of(tmp_path / name) == "warc"


def test_an_archive_with_zeros_at_its_beginning_is_harvested(tmp_path: Path) -> None:
    picture = record("https://port.example/a.png", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + b"\0" * 900)
    (tmp_path / "crawl").write_bytes(picture + record(GOOD, answer(PAGE)))

    done = harvester("harvest", "crawl", cwd=tmp_path)

    assert (done.returncode, len(list(tmp_path.glob("downloads/**/manifest.json")))) == (0, 1)


def test_what_stands_between_records_reaches_no_terminal(tmp_path: Path) -> None:
    (tmp_path / "crawl").write_bytes(record(GOOD, answer(PAGE)) + b"\x1b[31mred\r\n\r\n" + record(LARGE, answer(PAGE)))

    done = harvester("harvest", "crawl", cwd=tmp_path)

    assert "\x1b" not in done.stderr


def test_a_damaged_archive_is_told_and_what_stands_before_is_read(tmp_path: Path) -> None:
    records = [gzip.compress(record(f"{GOOD}-{n}", answer(PAGE + randbytes(50_000)))) for n in range(3)]
    spoilt = bytearray(records[1])
    spoilt[30_000:30_100] = bytes(100)
    (tmp_path / "crawl").write_bytes(records[0] + spoilt + records[2])

    done = harvester("harvest", "crawl", cwd=tmp_path)

    assert done.returncode == 3
    assert "a broken WARC" in done.stderr
    assert "Traceback" not in done.stderr


@given(body=some.binary(max_size=2_000), sizes=some.lists(some.integers(1, 400), min_size=1))
def test_a_body_is_the_same_whatever_chunks_it_came_in(body: bytes, sizes: list[int]) -> None:
    chunked, left = b"", body
    for size in cycle(sizes):
        if not left:
            break
        piece, left = left[:size], left[size:]
        chunked += b"%X;ext=1\r\n%s\r\n" % (len(piece), piece)

    assert b"".join(body_of(BytesIO(chunked + b"0\r\n\r\n"), chunked=True)) == body
    assert b"".join(body_of(BytesIO(body), chunked=False)) == body


@pytest.mark.parametrize("body", [b"<p>no chunks</p>\n<p>more", b"", b"zz\r\nrest", b"<p>" * 100_000])
def test_a_body_without_the_chunks_it_is_said_to_have_is_given_as_it_is(body: bytes) -> None:
    assert b"".join(body_of(BytesIO(body), chunked=True)) == body


def test_a_body_that_was_recorded_decoded_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "crawl").write_bytes(record(GOOD, answer(PAGE, b"Content-Encoding: gzip\r\n")))

    assert harvester("harvest", "crawl", cwd=tmp_path).returncode == 0

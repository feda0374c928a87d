"""Every fault on the whole path: an article with two good pictures and one thing that is wrong.

Whatever it is, the good pictures are complete, the faulty one stands in the manifest with its error, no half file is
visible, and the run has an end and the documented exit status.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import time
import tracemalloc
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harvester import config
from harvester.runs.batch import harvest
from harvester.runs.report import Report
from tests.support import faults
from tests.support.command import harvester
from tests.support.fetching import local
from tests.support.pictures import photo, saved
from tests.support.servers import Answered, Reply, Route, Site

FIRST = saved(photo((400, 300), 1), "JPEG", quality=85)
SECOND = saved(photo((320, 240), 2), "PNG")
THIRD = saved(photo((400, 300), 3), "JPEG", quality=85)
MANY_BYTES = 30_000_000
WORDS = "<p>" + "A story needs words around its pictures. " * 20


def page(third: str = '<img src="/third.jpg" width="400" height="300">') -> str:
    pictures = f'<img src="/first.jpg" width="400" height="300">{WORDS}{third}{WORDS}<img src="/second.png">'
    return f"<!doctype html><title>A story</title><article><h1>A story</h1>{WORDS}{pictures}</article>"


def site_with(third: Route, **more: Route) -> Site:
    routes: dict[str, Route] = {
        "/story": page(),
        "/first.jpg": Reply(FIRST, "image/jpeg"),
        "/second.png": Reply(SECOND, "image/png"),
        "/third.jpg": third,
    }
    return Site(routes | more)


async def run(url: str, output: Path, **web: Any) -> Report:
    """Harvest one article; it must not take ten seconds."""
    settings = config.Config(
        web=local(**({"max_image_bytes": MANY_BYTES} | web)),
        choice=config.Choice(upgrade=False),
        videos=config.Videos(download=False),
        thumbnails=config.Thumbnails(widths=(120,)),
    )
    async with asyncio.timeout(10):
        return await harvest([url], settings, output=output)


def manifest_of(output: Path) -> dict[str, Any]:
    (path,) = [path for path in output.rglob("manifest.json") if ".harvester" not in path.parts]
    result: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    return result


def check_disk(output: Path) -> set[str]:
    """Look at every file that a person can see; gives the digests of the originals."""
    seen = [path for path in output.rglob("*") if path.is_file() and ".harvester" not in path.parts]
    named = {"manifest.json"}
    manifest = manifest_of(output)
    for image in manifest["images"]:
        named |= {image["file"]["path"]} if image["file"] else set()
        named |= {thumbnail["path"] for thumbnail in image["thumbnails"]}
    folder = next(path for path in seen if path.name == "manifest.json").parent
    assert {str(path.relative_to(folder)) for path in seen} == named
    assert all(path.stat().st_size for path in seen)
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in seen if path.parent.name == "images"}


def digests(*pictures: bytes) -> set[str]:
    return {hashlib.sha256(picture).hexdigest() for picture in pictures}


def statuses(manifest: dict[str, Any]) -> dict[str, str]:
    """What became of each picture, by the last part of its URL."""
    return {
        image["variants"][0]["url"].rpartition("/")[2]: image["error"]["code"] if image["error"] else image["status"]
        for image in manifest["images"]
    }


HTML = "<!doctype html><title>Not found</title><p>This picture has moved."
OK = b"HTTP/1.1 200 OK\r\n"

FAULTS: dict[str, tuple[Answered, str, int]] = {
    # what the server does: its answer, what is told of it, how often it is asked at most
    "closes in mid-body": (faults.closed_in_mid_body(THIRD), "truncated", 4),
    "resets in mid-body": (faults.reset_in_mid_body(THIRD), "truncated", 4),
    "closes before the headers": (faults.closed_before_the_headers(), "closed", 4),
    "announces too much": (faults.headed(f"Content-Length: {len(THIRD) + 9}", THIRD), "truncated", 4),
    "leaves out the last chunk": (faults.chunked(THIRD, end=b""), "truncated", 4),
    "trickles headers": (faults.trickled(OK, b"X: " + b"x" * 500), "timeout", 1),
    "trickles a body": (faults.trickled(OK + b"Content-Length: 900\r\n\r\n", bytes(900)), "too_slow", 1),
    "says nothing": (faults.silent_after(b""), "silent", 2),
    "never ends": (faults.endless(), "too_large", 1),
    "announces 10 TB": (faults.headed("Content-Length: 10000000000000", THIRD), "too_large", 1),
    "sends a bomb": (faults.bomb(200_000_000), "too_large", 1),
    "cuts its gzip": (Reply(gzip.compress(THIRD)[:-9], headers={"Content-Encoding": "gzip"}), "truncated", 4),
    "encodes in secret": (Reply(THIRD, headers={"Content-Encoding": "x-own"}), "content_encoding", 1),
    "sends nothing": (Reply(b""), "empty", 1),
    "sends 204": (Reply(status=204), "empty", 1),
    "sends 304": (Reply(status=304), "http_304", 1),
    "sends 206": (Reply(THIRD[:99], status=206), "http_206", 1),
    "speaks HTTP/0.9": (faults.written(THIRD), "protocol", 1),
    "says 404 with a picture": (Reply(THIRD, "image/jpeg", 404), "http_404", 1),
    "says 410": (Reply(status=410), "http_410", 1),
    "storms": (Reply(status=503), "http_503", 4),
    "asks for a day": (Reply(status=429, headers={"Retry-After": "86400"}), "postponed", 1),
    "has a 1 MB header": (faults.headed(f"X: {'x' * 2**20}\r\nContent-Length: {len(THIRD)}", THIRD), "protocol", 1),
    "smuggles": (faults.headed("Content-Length: 5\r\nContent-Length: 6", THIRD), "protocol", 1),
    "redirects to itself": (Reply(status=302, headers={"Location": "/third.jpg"}), "redirects", 1),
    "redirects to a file": (Reply(status=302, headers={"Location": "file:///etc/passwd"}), "redirects", 1),
    "redirects inside": (Reply(status=302, headers={"Location": "http://169.254.169.254/"}), "blocked_address", 1),
    "sends a page": (Reply(HTML.encode(), "image/jpeg"), "not_a_picture", 1),
    "cuts the picture": (Reply(THIRD[:-5_000], "image/jpeg"), "truncated", 1),
    "sends one pixel": (Reply(saved(photo((1, 1)), "PNG"), "image/png"), "placeholder", 1),
}


def patience(code: str) -> dict[str, Any]:
    """Wait briefly where waiting is what is tried."""
    slow = code in ("timeout", "too_slow", "silent")
    return {"connect_timeout": 0.3, "read_timeout": 0.3, "min_rate": 1_000} if slow else {}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_faulty_picture_costs_only_itself(fault: str, tmp_path: Path) -> None:
    answer, code, most = FAULTS[fault]
    with site_with(Reply(THIRD) if code == "postponed" else answer) as site:
        if code == "postponed":  # a whole host is: so it has to be another one than the good pictures'
            with Site({"/third.jpg": answer}) as busy:
                site.routes["/story"] = page(f'<img src="{busy.url}/third.jpg" width="400" height="300">')
                report = await run(f"{site.url}/story", tmp_path)
                asked = len(busy.requests)
        else:
            report = await run(f"{site.url}/story", tmp_path, **patience(code))
            asked = len(site.asked("/third.jpg"))

    manifest = manifest_of(tmp_path)
    assert statuses(manifest) == {"first.jpg": "saved", "third.jpg": code, "second.png": "saved"}
    assert check_disk(tmp_path) == digests(FIRST, SECOND)
    assert report.exit_status() == 3
    assert asked <= most


HARMLESS: dict[str, Route] = {
    "closes in mid-body once": faults.once(faults.closed_in_mid_body(THIRD), Reply(THIRD)),
    "is busy once": faults.once(Reply(status=503), Reply(THIRD)),
    "has no Content-Type": faults.headed(f"Content-Length: {len(THIRD)}", THIRD),
    "labels it as a page": Reply(THIRD, "text/html"),
    "labels it as another picture": Reply(THIRD, "image/gif"),
    "is HTTP/1.0": faults.headed("Server: old", THIRD, status="HTTP/1.0 200 OK"),
    "hints a thousand times": faults.written(
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1_000 + OK + f"Content-Length: {len(THIRD)}\r\n\r\n".encode() + THIRD
    ),
    "wants another name": Reply(THIRD, headers={"Content-Disposition": 'inline; filename="../../etc/cron.d/x"'}),
}


@pytest.mark.parametrize("oddity", HARMLESS)
async def test_what_is_merely_odd_is_harvested(oddity: str, tmp_path: Path) -> None:
    with site_with(HARMLESS[oddity]) as site:
        report = await run(f"{site.url}/story", tmp_path)

    assert check_disk(tmp_path) == digests(FIRST, SECOND, THIRD)
    assert report.exit_status() == 0


PAGES: dict[str, tuple[Route, str]] = {
    "404": (Reply(page().encode(), "text/html", 404), "http_404"),
    "500": (Reply(status=500), "http_500"),
    "a trickle": (faults.trickled(OK + b"Content-Length: 900\r\n\r\n", bytes(900)), "too_slow"),
    "without an end": (faults.endless("Content-Type: text/html"), "too_large"),
    "a bomb": (faults.bomb(100_000_000), "too_large"),
    "half": (faults.closed_in_mid_body(page().encode()), "truncated"),
    "elsewhere for ever": (Reply(status=301, headers={"Location": "/story"}), "redirects"),
}


@pytest.mark.parametrize("kind", PAGES)
async def test_a_page_that_cannot_be_had_is_told(kind: str, tmp_path: Path) -> None:
    answer, code = PAGES[kind]
    with site_with(THIRD) as site:
        site.routes["/story"] = answer
        report = await run(f"{site.url}/story", tmp_path, **patience(code))

    assert [failure.code for failure in report.failures] == [code]
    assert report.exit_status() == 4
    assert [path for path in tmp_path.rglob("*") if path.is_file() and ".harvester" not in path.parts] == []


async def test_the_next_rendition_is_taken_when_the_best_one_is_gone(tmp_path: Path) -> None:
    srcset = '<img srcset="/gone.jpg 800w, /third.jpg 400w" src="/third.jpg">'
    with site_with(THIRD) as site:
        site.routes["/story"] = page(srcset)
        report = await run(f"{site.url}/story", tmp_path)

    assert check_disk(tmp_path) == digests(FIRST, SECOND, THIRD)
    assert site.asked("/gone.jpg") == ["/gone.jpg"]
    assert report.exit_status() == 0


async def test_a_second_run_asks_only_for_what_failed(tmp_path: Path) -> None:
    with site_with(faults.in_turn(*[Reply(status=502)] * 4, Reply(THIRD))) as site:
        first = await run(f"{site.url}/story", tmp_path)
        asked = len(site.requests)
        second = await run(f"{site.url}/story", tmp_path)
        again = [seen.target for seen in site.requests[asked:]]

    assert (first.exit_status(), second.exit_status()) == (3, 0)
    assert set(again) <= {"/story", "/third.jpg"}
    assert check_disk(tmp_path) == digests(FIRST, SECOND, THIRD)


async def test_faults_take_neither_time_nor_memory(tmp_path: Path) -> None:
    tracemalloc.start()
    began = time.monotonic()
    with site_with(faults.endless()) as site:
        await run(f"{site.url}/story", tmp_path, max_image_bytes=100_000_000)
    took = time.monotonic() - began
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert took < 15
    assert peak < 40_000_000


async def test_secrets_are_written_nowhere(tmp_path: Path) -> None:
    secret = "Zw3xT0pSecret"
    cookies = tmp_path / "cookies.txt"
    cookies.write_text(f"# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t{secret}\n")
    output = tmp_path / "out"
    with site_with(Reply(status=404)) as site:
        headers = {site.authority: {"X-Token": secret}}
        url = f"http://reader:{secret}@{site.authority}/story"
        await run(url, output, headers=headers, cookies=str(cookies))

    assert site.requests[0].headers["cookie"] == f"session={secret}"
    written = [path for path in output.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    assert written == []


def test_the_command_leaves_nothing_in_the_temporary_folder_and_shows_no_traceback(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text('[web]\nallow_networks = ["127.0.0.0/8"]\nrobots = false\nbackoff = 0.01\nretries = 1\n')
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with site_with(faults.closed_in_mid_body(THIRD * 20)) as site:
        told = harvester(
            "harvest", f"{site.url}/story", "-c", settings, "-o", tmp_path / "out", "--no-video", TMPDIR=str(temporary)
        )

    assert told.returncode == 3
    assert "Traceback" not in told.stderr
    assert list(temporary.iterdir()) == []
    assert check_disk(tmp_path / "out") == digests(FIRST, SECOND)


async def test_forged_addresses_in_a_page_are_not_asked(tmp_path: Path) -> None:
    forged = [
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data/a.jpg",
        "http://[::1]/a.jpg",
        "http://[::ffff:10.0.0.1]/a.jpg",
        "http://0x0a000001/a.jpg",
        "http://012.0.0.1/a.jpg",
        "http://10.1/a.jpg",
        "http://0/a.jpg",
        "http://[::1/a.jpg",
        "http://news.example:22/a.jpg",
        "http://news.example:99999/a.jpg",
        "http://first.example@192.168.0.1/a.jpg",
        "ftp://news.example/a.jpg",
        "//169.254.169.254/b.jpg",
        f"http://{'l' * 70}.example/a.jpg",
    ]
    with site_with(THIRD) as site:
        site.routes["/story"] = page("".join(f'<img src="{url}" width="400" height="300">' for url in forged))
        report = await run(f"{site.url}/story", tmp_path, backoff=0.01)

    told = set(statuses(manifest_of(tmp_path)).values())
    assert told <= {"saved", "blocked_address", "bad_port", "dns"}
    assert check_disk(tmp_path) == digests(FIRST, SECOND)
    assert report.exit_status() == 3
    assert set(site.asked()) == {"/story", "/first.jpg", "/second.png"}


async def test_a_base_that_is_a_file_leads_nowhere(tmp_path: Path) -> None:
    with site_with(THIRD) as site:
        site.routes["/story"] = page().replace("<title>", '<base href="file:///etc/"><title>')
        await run(f"{site.url}/story", tmp_path)

    assert {seen.target for seen in site.requests} <= {"/story", "/first.jpg", "/second.png", "/third.jpg"}

"""What libraries log, warn of and write to standard error reaches no terminal as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.support.command import environment, harvester
from tests.support.press import TEXT

HOSTILE = "\x1b]0;owned\x07\x9b31m\u202e http://reader:s3cret@news.example/"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Pages whose records are longer than they say, under addresses with spaces; escape sequences everywhere."""
    file = tmp_path / "crawl.warc"
    page = f"<title>{HOSTILE}</title><article><h1>{HOSTILE}</h1><p>{TEXT}</article>"
    body = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}".encode()
    records = [
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://news.example/%d %s\r\nContent-Length: %d\r\n"
        b"Content-Type: application/http; msgtype=response\r\n\r\n%s" % (n, HOSTILE.encode(), len(body), body)
        for n in range(3)
    ]
    file.write_bytes(b"".join(record + HOSTILE.encode() + b"\r\n\r\n" for record in records))
    return file


@pytest.mark.parametrize("flags", [[], ["-v"], ["-q"], ["-v", "--log-format", "json"], ["-v", "--json"]])
def test_a_hostile_archive_cannot_command_the_terminal(archive: Path, tmp_path: Path, flags: list[str]) -> None:
    done = harvester("harvest", archive, "-o", tmp_path / "out", *flags)

    told = done.stdout + done.stderr
    assert all(line.isprintable() for line in told.splitlines())
    assert "Traceback" not in told
    assert "reader:s3cret" not in done.stderr
    if "json" in flags:
        assert all(msgspec.json.decode(line)["event"] for line in done.stderr.splitlines())


def test_records_that_are_longer_than_they_say_are_told(archive: Path, tmp_path: Path) -> None:
    done = harvester("harvest", archive, "-o", tmp_path / "out")

    assert done.returncode == 3
    assert "crawl.warc" in done.stderr
    assert "longer than they say" in done.stderr


_SAYING = f"""
import asyncio, logging, sys, warnings
from harvester.terminal.screens import libraries

libraries.listen(sys.argv)
said = {HOSTILE!r}
logging.getLogger("PIL.TiffImagePlugin").error("tag " + said)
logging.getLogger("feedparser").warning("%s %s", said)
logging.getLogger("charset_normalizer").critical(said * 1000)
warnings.warn(said, stacklevel=1)

async def main():
    asyncio.get_running_loop().call_soon(lambda: int(said))
    await asyncio.sleep(0)

asyncio.run(main())
"""


def _saying(*flags: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _SAYING, *flags],
        env=environment(PYTHONWARNINGS="default"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    assert all(line.isprintable() for line in done.stderr.splitlines())
    assert "reader:s3cret" not in done.stderr
    return done.stderr.splitlines()


def test_of_what_libraries_say_only_a_bug_of_ours_is_told() -> None:
    (line,) = _saying()

    assert line.startswith("asyncio: ")
    assert "ValueError" in line


def test_what_libraries_say_is_told_harmlessly_with_v() -> None:
    lines = _saying("-v")

    assert [line.partition(": ")[0] for line in lines] == [
        "PIL.TiffImagePlugin",
        "feedparser",
        "charset_normalizer",
        "py.warnings",
        "asyncio",
    ]
    assert max(map(len, lines)) < 1_500


def test_among_json_lines_it_is_json() -> None:
    lines = [msgspec.json.decode(line) for line in _saying("-v", "--log-format", "json")]

    assert {line["event"] for line in lines} == {"library"}

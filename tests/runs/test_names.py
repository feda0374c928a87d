"""Names of files that are no UTF-8, and JSON that is nested without end: told, and costing no command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harvester.errors import FolderError
from harvester.manifest import codec
from tests.support.command import environment
from tests.support.press import Press, story

ODD = [b"caf\xe9", b"\xff\xfe", b"a\xed\xb3\xa9b", b"\x80 \x1b[31m"]
"""Names in Latin-1, of bytes that no letter has, with a half letter, with what commands a terminal."""


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Press(tmp_path, {"a": story(1), "b": story(2)}) as press:
        yield press


def folder(press: Press, name: str = "a") -> Path:
    return Path(press.manifests()[name]["folder"])


def odd(path: Path, name: bytes) -> Path:
    return path / os.fsdecode(name)


def told(press: Press, *arguments: str | bytes, status: int, output: bytes = b"out") -> str:
    """Give what a command says, which ends with *status*, without a traceback, and in UTF-8."""
    config = press.folder / "config.toml"
    config.write_text(press.config_text())
    command = [sys.executable, "-m", "harvester", *arguments, "-c", str(config)]
    done = subprocess.run(command, cwd=press.folder, env=environment(), capture_output=True, timeout=60, check=False)
    assert done.returncode == status, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"bug" not in done.stderr
    assert b"\x1b[31m" not in done.stderr + done.stdout
    return (done.stdout + done.stderr).decode()


def lines(text: str) -> list[Any]:
    """Read lines of JSON strictly: half letters are none."""
    return [msgspec.json.decode(line) for line in text.splitlines() if line.startswith("{")]


async def test_strays_whose_names_are_no_utf_8_are_told(press: Press) -> None:
    await press.harvest()
    for name in ODD:
        odd(folder(press) / "images", name).write_bytes(b"x")
    found = lines(told(press, "verify", "out", "--json", status=0))

    assert [one["found"] for one in found].count("stray") == len(ODD)
    assert f"{len(ODD)} stray" in told(press, "verify", "out", status=0)
    told(press, "thumbnails", "out", status=0)
    assert "2 articles" in told(press, "status", "out", status=0)
    assert "images/" in told(press, "remove", press.url("a"), "-o", "out", status=0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD[1:3])
async def test_an_article_whose_folder_s_name_is_no_utf_8_costs_no_other(press: Press, name: bytes) -> None:
    await press.harvest()
    own = folder(press)
    own.rename(odd(own.parent, name + os.fsencode(own.name)[-17:]))
    picture = next(odd(own.parent, name + os.fsencode(own.name)[-17:]).glob("images/*"))
    picture.write_bytes(b"x")
    for path in (press.output / ".harvester").glob("state.db*"):
        path.unlink()

    found = lines(told(press, "verify", "out", "--json", status=9))
    assert [one["found"] for one in found].count("damaged") == 1
    assert "no UTF-8" in told(press, "verify", "out", "--repair", status=9)
    assert "no UTF-8" in told(press, "thumbnails", "out", status=3)
    logged = lines(told(press, "thumbnails", "out", "--log-format", "json", status=3))
    assert [one["event"] for one in logged].count("article_lost") == 1
    assert "1 article," in told(press, "status", "out", status=0)
    assert "Remembered 1 articles" in told(press, "state", "rebuild", "out", status=0)
    told(press, "harvest", press.url("a"), press.url("b"), "-o", "out", status=0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD[:1])
async def test_an_output_whose_name_is_no_utf_8_is_looked_after(press: Press, name: bytes) -> None:
    told(press, "harvest", press.url("a"), "-o", name, status=0)
    assert len(lines(told(press, "harvest", press.url("a"), press.url("b"), "-o", name, "--json", status=0))) == 2
    assert lines(told(press, "status", name, "--json", status=0))[0]["articles"] == 2
    told(press, "status", name, status=0)
    told(press, "verify", name, "--json", status=0)
    told(press, "thumbnails", name, status=0)
    told(press, "retry", name, "--json", status=0)
    told(press, "state", "check", name, status=0)
    told(press, "remove", press.url("a"), "-o", name, status=0)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.slow
async def test_a_manifest_that_is_nested_without_end_costs_its_article_only(press: Press) -> None:
    await press.harvest()
    manifest = folder(press) / "manifest.json"
    content = manifest.read_bytes().replace(b"{", b'{"deep": ' + nested(100_000) + b",", 1)
    manifest.write_bytes(content)

    assert "2 articles" in told(press, "verify", "out", status=9)
    told(press, "thumbnails", "out", status=3)
    assert "Remembered 1 article" in told(press, "state", "rebuild", "out", status=0)
    told(press, "harvest", press.url("b"), "-o", "out", status=0)
    assert manifest.read_bytes() == content


async def test_a_manifest_is_read_and_written_whatever_its_depth_or_refused(press: Press) -> None:
    await press.harvest("a")
    written = (folder(press) / "manifest.json").read_bytes()
    manifest = codec.load(written)
    refused = 0
    for depth in range(900, 1000):
        raw = written.replace(b"{", b'{"deep": ' + nested(depth) + b",", 1)
        try:
            assert nested(depth) in codec.dump(manifest, raw).translate(None, b" \n")
        except FolderError:
            refused += 1

    assert 0 < refused < 100


@pytest.mark.slow
@pytest.mark.parametrize("depth", [900, 100_000])
async def test_other_json_that_is_nested_without_end_costs_no_command(press: Press, depth: int) -> None:
    await press.harvest()
    own, private, deep = folder(press), press.output / ".harvester", nested(depth)
    (own / "history.jsonl").write_bytes(b'{"files": {}, "manifest": ' + deep + b"}\n")
    (private / "removed.jsonl").write_bytes(b'{"key": ' + deep + b"}\n")
    (private / "runs" / "20990101T000000Z-0000.json").write_bytes(b'{"articles": ' + deep + b"}\n")
    (private / "runs" / "20990101T000000Z-0001.json").write_bytes(b'{"articles": [], "seconds": "x"}\n')

    told(press, "verify", "out", status=0)
    assert "Last runs" in told(press, "status", "out", status=0)
    told(press, "harvest", press.url("b"), "-o", "out", status=0)
    told(press, "remove", press.url("a"), "-o", "out", status=0)
    assert not own.exists()

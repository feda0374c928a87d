"""What people give by mistake, from outside: it is told for what it is, and with the exit status that it has."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import environment, harvester
from tests.support.press import Press, story
from tests.support.project import ROOT

LOOKING_AFTER = [
    ["status"],
    ["verify"],
    ["retry"],
    ["thumbnails"],
    ["state", "check"],
    ["state", "rebuild"],
    ["remove", "http://a.example/x", "-o"],
]


@pytest.mark.parametrize("command", LOOKING_AFTER, ids=" ".join)
@pytest.mark.parametrize("place", ["none", "empty", "file"])
def test_an_output_that_is_none_is_5_and_nothing_is_made(tmp_path: Path, command: list[str], place: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()

    done = harvester(*command, place, cwd=tmp_path)

    assert done.returncode == 5
    assert done.stdout == ""
    assert done.stderr.startswith(f"Error: {place}: nothing was harvested here")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["empty", "file"]


@pytest.mark.parametrize("kind", ["feed", "opml", "sitemap", "warc"])
def test_a_file_that_is_not_what_it_is_called_is_told_by_its_name(tmp_path: Path, kind: str) -> None:
    (tmp_path / "notes.txt").write_text("no such thing")

    done = harvester("harvest", "--json", "--as", kind, "notes.txt", cwd=tmp_path)

    assert done.returncode == 4
    assert json.loads(done.stdout)["given"] == "notes.txt"
    assert done.stderr.startswith("✗ notes.txt: ")
    assert "Looked at again whenever it is given." in done.stderr


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Press(tmp_path, {"a": story(1)}) as press:
        (tmp_path / "config.toml").write_text(f'{press.config_text()}directory = "{press.output}"\n')
        yield press


def run(press: Press, command: str, streams: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of `harvester` by the shell, with its redirections."""
    line = f"{sys.executable} -m harvester {command.format(url=press.url('a'))} {streams}"
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=press.folder,
        env=environment(HOME=str(press.folder)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_manifest_that_cannot_be_read_is_told_with_what_mends_it(press: Press) -> None:
    run(press, "harvest {url}")
    (press.manifests()["a"]["folder"] / "manifest.json").write_text("{")

    done = run(press, "verify --repair")
    mended = run(press, "harvest {url}")

    assert done.returncode == 9
    assert "made again when its article is harvested again" in done.stderr
    assert "fetches again what it can" not in done.stderr
    assert (mended.returncode, run(press, "verify").returncode) == (0, 0)


PRINTING = ["harvest --json {url}", "inspect {url}", "status", "status --json", "config show", "manifest --schema"]
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@full
@pytest.mark.parametrize("command", PRINTING)
def test_data_that_a_full_disk_does_not_take_is_5(press: Press, command: str) -> None:
    run(press, "harvest {url}")

    done = run(press, command, ">/dev/full")

    assert done.returncode == 5
    assert "Error: standard output: the disk is full." in done.stderr
    assert "bug" not in done.stderr


@full
@pytest.mark.parametrize("log", ["text", "json"])
def test_a_log_that_cannot_be_written_stops_no_harvest(press: Press, log: str) -> None:
    done = run(press, f"harvest --log-format {log} {{url}}", "2>/dev/full")

    assert done.returncode == 0
    assert list(press.manifests()) == ["a"]


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_stop_no_harvest(press: Press, streams: str) -> None:
    done = run(press, "harvest --json {url}", streams)

    assert done.returncode == 0
    assert list(press.manifests()) == ["a"]


def test_a_host_of_300_letters_costs_its_address_only(press: Press) -> None:
    long = f"http://{'a' * 300}.example"
    (press.folder / "sitemap.xml").write_text(
        f"<urlset><url><loc>{long}/1</loc></url><url><loc>{press.url('a')}</loc></url></urlset>"
    )
    (press.folder / "saved.html").write_text(f"<link rel=canonical href={long}/2><title>Storm</title><p>Boats sail.")
    (press.folder / "list.txt").write_text(f"{long}/3\nsaved.html\nsitemap.xml\n")

    done = run(press, "harvest @list.txt")

    assert done.returncode == 3
    assert [line.count(f"{long}/") for line in done.stderr.splitlines() if line.startswith("✗")] == [1, 1, 1]
    assert "Traceback" not in done.stderr
    assert list(press.manifests()) == ["a"]


def test_an_interrupt_while_the_command_line_is_imported_ends_it_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    command = [sys.executable, "-m", "harvester", "--help"]
    environ = {**environment(), "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")

"""The lock of an output: only a file of ours is written, and whatever lies there is told in a sentence."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester.errors import StorageError
from harvester.runs.lock import OutputLocked, locked
from tests.support.command import environment
from tests.support.press import Press, story


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "out" / ".harvester" / "lock"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Press(tmp_path, {"a": story(1)}) as press:
        (tmp_path / "config.toml").write_text(press.config_text())
        yield press


async def taken(path: Path) -> str:
    """Take the lock and give what stands in it while it is held."""
    async with locked(path, run="mine"):
        return path.read_text()


async def test_a_link_in_its_place_is_not_followed(lock: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_bytes(b"years of work")
    lock.symlink_to(target)

    with pytest.raises(StorageError, match="is no file of harvester"):
        await taken(lock)
    assert target.read_bytes() == b"years of work"
    assert lock.is_symlink()


async def test_a_link_to_nothing_makes_nothing(lock: Path, tmp_path: Path) -> None:
    lock.symlink_to(tmp_path / "not there")

    with pytest.raises(StorageError, match="is no file of harvester"):
        await taken(lock)
    assert not (tmp_path / "not there").exists()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
async def test_what_is_no_file_in_its_place_is_left_alone(make: object, lock: Path) -> None:
    assert callable(make)
    make(lock)

    with pytest.raises(StorageError, match="is no file of harvester"):
        await taken(lock)


async def test_a_file_with_another_name_keeps_its_content(lock: Path, tmp_path: Path) -> None:
    other = tmp_path / "precious"
    other.write_bytes(b"years of work")
    lock.hardlink_to(other)

    assert json.loads(await taken(lock))["run"] == "mine"
    assert other.read_bytes() == b"years of work"
    assert not lock.samefile(other)


@pytest.mark.parametrize(
    "note",
    [b"", b"[]", b"7", b'{"run":1}', b'{"pid":"x","started":1,"run":[]}', b"\xff" * 9000, b"[" * 9000, bytes(100)],
    ids=lambda note: repr(note[:12]),
)
async def test_a_damaged_note_is_no_reason_to_fall_over(note: bytes, lock: Path) -> None:
    lock.write_bytes(note)
    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(OutputLocked, match="is being written by another run"):
            await taken(lock)

    assert json.loads(await taken(lock))["run"] == "mine"
    assert lock.read_bytes() == b""


def test_twenty_open_files_are_too_few_which_is_told_before_anything_is_asked(press: Press) -> None:
    command = f"ulimit -n 20; exec {sys.executable} -m harvester harvest {press.url('a')} -o out -c config.toml"
    done = subprocess.run(
        ["sh", "-c", command], cwd=press.folder, env=environment(), capture_output=True, text=True, check=False
    )

    assert done.returncode == 5
    assert "ulimit -n 1024" in done.stderr
    assert "Traceback" not in done.stderr
    assert press.asked() == []

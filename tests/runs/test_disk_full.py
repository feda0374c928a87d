"""A full disk ends the run with everything intact, and the same command completes when there is room."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.runs.test_kill import assert_nothing_half
from tests.support.command import harvester
from tests.support.press import Press, drawn, story


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB; only root may make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip("only root may mount a small file system")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Press(tmp_path, {f"s{n}": story(n, pictures=3) for n in range(1, 31)}) as press:
        (tmp_path / "list.txt").write_text("\n".join(press.url(name) for name in press.stories))
        yield press


def test_a_full_disk_ends_the_run_and_a_rerun_completes(press: Press, small_disk: Path) -> None:
    (press.folder / "config.toml").write_text(press.config_text().replace("[output]", "[output]\nmin_free_space = 0"))
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 7_500_000)
    command = ("harvest", "@list.txt", "-o", small_disk / "out", "-c", "config.toml")
    full = harvester(*command, cwd=press.folder)

    assert full.returncode == 5
    assert "disk is full" in full.stderr
    assert "Traceback" not in full.stderr
    assert_nothing_half(small_disk / "out")

    ballast.unlink()
    assert harvester(*command, cwd=press.folder).returncode == 0
    assert_nothing_half(small_disk / "out")
    assert len(list((small_disk / "out").glob("*/*/*/*/images/*"))) == 90


def test_a_disk_without_room_for_the_lock_is_told(press: Press, small_disk: Path) -> None:
    (press.folder / "config.toml").write_text(f"{press.config_text()}min_free_space = 0\n")
    command = ("harvest", press.url("s1"), "-o", small_disk / "out", "-c", "config.toml")
    assert harvester(*command, cwd=press.folder).returncode == 0
    with suppress(OSError):
        (small_disk / "ballast").write_bytes(bytes(9_000_000))

    full = harvester(*command, cwd=press.folder)

    assert full.returncode == 5
    assert "the disk is full" in full.stderr


def test_too_little_free_space_ends_the_run_before_it_asks_for_anything(press: Press) -> None:
    (press.folder / "config.toml").write_text(
        press.config_text().replace("[output]", f"[output]\nmin_free_space = {10**15}")
    )
    done = harvester("harvest", "@list.txt", "-o", "out", "-c", "config.toml", cwd=press.folder)

    assert done.returncode == 5
    assert "min_free_space" in done.stderr
    assert press.asked() == []


async def test_free_space_that_runs_out_ends_the_run_before_the_disk_is_full(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    def disk_usage(path: object) -> SimpleNamespace:
        nonlocal asked
        asked += 1
        return SimpleNamespace(free=10**9 if asked <= 3 else 1_000)

    monkeypatch.setattr(shutil, "disk_usage", disk_usage)
    press.settings = "min_free_space = 1_000_000\n"
    report = await press.harvest()

    assert report.exit_status() == 5
    assert "min_free_space" in (report.error or "")
    assert len(press.asked("/news/")) < 30


def test_an_output_that_cannot_be_made_is_told(press: Press) -> None:
    (press.folder / "config.toml").write_text(press.config_text())
    (press.folder / "file").write_bytes(drawn(1))
    done = harvester("harvest", "@list.txt", "-o", "file/out", "-c", "config.toml", cwd=press.folder)

    assert done.returncode == 5
    assert "Traceback" not in done.stderr

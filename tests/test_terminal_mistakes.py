"""What people give by mistake, from outside: it is told for what it is, and with the exit status that it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import harvester

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

"""The page about videos knows every code of a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester.download.video_failures import CAUSES

PAGE = (Path(__file__).parents[1] / "docs" / "videos.md").read_text("utf-8")


@pytest.mark.parametrize("code", [cause.code for cause in CAUSES if cause.code != "disk_full"])
def test_every_code_is_in_the_table(code: str) -> None:
    assert f"`{code}`" in PAGE

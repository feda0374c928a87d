"""A picture that ends the process that decodes it costs one process, and is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harvester.errors import AssetError
from harvester.imaging.decoding.alone import check_survival
from harvester.pipeline.earlier.journal import Journal, Unfinished
from harvester.stores.folder import Store
from tests.support.press import Press, drawn, story


def test_a_picture_that_decodes_survives(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(drawn(1))

    check_survival(tmp_path / "a.jpg", max_pixels=1_000_000)


def test_a_file_that_is_no_picture_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"<html>")

    check_survival(tmp_path / "a.jpg", max_pixels=1_000_000)


def test_a_process_that_dies_is_told(tmp_path: Path) -> None:
    """A path that blocks for ever stands in for a decoder that never comes back: the child is killed by a signal."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(AssetError) as told:
        check_survival(tmp_path / "pipe", max_pixels=1, patience=0.5)
    assert told.value.code == "decoder_crash"


async def test_a_picture_during_whose_decoding_a_run_died_is_tried_alone_and_taken(tmp_path: Path) -> None:
    with Press(tmp_path, {"a": story(1)}) as press:
        await press.harvest("a")
        key = press.manifests()["a"]["article"]["key"]
        url = f"{press.site.url}/pictures/p1-1.jpg"
        with Journal(Store(press.output)) as journal:
            journal.begin(url, key)
            assert journal.of(key).suspects == {url}
        report = await press.harvest("a", force=True)

        assert report.exit_status() == 0
        with Journal(Store(press.output)) as journal:
            assert journal.of(key) == Unfinished()

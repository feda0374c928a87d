"""What a harvest costs, in counts that are the same on every machine: never in seconds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester.config import Web
from tests.support.command import environment
from tests.support.press import Press, story
from tests.support.project import ROOT

PAGES = 3
PICTURES = 5
ALL = PAGES * PICTURES
THUMBNAILS = 2
OF_THE_RUN = 2
"""What a run may do once, whatever it harvests: less than once a page."""


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    stories = {f"s{n}": story(n, PICTURES) for n in range(PAGES)}
    with Press(tmp_path_factory.mktemp("counts"), stories, settings="[thumbnails]\nwidths = [100, 200]\n") as opened:
        yield opened


@pytest.fixture(scope="module")
def first(press: Press) -> Counter[str]:
    return harvested(press)


@pytest.fixture(scope="module")
def second(press: Press, first: Counter[str]) -> Counter[str]:
    return harvested(press)


def harvested(press: Press) -> Counter[str]:
    """Harvest every story, with the files made to last as shipped, in a process that counts."""
    press.site.requests.clear()
    settings, counts = press.folder / "config.toml", press.folder / "counts.json"
    settings.write_text(press.config_text().replace('fsync = "never"', 'fsync = "article"'), "utf-8")
    urls = [press.url(name) for name in press.stories]
    command = ["-m", "tests.support.counting", counts, "harvest", *urls, "-o", press.output, "-c", settings, "-q"]
    subprocess.run([sys.executable, *map(str, command)], env=environment(), cwd=press.folder, check=True, timeout=60)
    return Counter(json.loads(counts.read_bytes())) + Counter(requests=len(press.site.requests))


def test_a_page_and_a_picture_are_one_request_each(first: Counter[str]) -> None:
    assert first["requests"] == PAGES + ALL


def test_a_picture_is_decoded_once(first: Counter[str]) -> None:
    assert first["decodes"] <= ALL


def test_a_picture_goes_to_a_thread_once_and_a_page_three_times(first: Counter[str]) -> None:
    assert first["thread hops"] <= ALL + 3 * PAGES + OF_THE_RUN


def test_a_picture_is_written_once_with_each_thumbnail_and_a_page_has_a_manifest(first: Counter[str]) -> None:
    pages_of_the_journal = PAGES
    assert first["files opened to write"] <= ALL * (1 + THUMBNAILS) + PAGES + pages_of_the_journal + OF_THE_RUN


def test_folders_are_made_once_an_article(first: Counter[str], press: Press) -> None:
    made = sum(path.is_dir() for path in press.output.rglob("*"))
    tried_in_vain_at_the_start = 5
    assert first["folders"] <= made + tried_in_vain_at_the_start


def test_the_disk_is_waited_for_once_a_file_and_a_few_times_an_article(first: Counter[str]) -> None:
    assert first["fsyncs"] <= ALL * (1 + THUMBNAILS) + PAGES * 5


def test_a_file_is_written_at_once_and_the_journal_a_line_at_a_time(first: Counter[str]) -> None:
    lines = 2 * ALL + PAGES
    assert first["writes"] <= ALL * (1 + THUMBNAILS) + PAGES + lines + OF_THE_RUN


def test_connections_are_used_again(first: Counter[str]) -> None:
    assert first["connections"] <= Web().per_host + Web().page_per_host


def test_the_second_time_only_pages_are_asked_for_and_nothing_is_decoded_or_written(second: Counter[str]) -> None:
    assert second["requests"] == PAGES
    assert second["decodes"] == 0
    assert second["fsyncs"] == 0
    assert second["writes"] <= OF_THE_RUN
    assert second["thread hops"] <= OF_THE_RUN
    assert second["files opened to write"] <= OF_THE_RUN


def test_the_benchmark_runs(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), "--pages", "1"]
    ended = subprocess.run(
        command, env=environment(), cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    assert "1 pages, 5 pictures" in ended.stdout
    assert (tmp_path / "benchmark.svg").read_text("utf-8").startswith("<svg")

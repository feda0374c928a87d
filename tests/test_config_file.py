"""config.toml says what runs: every key, its default, and a sentence."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import fields

from harvester import config
from harvester.config import Config, Job
from harvester.runs.timetable import check_crons
from harvester.terminal.commands.config import shipped

FILE = Path(__file__).parent.parent / "config.toml"
KEYS = [f"{table}.{key}" for table, keys in config.tables(Config()).items() if table != "job" for key in keys]
JOB = [field.name for field in fields(Job) if field.name not in config.tables(Config())]


def test_the_file_says_exactly_the_defaults() -> None:
    assert config.load(FILE) == Config()


def test_the_file_has_every_key_in_the_order_of_the_code() -> None:
    section, written = "", []
    for line in FILE.read_text("utf-8").splitlines():
        if found := re.fullmatch(r"\[(\w+)\]", line):
            section = found[1]
        elif found := re.match(r"(\w+) = ", line):
            written.append(f"{section}.{found[1]}")

    assert written == KEYS


def test_every_key_is_explained() -> None:
    lines = FILE.read_text("utf-8").splitlines()
    bare = [
        line
        for before, line in pairwise(lines)
        if re.match(r"\w+ = ", line) and not before.startswith("#") and not before.startswith("min_width")
    ]

    assert bare == []


def test_the_examples_of_jobs_are_jobs_and_the_last_has_every_key() -> None:
    lines = FILE.read_text("utf-8").partition("\n# Jobs: ")[2].splitlines()
    written = [line[2:] for line in lines if re.match(r"# (\[\[job\]\]$|[\w.]+ = )", line)]
    jobs = config.parse("\n".join(written)).job
    last = written[len(written) - written[::-1].index("[[job]]") :]

    assert [job.name for job in jobs] == ["gazette", "times", "saved", "all-keys"]
    assert [line.partition(" = ")[0] for line in last] == JOB
    check_crons(jobs, "config.toml")


def test_config_init_writes_this_file() -> None:
    assert shipped() == FILE


@pytest.mark.parametrize("key", KEYS)
def test_a_dumped_configuration_has_the_key(key: str) -> None:
    section, _, name = key.partition(".")
    block = config.dump(Config()).split(f"[{section}]\n")[1].split("\n\n")[0]

    assert re.search(rf"^{name} = ", block, re.MULTILINE)


def test_a_dumped_configuration_reads_back_to_itself() -> None:
    changed = config.parse('[web]\nheaders = {"a.example" = {"X-Token" = "é\\"1"}}\n[thumbnails]\nwidths = []\n')

    assert config.parse(config.dump(changed)) == changed

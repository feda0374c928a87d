"""config.toml says what runs: every key, its default, and a sentence."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import fields

from harvester import config
from harvester.config import Config, Job
from harvester.errors import UsageError
from harvester.runs.scheduling.timetable import check_crons
from harvester.terminal.commands.config import shipped
from tests.support.project import ROOT

FILE = ROOT / "config.toml"
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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[candidates]\nscope = "all"', "candidates.scope: expected one of 'article', 'page', got 'all'"),
        ('[choice]\npolicy = "big"', "choice.policy: write it like 'largest', 'at-least:1600', 'at-most-bytes:500000'"),
        ('[[job]]\nname = "a"\nsources = ["x"]\nkind = "zip"', "job 'a': kind: expected one of 'page', 'html'"),
        ('[[job]]\nname = "a"\nsources = ["x"]\nmax_age = "3 days"', "job 'a': max_age: write it like '90s'"),
        ('[[job]]\nname = "a"\nsources = ["x"]\noutput.link = "soft"', "output.link: expected one of 'hard', 'copy'"),
        ('[[job]]\nname = "a"', "job 'a': sources is missing"),
        ('[[job]]\nsources = ["x"]', "job 1: name is missing"),
        ("[web]\nretries = -1", "web.retries: expected `int` >= 0"),
    ],
)
def test_a_wrong_value_is_told_with_what_was_expected(text: str, said: str) -> None:
    with pytest.raises(UsageError) as told:
        config.parse(text)

    assert said in told.value.message


@pytest.mark.parametrize("text", ["90s", "36525d", "999999999d", f"{'9' * 30}h"])
def test_any_length_of_time_can_be_counted_back_from_now(text: str) -> None:
    assert datetime.now(UTC) - timedelta(seconds=config.span(text)) < datetime.now(UTC)

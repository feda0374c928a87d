"""Configurations and flags that mean nothing end with 2 and a sentence, before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester import config, web
from harvester.config import Config
from harvester.errors import UsageError
from tests.support.command import harvester

PAGE = "<!doctype html><link rel=canonical href=https://www.port.example/storm><title>Storm</title><p>Boats sail."
COOKIES = "# Netscape HTTP Cookie File\n.a.example\tTRUE\t/\tFALSE\tsoon\tn\tv\n"

NO_NUMBERS = [
    "[web]\ntimeout = inf",
    "[web]\nread_timeout = nan",
    "[web]\nconnect_timeout = 1e400",
    "[web]\nmax_wait = -0.5",
    "[web]\npage_delay = -inf",
    f"[web]\nbackoff = 1{'0' * 400}",
    f"[web]\nretries = {'9' * 5000}",
    f"[web]\nmax_page_bytes = 1{'0' * 40}",
    "[web]\nconcurrency = 9_999_999_999_999_999_999_999",
    f"[thumbnails]\nwidths = [{'7' * 100}]",
    "[videos]\ntimeout = inf",
    f'[choice]\npolicy = "at-least:{"1" * 5000}"',
    f'[state]\nkeep_reports = "{"1" * 5000}d"',
    f'[[job]]\nname = "a"\nsources = ["x"]\ndeadline = "{"3" * 4999}s"',
    '[[job]]\nname = "a"\nsources = ["x"]\nweb.timeout = inf',
    '[[job]]\nname = "a"\nsources = ["x"]\nweb.delay = nan',
]
TOO_DEEP = [
    "x = " + "[" * 3000 + "]" * 3000,
    "x = " + "{a = " * 3000 + "1" + "}" * 3000,
    "[[job]]\nname = 'a'\nsources = ['x']\nweb." + ".".join("b" * 5000) + " = 1",
    "[" + ".".join("b" * 5000) + "]",
    ".".join("b" * 5000) + " = 1",
]
WRONG_WEB = [
    'headers = {"www.port.example" = "secret"}',
    'headers = {"www.port.example" = {"X-Token" = 3}}',
    'headers = ["X-Token: 1"]',
    r'headers = {"www.port.example" = {"X-Token" = "a\nEvil: 1"}}',
    r'headers = {"www.port.example" = {"X-\r\nToken" = "a"}}',
    'headers = {"www.port.example" = {"" = "a"}}',
    'headers = {"two words" = {"X-Token" = "a"}}',
    r'user_agent = "mine\r\nEvil: 1"',
    r'contact = "me\n"',
    'proxy = "localhost:3128"',
    'proxy = "http://"',
    'proxy = "http://proxy.example:99999"',
    'proxy = "socks5://127.0.0.1:1"',
    'proxy = "http://[::1"',
    'ca_file = "nowhere.pem"',
    'ca_file = "page.html"',
    'ca_file = "."',
    r'ca_file = "a\u0000b"',
    'cookies = "nowhere.txt"',
    'cookies = "."',
    'cookies = "page.html"',
    'cookies = "broken-cookies.txt"',
    'allow_networks = ["loopback"]',
    'allow_networks = ["10.0.0.0/99"]',
    'allow_networks = ["10.0.0.0/8/8"]',
    'allow_networks = "10.0.0.0/8"',
    'ports = ["https"]',
    "ports = [0]",
    "ports = [70_000]",
    "ports = 443",
]


@pytest.mark.parametrize("text", NO_NUMBERS, ids=lambda text: text[:50])
def test_a_number_that_no_clock_and_no_disk_can_hold_is_told(text: str) -> None:
    with pytest.raises(UsageError) as told:
        config.parse(text)

    assert len(told.value.message) < 400


@pytest.mark.parametrize("text", TOO_DEEP, ids=lambda text: text[:20])
def test_tables_nested_too_deep_are_told(text: str) -> None:
    with pytest.raises(UsageError):
        config.parse(text)


@pytest.mark.parametrize("line", WRONG_WEB)
def test_a_web_that_cannot_be_followed_is_told_before_anything_is_made(line: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "broken-cookies.txt").write_text(
        "# Netscape HTTP Cookie File\n.a.example\tTRUE\t/\tFALSE\tsoon\tn\tv\n"
    )
    (tmp_path / "config.toml").write_text(f"[web]\n{line}\n")
    there = sorted(tmp_path.iterdir())

    done = harvester("harvest", "page.html", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")
    assert "web." in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.iterdir()) == there


def test_a_job_whose_web_cannot_be_followed_makes_nothing(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "config.toml").write_text(
        '[[job]]\nname = "a"\nsources = ["page.html"]\n[[job]]\nname = "b"\nsources = ["page.html"]\n'
        'web.ca_file = "nowhere.pem"\n'
    )

    done = harvester("batch", cwd=tmp_path)

    assert (done.returncode, sorted(path.name for path in tmp_path.iterdir())) == (2, ["config.toml", "page.html"])


@pytest.mark.parametrize("given", ["inf", "nan", "-inf", "1e400", "-1", "9" * 40, "soon"])
def test_a_wait_without_an_end_is_told(given: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)

    done = harvester("harvest", "page.html", f"--wait={given}", cwd=tmp_path)

    assert done.returncode == 2
    assert "--wait" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize("given", ["inf", "nan", "-5s", "1e400", "1e400s", "0x10", ""])
def test_a_deadline_that_is_none_is_told(given: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)

    done = harvester("harvest", "page.html", f"--deadline={given}", cwd=tmp_path)

    assert done.returncode == 2
    assert "--deadline" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_deadline_beyond_all_calendars_is_a_century(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)

    assert harvester("harvest", "page.html", "--deadline", "9" * 400 + "d", cwd=tmp_path).returncode == 0


def test_what_is_shipped_can_be_followed() -> None:
    web.check(Config().web)

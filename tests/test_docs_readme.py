"""What the README shows is what happens."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from harvester.imaging.drawing import draw, encode
from tests.support.command import harvester
from tests.support.project import ROOT
from tests.support.proxy import StandIn
from tests.support.servers import Reply

README = (ROOT / "README.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def is_part(shown: Any, whole: Any) -> bool:
    """Say whether *shown* is *whole* with keys left out, and values as `…`."""
    if isinstance(shown, dict):
        return all(key in whole and is_part(value, whole[key]) for key, value in shown.items())
    if isinstance(shown, list):
        return len(shown) == len(whole) and all(map(is_part, shown, whole))
    return bool(shown == "…" or shown == whole)


def test_the_item_goes_in_and_the_manifest_comes_out(tmp_path: Path) -> None:
    (tmp_path / "item.txt").write_text(block("html"), "utf-8")
    picture = encode(draw(15, 1280, 720), "image/webp")
    with StandIn({"https://img.gazette.example/e41a90d3/w_1280,h_720/hill.webp": Reply(picture, "image/webp")}) as web:
        (tmp_path / "config.toml").write_text(
            f'[web]\nproxy = "{web.url}"\nca_file = "{web.ca_file}"\n[videos]\nproviders = []\n'
        )
        done = harvester("harvest", "item.txt", "--json", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert is_part(json.loads(block("json")), json.loads(done.stdout))


def test_its_commands_are_one_line_each_and_ci_takes_the_second_from_here() -> None:
    commands = re.findall(r"^python3 -m venv .+$", README, re.MULTILINE)

    assert [command.rpartition("/")[2] for command in commands] == ["harvester demo", "pytest"]
    assert re.findall(r"^python3 -m venv .*pytest$", README, re.MULTILINE) == commands[1:]


def test_it_leads_to_every_document() -> None:
    assert [path.name for path in (ROOT / "docs").glob("*.md") if f"(docs/{path.name})" not in README] == []


@pytest.mark.parametrize("name", ["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "config.toml", ".ci/run"])
def test_what_a_repository_owes_its_readers_is_there(name: str) -> None:
    assert (ROOT / name).stat().st_size > 500

"""The documents know every key, flag and field, and their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import fields

from harvester import model
from harvester.config import Config, Job
from tests.support.command import flags
from tests.support.project import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])

DEFAULTS = msgspec.json.decode(msgspec.json.encode(Config()))
KEYS = [(table, key, default) for table in DEFAULTS if table != "job" for key, default in DEFAULTS[table].items()]


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def section(document: str, heading: str) -> str:
    """The text under the heading that begins so."""
    parts = re.split(r"^##+ ", text(document), flags=re.MULTILINE)
    return next((part for part in parts if part.startswith(heading)), "")


@pytest.mark.parametrize(("table", "key", "default"), KEYS, ids=lambda value: str(value))
def test_every_key_is_documented_with_its_default(table: str, key: str, default: object) -> None:
    rows = re.findall(
        rf"^\| `{key}` \| `([^`]*)` \| .+\|$", section("docs/configuration.md", f"[{table}]"), re.MULTILINE
    )

    assert [msgspec.toml.decode(f"it = {row}")["it"] for row in rows] == [default]


@pytest.mark.parametrize("key", [field.name for field in fields(Job) if field.name not in DEFAULTS])
def test_every_key_of_a_job_is_documented(key: str) -> None:
    assert re.search(rf"^\| `{key}` \|", section("docs/configuration.md", "[[job]]"), re.MULTILINE)


@pytest.mark.parametrize(("command", "flag"), list(flags()), ids=lambda value: str(value))
def test_every_flag_is_documented_under_its_command(command: str, flag: str) -> None:
    shared = section("docs/command-line.md", "Looking after an output")
    described = section("docs/command-line.md", f"harvester {command.partition(' ')[0]}") + shared

    assert re.search(rf"{re.escape(flag)}\b", described), f"{command} {flag}"


def test_every_command_has_a_heading() -> None:
    commands = {command for command, _ in flags()}
    headings = "\n".join(re.findall(r"^##+ .*$", text("docs/command-line.md"), re.MULTILINE))

    assert {"harvest", "inspect", "demo", "manifest", "config show", "config init"} <= commands
    assert [command for command in commands if f"harvester {command}" not in headings] == []


@pytest.mark.parametrize(
    ("heading", "struct"),
    [
        ("The whole", model.Manifest),
        ("article", model.Article),
        ("article", model.Page),
        ("article", model.Repair),
        ("article", model.Signals),
        ("images", model.Image),
        ("images", model.Variant),
        ("images", model.Derived),
        ("images", model.Attempt),
        ("images", model.Saved),
        ("images", model.Problem),
        ("images", model.File),
        ("images", model.Rights),
        ("images", model.Thumbnail),
        ("videos", model.Video),
        ("videos", model.Caption),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_every_field_of_the_manifest_is_documented(heading: str, struct: type[msgspec.Struct]) -> None:
    documented = set(re.findall(r"`(\w+)`", section("docs/manifest.md", heading)))

    assert {field.name for field in fields(struct)} - {"outcome"} <= documented


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`]*`", "", document.read_text("utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#:]+)(?:#[\w-]*)?\)", prose)

    assert [link for link in links if not (document.parent / link).exists()] == []

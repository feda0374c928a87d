"""The imports point one way. The table is the architecture; change it only with a reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project import ROOT

PACKAGE = ROOT / "harvester"

WORDS = {"model", "steps", "errors", "events"}
RULES = {"config", "urls", "clock"}
TOOLS = {"flow", "workers", "web", "stores", "state", "markup", "renditions"}
STEPS = {"articles", "candidates", "choice", "download", "imaging", "manifest"}

MAY_IMPORT: dict[str, set[str]] = {
    "model": set(),
    "steps": {"model"},
    "errors": set(),
    "events": set(),
    "config": WORDS,
    "urls": WORDS,
    "clock": WORDS,
    "renditions": WORDS | {"urls"},
    "markup": WORDS | {"urls"},
    "flow": WORDS,
    "workers": WORDS,
    "web": WORDS | RULES | {"flow", "workers"},
    "stores": WORDS | RULES | {"flow", "workers"},
    "state": WORDS | RULES | {"flow", "workers"},
    # Steps never import each other: they meet in model and in pipeline.
    "articles": WORDS | RULES | {"web", "stores", "workers", "markup"},
    "candidates": WORDS | RULES | {"markup", "renditions"},
    "choice": WORDS | RULES | {"renditions"},
    "download": WORDS | RULES | {"web", "stores", "workers"},
    "imaging": WORDS | {"config"},
    "manifest": WORDS | {"urls", "stores"},
    "pipeline": WORDS | RULES | TOOLS | STEPS,
    "publish": WORDS | RULES | {"manifest", "imaging", "stores"},
    "demo": WORDS | {"imaging"},
    "runs": WORDS | RULES | TOOLS | STEPS | {"pipeline", "publish"},
    "terminal": WORDS | RULES | TOOLS | STEPS | {"pipeline", "publish", "runs", "demo"},
    "__init__": set(),
    "__main__": {"terminal"},
}
ONLY_HERE: dict[str, set[str]] = {
    "aiohttp": {"web"},
    "selectolax": {"markup"},
    "charset_normalizer": {"markup"},
    "ada_url": {"urls"},
    "publicsuffixlist": {"urls"},
    "PIL": {"imaging"},
    "aiofiles": {"stores"},
    "sqlite3": {"state"},
    "protego": {"web"},
    "feedparser": {"articles"},
    "yt_dlp": {"download"},
    "warcio": {"articles"},
    "cronsim": {"runs"},
    "prometheus_client": {"runs"},
    "typer": {"terminal"},
    "rich": {"terminal"},
}
WITHOUT_IO = {"model", "steps", "errors", "events", "urls", "renditions", "markup", "candidates", "choice"}
IO = {"asyncio", "aiohttp", "aiofiles", "socket", "subprocess", "tempfile", "time", "os", "PIL", "pathlib", "datetime"}
STARTS_TASKS = {"create_task", "TaskGroup", "ensure_future", "gather"}

FILES = sorted(PACKAGE.rglob("*.py"))


def part(path: Path) -> str:
    """The layer a file belongs to: its step's folder, or its own name."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = node.module or ""
            yield from (f"{module}.{a.name}" for a in node.names) if module == "harvester" else [module]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    here = part(path)
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("harvester.")} - {here, "__version__"}
    theirs = {name.split(".")[0] for name in imports(path)}

    assert ours <= MAY_IMPORT[here]
    assert {lib for lib, homes in ONLY_HERE.items() if lib in theirs and here not in homes} == set()
    if here in WITHOUT_IO:
        assert theirs & IO == set()


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_flow_starts_tasks(path: Path) -> None:
    if part(path) == "flow":
        return
    named = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}

    assert named & STARTS_TASKS == set()


def test_unexpected_errors_are_caught_at_three_fences_only() -> None:
    fences = [
        str(path.relative_to(PACKAGE))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]

    assert set(fences) <= {
        "imaging/decoding/decoder.py",
        "articles/feeds/xml_feed.py",
        "articles/sources/warc.py",
        "pipeline/boundary.py",
    }


CONFIGURED = {"State", "Web"}
"""A section of the configuration and what it configures may share a name."""


def test_a_public_class_name_means_one_thing() -> None:
    homes: dict[str, list[str]] = {}
    for path in FILES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path.relative_to(PACKAGE)))
    shared = {name: paths for name, paths in homes.items() if len(paths) > 1}

    assert {name: paths for name, paths in shared.items() if name not in CONFIGURED} == {}
    assert all("config/sections.py" in paths and len(paths) == 2 for paths in shared.values())


ENTRIES = 15
"""About a dozen; beside them stand commands, formats and tables of data, of which there are as many as there are."""
OF_DATA = {"renditions/tables", "imaging/containers", "terminal/commands"}


def test_a_folder_is_taken_in_at_a_glance() -> None:
    sizes = {
        str(folder.relative_to(PACKAGE)): sum(entry.name != "__pycache__" for entry in folder.iterdir())
        for folder in PACKAGE.rglob("*")
        if folder.is_dir() and folder.name != "__pycache__" and (folder / "__init__.py").is_file()
    }

    assert {name: size for name, size in sizes.items() if size > ENTRIES and name not in OF_DATA} == {}


def test_every_folder_says_what_it_is_for() -> None:
    says = {str(path.relative_to(PACKAGE)): path.read_text("utf-8") for path in PACKAGE.rglob("__init__.py")}
    silent = [path for path, text in says.items() if not text.startswith('"""')]

    assert silent == []


def test_caches_hold_what_a_few_pages_need_and_not_what_a_long_run_met() -> None:
    sizes = [int(size) for path in FILES for size in re.findall(r"lru_cache\(maxsize=(\w+)", path.read_text("utf-8"))]

    assert max(sizes) <= 2048

"""Files that the user names: a plain file of ours is replaced, a link, a pipe or another's file never is."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.support.command import harvester

KINDS = {
    "link": "a symbolic link",
    "dangling": "a symbolic link",
    "loop": "a symbolic link",
    "pipe": "a named pipe",
    "socket": "a socket",
}
PAGE = "<html><head><title>A page</title></head><body><article><p>Words.</p></article></body></html>"


def made(path: Path, kind: str) -> None:
    """Make something at *path* that is no plain file."""
    match kind:
        case "link":
            path.with_name("target").write_bytes(b"# HELP harvester_articles mine")
            path.symlink_to("target")
        case "dangling":
            path.symlink_to("nowhere")
        case "loop":
            path.symlink_to(path.name)
        case "pipe":
            os.mkfifo(path)
        case _:
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(str(path))


def state_of(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Say what lies in a folder: of each name its inode, its kind and its content."""
    return {
        path.name: (path.lstat().st_ino, path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in folder.iterdir()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_metrics_replace_nothing_but_a_plain_file(kind: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    made(tmp_path / "harvester.prom", kind)
    before = state_of(tmp_path)
    done = harvester(
        "harvest", "page.html", "--base-url", "https://a.example/page", "--metrics", "harvester.prom", cwd=tmp_path
    )

    assert done.returncode == 2
    assert f"--metrics harvester.prom: is {KINDS[kind]}, which is not replaced" in done.stderr
    assert state_of(tmp_path) == before


@pytest.mark.parametrize("content", [b"[output]\n", b"#", b"# HELP node_cpu_seconds_total\n", b"\x00" * 100])
def test_metrics_replace_no_file_that_is_not_ours(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "notes").write_bytes(content)
    done = harvester("harvest", "page.html", "--base-url", "https://a.example/page", "--metrics", "notes", cwd=tmp_path)

    assert done.returncode == 2
    assert "a file that holds no metrics of harvester" in done.stderr
    assert (tmp_path / "notes").read_bytes() == content
    assert not (tmp_path / "downloads").exists()


def test_metrics_replace_their_own_file_and_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "a.prom").touch()
    for _ in range(2):
        done = harvester(
            "harvest", "page.html", "--base-url", "https://a.example/page", "--metrics", "a.prom", cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        assert 'harvester_articles_total{job=""' in (tmp_path / "a.prom").read_text()
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", "a.prom", "downloads"}


@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize("kind", KINDS)
def test_a_configuration_replaces_nothing_but_a_plain_file(kind: str, force: list[str], tmp_path: Path) -> None:
    made(tmp_path / "config.toml", kind)
    before = state_of(tmp_path)
    done = harvester("config", "init", *force, cwd=tmp_path)

    assert done.returncode == 2
    assert f"config.toml is {KINDS[kind]}, which is not replaced" in done.stderr
    assert state_of(tmp_path) == before


@pytest.mark.parametrize("kind", ["pipe", "socket", "folder"])
def test_a_database_is_a_file(kind: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "c.toml").write_text('[state]\nfile = "memory"\n')
    (tmp_path / "memory").mkdir() if kind == "folder" else made(tmp_path / "memory", kind)
    done = harvester("harvest", "page.html", "--base-url", "https://a.example/page", "-c", "c.toml", cwd=tmp_path)

    assert done.returncode == 2
    assert "[state] file memory: is no plain file" in done.stderr

"""Every file takes its name when it is whole, and no name leads outside."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from harvester.errors import StorageError
from harvester.stores import disk
from harvester.stores.disk import inside
from harvester.stores.folder import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "out")
    store.prepare()
    return store


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_written_file_is_whole_and_leaves_nothing_beside_it(store: Store) -> None:
    store.write(store.folder("a/b/c.txt"), b"whole")

    assert files(store.root) == ["a/b/c.txt"]
    assert (store.root / "a/b/c.txt").read_bytes() == b"whole"


def test_a_write_that_fails_keeps_the_old_file_and_leaves_no_part(store: Store) -> None:
    target = store.root / "folder"
    (target / "full").mkdir(parents=True)

    with pytest.raises(StorageError):
        store.write(target, b"cannot replace a folder that holds something")
    assert files(store.root) == []


def test_a_part_takes_its_name_at_once(store: Store) -> None:
    part = store.work("k") / "x.part"
    part.write_bytes(b"abc")
    store.adopt(part, store.folder("a/x.bin"))

    assert files(store.root) == ["a/x.bin"]


@pytest.mark.parametrize(("how", "links"), [("hard", 2), ("copy", 1)])
def test_a_shared_file_is_linked_or_copied_as_asked(store: Store, how: str, links: int) -> None:
    store.write(store.folder("a/x"), b"abc")
    store.share(store.folder("a/x"), store.folder("b/y"), how)

    assert (store.root / "b/y").read_bytes() == b"abc"
    assert (store.root / "b/y").stat().st_nlink == links


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x", "a/../../x", "a\0b", "..", "a\\..\\b", "./../x"], ids=repr)
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StorageError) as told:
        inside(tmp_path, name)
    assert told.value.code == "unsafe_path"


def test_a_name_behind_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/tmp")

    with pytest.raises(StorageError):
        inside(tmp_path, "link/x")


def test_too_little_space_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as told:
        Store(tmp_path, min_free=10**18).prepare()
    assert told.value.code == "disk_full"
    assert "min_free_space" in told.value.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_an_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError):
        Store(tmp_path / "out").prepare()


def test_an_output_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("I am a file")

    with pytest.raises(StorageError):
        Store(tmp_path / "out").prepare()


async def test_a_stream_is_written_as_it_comes_and_can_be_continued(tmp_path: Path) -> None:
    async def chunks(*values: bytes) -> AsyncGenerator[bytes, None]:
        for value in values:
            yield value

    assert await disk.stream(tmp_path / "p", chunks(b"a" * 300_000, b"b")) == 300_001
    assert await disk.stream(tmp_path / "p", chunks(b"cd"), append=True) == 2
    assert (tmp_path / "p").read_bytes() == b"a" * 300_000 + b"bcd"


def test_what_is_written_when_the_run_has_ended_is_refused_and_leaves_nothing(store: Store) -> None:
    store.write(store.root / "a.txt", b"in time")
    (store.root / "part").write_bytes(b"arrived")
    store.gate.close()

    with pytest.raises(StorageError, match="has ended"):
        store.write(store.root / "a.txt", b"too late")
    with pytest.raises(StorageError, match="has ended"):
        store.adopt(store.root / "part", store.root / "b.txt")
    with pytest.raises(StorageError, match="has ended"):
        store.share(store.root / "a.txt", store.root / "c.txt", "hard")
    assert files(store.root) == ["a.txt", "part"]
    assert (store.root / "a.txt").read_bytes() == b"in time"

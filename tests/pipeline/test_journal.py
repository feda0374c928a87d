"""The journal: what a killed run had is known to the next, and an article that is done leaves nothing in it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from harvester.errors import StorageError
from harvester.model import File, Image, Saved, Video
from harvester.pipeline.earlier.journal import Journal, Unfinished
from harvester.stores.folder import PRIVATE, RESUMABLE, Store

PICTURE = "https://img.example/a.jpg"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    store.prepare()
    return store


def pages(store: Store) -> list[Path]:
    return sorted((store.root / PRIVATE / "work").glob("journal*"))


def image(number: int, alt: str = "") -> Image:
    return Image(number=number, role="inline", alt=alt)


def saved(video: str) -> Video:
    file = File(path=f"videos/{video}.mp4", url="https://v.example", sha256="0", bytes=1, type="video/mp4")
    return Video(
        number=1, provider="file", kind="file", url="https://v.example", origin="video", outcome=Saved(file=file)
    )


def test_what_a_killed_run_said_is_read_by_the_next(store: Store) -> None:
    with Journal(store) as journal:
        journal.begin(PICTURE, "k")
        journal.write_down(image(1), "k")
        journal.write_down(saved("x"), "k")
        journal.begin("https://img.example/b.jpg", "other")

    with Journal(store) as journal:
        assert journal.of("k") == Unfinished(images=(image(1),), videos=(saved("x"),), suspects=frozenset({PICTURE}))
        assert journal.of("other").suspects == {"https://img.example/b.jpg"}
        assert journal.of("nobody") == Unfinished()


def test_it_is_kept_through_runs_that_do_not_come_to_the_article(store: Store) -> None:
    with Journal(store) as journal:
        journal.write_down(image(1), "k")
    for _ in range(3):
        with Journal(store) as journal:
            journal.write_down(image(5), "elsewhere")
            journal.wipe("elsewhere")

    with Journal(store) as journal:
        assert journal.of("k").images == (image(1),)


def test_an_article_that_is_done_without_another_word_leaves_no_page(store: Store) -> None:
    with Journal(store) as journal:
        journal.write_down(image(1), "k")
    with Journal(store) as journal:
        journal.wipe("k")
        assert journal.of("k") == Unfinished()
    assert pages(store) == []


def test_pages_that_were_left_are_gone_on_with(store: Store) -> None:
    for number in range(3):
        with Journal(store) as journal:
            journal.write_down(image(number), "k")

    with Journal(store) as journal:
        assert [one.number for one in journal.of("k").images] == [0, 1, 2]
    assert len(pages(store)) == 1


def test_a_page_that_cannot_be_written_is_told(store: Store) -> None:
    with Journal(store) as journal:
        shutil.rmtree(store.root / PRIVATE)
        with pytest.raises(StorageError):
            journal.begin(PICTURE, "k")


def test_the_last_word_on_a_number_counts(store: Store) -> None:
    with Journal(store) as journal:
        journal.write_down(image(1, "first"), "k")
        journal.write_down(image(2), "k")
        journal.write_down(image(1, "last"), "k")

        assert [one.alt for one in journal.of("k").images] == ["last", ""]


def test_a_page_is_used_again_and_none_is_left_when_all_is_written(store: Store) -> None:
    with Journal(store) as journal:
        for number in range(20):
            journal.write_down(image(number), f"k{number}")
            assert journal.of(f"k{number}").images == (image(number),)
            journal.wipe(f"k{number}")
            assert journal.of(f"k{number}") == Unfinished()
        assert len(pages(store)) == 1
    assert pages(store) == []


def test_articles_at_once_have_a_page_each(store: Store) -> None:
    with Journal(store) as journal:
        for key in "abc":
            journal.begin(PICTURE, key)
        journal.wipe("b")
        journal.begin(PICTURE, "d")
        assert len(pages(store)) == 3
    assert len(pages(store)) == 3


def test_shards_have_pages_of_their_own(store: Store) -> None:
    with Journal(store, "-1-of-2") as one, Journal(store, "-2-of-2") as two, Journal(store) as whole:
        one.begin(PICTURE, "a")
        two.begin(PICTURE, "b")
        whole.begin(PICTURE, "c")

    with Journal(store, "-2-of-2") as journal:
        assert journal.of("b").suspects
        assert not journal.of("a").suspects
        assert not journal.of("c").suspects


@pytest.mark.parametrize(
    "line",
    [b'{"image":{"number":2', b"\xff\xfe", b"[]", b'{"image":{"number":"two"}}', b"null", b'{"video":3}', b"\0" * 9],
    ids=["cut off", "no text", "a list", "of another kind", "null", "no video", "zeros"],
)
def test_a_damaged_line_is_none(store: Store, line: bytes) -> None:
    with Journal(store) as journal:
        journal.write_down(image(1), "k")
    with pages(store)[0].open("ab") as page:
        page.write(line)

    with Journal(store) as journal:
        assert journal.of("k") == Unfinished(images=(image(1),))


def test_a_page_without_a_key_is_removed(store: Store) -> None:
    store.work_path("journal.0.jsonl").write_bytes(b'{"decoding":"x"}\n')
    with Journal(store):
        assert pages(store) == []


def test_a_page_that_is_too_old_is_removed(store: Store) -> None:
    with Journal(store) as journal:
        journal.begin(PICTURE, "k")
    old = pages(store)[0].stat().st_mtime - RESUMABLE - 1
    os.utime(pages(store)[0], (old, old))

    with Journal(store) as journal:
        assert journal.of("k") == Unfinished()
    assert pages(store) == []


def test_what_is_said_when_the_run_has_ended_is_refused(store: Store) -> None:
    with Journal(store) as journal:
        journal.begin(PICTURE, "k")

    with pytest.raises(StorageError, match="has ended"):
        journal.begin("https://img.example/late.jpg", "k")
    with pytest.raises(StorageError, match="has ended"):
        journal.wipe("k")
    with Journal(store) as journal:
        assert journal.of("k").suspects == {PICTURE}

"""Lines of any source: split as every system writes them, capped, and left at any moment."""

from __future__ import annotations

import asyncio
import io
import itertools
import os
import threading
import tracemalloc
from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.articles.leads import read_leads
from harvester.articles.sources.line_reader import LONGEST, Splitter, lines_of
from harvester.errors import SourceError
from harvester.steps import Lead


def split(*blocks: bytes) -> list[str | None]:
    splitter = Splitter()
    return [*itertools.chain.from_iterable(map(splitter.lines, blocks)), *splitter.rest()]


@given(st.text(alphabet="ab\r\n é\u20ac"), st.integers(1, 7), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_lines_are_those_of_a_text_file_wherever_blocks_end(text: str, size: int, encoding: str) -> None:
    raw = text.encode(encoding)
    blocks = [raw[:4], *(raw[at : at + size] for at in range(4, len(raw), size))]

    assert split(*blocks) == [line.removesuffix("\n") for line in io.StringIO(text, newline=None)]


@given(st.lists(st.integers(LONGEST - 2, LONGEST + 2) | st.integers(0, 3), max_size=5), st.booleans())
def test_a_line_is_capped_and_the_others_are_whole(lengths: list[int], ends: bool) -> None:
    lines = ["x" * length for length in lengths]
    raw = "\n".join(lines).encode() + (b"\n" if ends and lines else b"")
    found = split(*(raw[at : at + 65_536] for at in range(0, len(raw), 65_536)))

    expected = [line if len(line) <= LONGEST else None for line in lines]
    assert found == (expected if ends or not lines or lines[-1] else expected[:-1])


def test_a_line_without_end_takes_no_memory() -> None:
    splitter = Splitter()
    tracemalloc.start()
    for _ in range(200):
        assert not list(splitter.lines(b"x" * 65_536))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 2_000_000
    assert list(splitter.lines(b"\nnext\n")) == [None, "next"]


@pytest.mark.parametrize("long", [b"x", b"https://www.port.example/", b"# "])
async def test_a_line_that_is_too_long_is_told_and_the_rest_of_the_list_is_read(tmp_path: Path, long: bytes) -> None:
    (tmp_path / "list").write_bytes(b"http://a.example/1\n" + long * (LONGEST + 1) + b"\nhttp://a.example/2\n")
    first, lost, second = [lead async for lead in read_leads([f"@{tmp_path / 'list'}"])]

    assert isinstance(first, Lead)
    assert isinstance(second, Lead)
    assert isinstance(lost, SourceError)
    assert "line 2 is longer than" in lost.message
    assert (first.url, second.url) == ("http://a.example/1", "http://a.example/2")


async def test_a_list_of_which_nothing_is_wanted_lets_the_loop_turn(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"# nothing\n\n" * 100_000)
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.ensure_future(turn())
    assert [lead async for lead in read_leads([f"@{tmp_path / 'list'}"])] == []
    turning.cancel()

    assert turns > 5


async def test_the_thread_that_reads_ends_when_nobody_asks_any_more() -> None:
    reader, writer = os.pipe()
    async with aclosing(lines_of(lambda: reader)) as lines:
        os.write(writer, b"a\n")
        assert await anext(lines) == "a"
        (thread,) = [thread for thread in threading.enumerate() if thread.name == "harvester-lines"]
    os.close(writer)
    thread.join(10)

    assert not thread.is_alive()

"""Sources of every kind become leads, streaming; what is no source is told with what was expected."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harvester.articles.leads import MOST_NESTED, read_leads
from harvester.articles.sources.line_reader import BLOCK
from harvester.errors import SourceError, UsageError
from harvester.model import SourceKind
from harvester.steps import Lead

PAGE = "<!doctype html><title>Storm ends</title><p>Boats sail."
CANONICAL = '<link rel="canonical" href="https://www.port.example/storm">'
ITEM = "<!--1709371805000-->\n[Storm ends](https://www.port.example/item)\n------\n\n<p>Boats sail.\n"


async def leads(
    *sources: str | Path,
    kind: SourceKind | None = None,
    base_url: str | None = None,
    stdin: int = 0,
) -> list[Lead | SourceError]:
    reading = read_leads([str(source) for source in sources], kind=kind, base_url=base_url, stdin=stdin)
    return [lead async for lead in reading]


def urls_of(found: Iterable[Lead | SourceError]) -> list[str | None]:
    return [lead.url if isinstance(lead, Lead) else lead.code for lead in found]


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, "utf-8")
    return folder


@contextmanager
def standard_input(given: bytes) -> Iterator[int]:
    """Give the descriptor of a file that holds *given*."""
    with tempfile.TemporaryFile() as file:
        file.write(given)
        file.seek(0)
        yield file.fileno()


# ------------------------------------------------------------------ single sources


async def test_a_url_is_a_page_to_open() -> None:
    (lead,) = await leads("HTTPS://www.Port.example/a?b=%2C#top")

    assert isinstance(lead, Lead)
    assert (lead.url, lead.source.kind, lead.body) == ("https://www.port.example/a?b=%2C", "page", None)


async def test_a_user_name_in_a_url_is_not_told() -> None:
    (lead,) = await leads("https://ana:secret@www.port.example/a")

    assert isinstance(lead, Lead)
    assert lead.source.given == "https://www.port.example/a"


async def test_a_saved_page_needs_to_know_where_it_came_from(tmp_path: Path) -> None:
    page = write(tmp_path, a_html=PAGE) / "a.html"

    (lead,) = await leads(page, base_url="https://www.port.example/storm")

    assert isinstance(lead, Lead)
    assert (lead.url, lead.base_url, lead.source.kind) == (*["https://www.port.example/storm"] * 2, "html")
    assert lead.body == PAGE.encode()
    with pytest.raises(UsageError, match="--base-url"):
        await leads(page)


STATED = [
    CANONICAL,
    '<meta property="og:url" content="https://www.port.example/storm">',
    '<link rel="canonical" href="/storm"><meta property="og:url" content="https://www.port.example/storm">',
    "<!-- saved from url=(0029)https://www.port.example/storm -->" + CANONICAL.replace("/storm", "/other"),
    "<!--\n Page saved with SingleFile \n url: https://www.port.example/storm \n-->",
]


@pytest.mark.parametrize("stated", STATED)
async def test_a_saved_page_may_say_itself_where_it_came_from(stated: str, tmp_path: Path) -> None:
    assert urls_of(await leads(write(tmp_path, a_html=PAGE + stated) / "a.html")) == ["https://www.port.example/storm"]


async def test_a_base_url_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not an http or https URL"):
        await leads(write(tmp_path, a_html=PAGE) / "a.html", base_url="file:///etc/passwd")


async def test_the_kind_is_seen_in_the_content_not_in_the_name(tmp_path: Path) -> None:
    write(tmp_path, page_txt=PAGE + CANONICAL, item_html=ITEM, list_html="# ours\nhttps://www.port.example/b\n")

    for name, kind in (("page.txt", "html"), ("item.html", "item"), ("list.html", "page")):
        (lead,) = await leads(tmp_path / name)
        assert isinstance(lead, Lead)
        assert lead.source.kind == kind


async def test_as_overrules_what_a_file_seems_to_be(tmp_path: Path) -> None:
    write(tmp_path, a_txt=ITEM + CANONICAL)

    (lead,) = await leads(tmp_path / "a.txt", kind="html")

    assert isinstance(lead, Lead)
    assert (lead.source.kind, lead.url) == ("html", "https://www.port.example/storm")


NO_SOURCES = [
    ("ftp://www.port.example/a", "only http and https"),
    ("file:///etc/passwd", "only http and https"),
    ("javascript:alert(1)", "only http and https"),
    ("http://", "not a URL"),
    ("https://[::1/", "not a URL"),
    ("no-such-file.html", "no such file"),
    ("@no-such-list", "no such file"),
    ("a\0b", "no such file"),
    ("x" * 5000, "no such file"),
    ("", "no such file"),
]


@pytest.mark.parametrize(("given", "told"), NO_SOURCES, ids=[row[1] + str(n) for n, row in enumerate(NO_SOURCES)])
async def test_what_is_no_source_is_told_with_what_was_expected(given: str, told: str, tmp_path: Path) -> None:
    os.chdir(tmp_path)
    with pytest.raises(UsageError, match=told) as refused:
        await leads(given)

    assert "expected" in refused.value.message
    assert "\0" not in refused.value.message


@pytest.mark.parametrize("content", [b"", b"just some words\nand more", b"\x89PNG\r\n\x1a\n\0\0", b'{"a": 1}'])
async def test_a_file_of_another_kind_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(content)

    with pytest.raises(UsageError, match="expected"):
        await leads(tmp_path / "a.html")


async def test_one_bad_source_of_several_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        await leads("https://www.port.example/a", "ftp://www.port.example/b")


async def test_one_page_without_an_address_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path, a_html=PAGE)

    assert urls_of(await leads(tmp_path / "a.html", "https://www.port.example/b")) == [
        "not_a_source",
        "https://www.port.example/b",
    ]


# ------------------------------------------------------------------ saved feed items

LINKS = [
    ("Storm ends", "Storm ends"),
    ("Storm [update] ends", "Storm [update] ends"),
    (r"Storm \[update\] \*ends\*", "Storm [update] *ends*"),
    ("&quot;Storm” &amp; sea", '"Storm” & sea'),
    ("&amp;quot;Storm&amp;quot;", '"Storm"'),
    ("  Storm\tends ", "Storm ends"),
    ("Storm](https://other.example/) ends", "Storm](https://other.example/) ends"),
    ("", None),
]


@pytest.mark.parametrize(("markdown", "title"), LINKS)
async def test_the_title_of_an_item_is_without_markdown(markdown: str, title: str | None, tmp_path: Path) -> None:
    write(tmp_path, a_txt=f"<!--1709371805000-->\n[{markdown}](https://www.port.example/a)\n------\n\n<p>x")

    (lead,) = await leads(tmp_path / "a.txt")

    assert isinstance(lead, Lead)
    assert (lead.title, lead.url) == (title, "https://www.port.example/a")


async def test_an_item_gives_its_time_its_address_and_its_html(tmp_path: Path) -> None:
    (lead,) = await leads(write(tmp_path, a_txt="\ufeff" + ITEM.replace("\n", "\r\n")) / "a.txt")

    assert isinstance(lead, Lead)
    assert (lead.published, lead.base_url) == ("2024-03-02T09:30:05Z", "https://www.port.example/item")
    assert (str(lead.body).strip(), lead.fetch) == ("<p>Boats sail.", "item")


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://www.port.example/a)\n---\n<p>x",
        "<!--1709371805-->\n[a](https://www.port.example/a)\n<p>x",
        "<!-- 1709371805000 -->\n\n[a](<https://www.port.example/a>)\n=====\n",
        '<!--1709371805000-->\n[a](https://www.port.example/a "port")\n------\n',
        "<!--1709371805000-->\n[a](https://www.port.example/a)",
    ],
)
async def test_an_item_is_known_by_its_time_or_its_underline(text: str, tmp_path: Path) -> None:
    (lead,) = await leads(write(tmp_path, a_txt=text) / "a.txt")

    assert isinstance(lead, Lead)
    assert (lead.source.kind, lead.url, lead.title) == ("item", "https://www.port.example/a", "a")


async def test_brackets_in_an_address_belong_to_it(tmp_path: Path) -> None:
    write(tmp_path, a_txt=ITEM.replace("/item)", "/Port_(sea))"))

    assert urls_of(await leads(tmp_path / "a.txt")) == ["https://www.port.example/Port_(sea)"]


async def test_what_is_given_as_an_item_and_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a saved feed item"):
        await leads(write(tmp_path, a_html=PAGE) / "a.html", kind="item")


# ------------------------------------------------------------------ lists and folders


async def test_a_list_has_comments_blank_lines_and_paths_beside_it(tmp_path: Path) -> None:
    write(tmp_path, a_txt=ITEM)
    entries = "\ufeff# ours\n\nhttps://www.port.example/b\r\n  a.txt  \nnone.txt\nhttps://www.port.example/c"
    (tmp_path / "list").write_text(entries, "utf-8")

    for given in (tmp_path / "list", f"@{tmp_path / 'list'}"):
        assert urls_of(await leads(given)) == [
            "https://www.port.example/b",
            "https://www.port.example/item",
            "not_a_source",
            "https://www.port.example/c",
        ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", ["", "@"])
async def test_a_list_is_read_as_editors_and_shells_write_it(tmp_path: Path, encoding: str, mark: str) -> None:
    lines = "http://a.example/1\r\n\r\nhttp://a.example/ü\r\n"
    (tmp_path / "list.txt").write_bytes(lines.encode(encoding))

    assert urls_of(await leads(f"{mark}{tmp_path}/list.txt")) == ["http://a.example/1", "http://a.example/%C3%BC"]


async def test_a_binary_file_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes(b"\x7fELF\0\0\0\nmore\n")

    with pytest.raises(UsageError, match="a binary file"):
        await leads(f"@{tmp_path}/list.txt")


async def test_a_list_comes_over_standard_input(tmp_path: Path) -> None:
    item = write(tmp_path, a_txt=ITEM) / "a.txt"

    with standard_input(f"# ours\nhttps://www.port.example/b\n\n-\n{item}\n".encode()) as stdin:
        found = await leads("-", stdin=stdin)

    assert urls_of(found) == ["https://www.port.example/b", "not_a_source", "https://www.port.example/item"]


async def test_the_first_line_of_standard_input_is_a_lead_before_the_second_is_written() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader), os.fdopen(writer, "w", encoding="utf-8") as lines:
        lines.write("https://www.port.example/a\n")
        lines.flush()
        reading = read_leads(["-"], stdin=reader)

        async with asyncio.timeout(10):
            first = await anext(reading)
            lines.write("https://www.port.example/b\n")
            lines.close()
            rest = [lead async for lead in reading]

    assert urls_of([first, *rest]) == ["https://www.port.example/a", "https://www.port.example/b"]


async def test_a_long_list_is_read_only_as_far_as_it_is_asked_for() -> None:
    lines = [f"https://www.port.example/{number}\n".encode() for number in range(300_000)]
    with standard_input(b"".join(lines)) as stdin:
        reading = read_leads(["-"], stdin=stdin)
        for _ in range(5_000):
            await anext(reading)
        await reading.aclose()
        read = os.lseek(stdin, 0, os.SEEK_CUR)

    assert read < len(b"".join(lines[:5_000])) + 12 * BLOCK


async def test_a_standard_input_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        with pytest.raises(UsageError, match="-: is a directory"):
            await leads("-", stdin=folder)
    finally:
        os.close(folder)


async def test_a_standard_input_that_is_closed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stdin__", None)

    with pytest.raises(UsageError, match="standard input is closed"):
        async with asyncio.timeout(10):
            await leads("-")


async def test_a_list_from_a_named_pipe_does_not_hold_up_the_loop(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reading = read_leads([f"@{tmp_path / 'pipe'}"])

    async def write() -> None:
        await asyncio.to_thread((tmp_path / "pipe").write_text, "https://www.port.example/a\n")

    async with asyncio.timeout(10):
        first, _ = await asyncio.gather(anext(reading), write())

    assert urls_of([first]) == ["https://www.port.example/a"]


async def test_a_list_that_names_itself_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, a_list="@b.list\nhttps://www.port.example/a\n", b_list="@a.list\n@b.list\n.\n")

    found = await leads(f"@{tmp_path / 'a.list'}")

    assert urls_of(found).count("https://www.port.example/a") == 1
    assert any("leads back to itself" in str(lost) for lost in found)


async def test_lists_in_lists_end(tmp_path: Path) -> None:
    for n in range(MOST_NESTED + 2):
        (tmp_path / f"{n}").write_text(f"@{n + 1}\nhttps://www.port.example/{n}\n")

    found = await leads(f"@{tmp_path / '0'}")

    assert urls_of(found) == ["not_a_source"] + [f"https://www.port.example/{n}" for n in reversed(range(MOST_NESTED))]


async def test_a_folder_gives_its_files_by_name_without_hidden_ones_and_pictures(tmp_path: Path) -> None:
    write(tmp_path, b_txt=ITEM, a_html=PAGE + CANONICAL, c_txt="words")
    (tmp_path / ".hidden.txt").write_text(ITEM)
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\0\0")
    (tmp_path / "a_files").mkdir()
    (tmp_path / "a_files" / "frame.html").write_text(PAGE)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "d.txt").write_text(ITEM.replace("/item", "/d"))

    assert urls_of(await leads(tmp_path)) == [
        "https://www.port.example/storm",
        "https://www.port.example/item",
        "not_a_source",
        "https://www.port.example/d",
    ]


async def test_names_that_are_no_utf_8_can_be_written_down(tmp_path: Path) -> None:
    for name, text in ((b"caf\xe9.txt", ITEM), (b"odd\xe9.txt", "words")):
        (tmp_path / os.fsdecode(name)).write_text(text)

    item, lost = await leads(tmp_path)

    assert isinstance(item, Lead)
    assert item.source.given == f"{tmp_path}/caf\\xe9.txt"
    assert isinstance(lost, SourceError)
    assert str(lost).encode()


async def test_a_folder_that_holds_a_link_to_itself_ends(tmp_path: Path) -> None:
    write(tmp_path, a_txt=ITEM)
    (tmp_path / "again").symlink_to(tmp_path)

    assert urls_of(await leads(tmp_path)) == ["https://www.port.example/item", "not_a_source"]


async def test_as_is_meant_for_what_lies_in_a_folder(tmp_path: Path) -> None:
    write(tmp_path, a_txt=ITEM + CANONICAL)

    assert urls_of(await leads(tmp_path, kind="html")) == ["https://www.port.example/storm"]


def test_nobody_waits_for_the_thread_that_reads_standard_input() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader), os.fdopen(writer, "wb"):

        async def one() -> None:
            reading = read_leads(["-"], stdin=reader)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await anext(reading)

        asyncio.run(one())
        waiting = [thread for thread in threading.enumerate() if thread.name == "harvester-lines"]

        assert waiting
        assert all(thread.daemon for thread in waiting)

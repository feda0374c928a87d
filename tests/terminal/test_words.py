"""Sizes, spans, dates and URLs as people type and read them; text from outside that cannot harm a terminal."""

from __future__ import annotations

import io
from contextlib import chdir
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from harvester import config
from harvester.config import Config
from harvester.errors import UsageError
from harvester.terminal import settings
from harvester.terminal import times as moments
from harvester.terminal.screens.columns import laid_out, shortened
from harvester.terminal.screens.console import counted, safe, size


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("20m", 1200), ("2h", 7200), ("1.5h", 5400), ("3d", 259_200)]
)
def test_a_span_of_time_is_read(text: str, seconds: float) -> None:
    assert moments.span(text, "--deadline") == seconds


@pytest.mark.parametrize("text", ["", "soon", "-5", "5 weeks", "h", "1h30m", "９"])
def test_a_span_that_is_none_names_the_flag(text: str) -> None:
    with pytest.raises(UsageError, match="--deadline"):
        moments.span(text, "--deadline")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-14", "2026-03-14T00:00:00Z"),
        ("2026-03-14T21:00", "2026-03-14T21:00:00Z"),
        ("2026-03-14T21:00+02:00", "2026-03-14T19:00:00Z"),
        ("12h", "2026-03-16T00:00:00Z"),
        ("3d", "2026-03-13T12:00:00Z"),
        ("99999999d", "1926-03-16T12:00:00Z"),
        ("0001-01-01", "0001-01-01T00:00:00Z"),
    ],
)
def test_since_is_a_date_or_an_age(text: str, moment: str) -> None:
    assert moments.since(text, now=datetime(2026, 3, 16, 12, tzinfo=UTC)) == moment


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "14.3.2026", "7", "0001-01-01T00:00+05:00"])
def test_a_since_that_is_neither_tells_how_to_write_it(text: str) -> None:
    with pytest.raises(UsageError, match="2026-03-14"):
        moments.since(text)


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (12_345, "12.3 kB"), (123_456, "123 kB"), (4_100_000, "4.1 MB"),
     (99_960_000_000, "100.0 GB"), (2_500_000_000_000, "2.5 TB")],
)  # fmt: skip
def test_sizes_are_said_in_the_nearest_unit(count: int, said: str) -> None:
    assert size(count) == said


def test_a_number_agrees_with_its_noun() -> None:
    assert [counted(n, "picture") for n in (0, 1, 2, 1204)] == [
        "0 pictures",
        "1 picture",
        "2 pictures",
        "1,204 pictures",
    ]


@given(st.text(max_size=200), st.integers(min_value=3, max_value=250))
def test_a_shortened_url_fits_and_keeps_its_ends(url: str, room: int) -> None:
    short = shortened(url, room)

    assert len(short) <= room
    assert short == url or (url.startswith(short.split("…")[0]) and url.endswith(short[len(short) - room // 2 :]))


@given(st.text())
def test_text_from_outside_commands_no_terminal(text: str) -> None:
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, color_system="truecolor", width=500, markup=False, emoji=False)

    console.print(safe(text), *laid_out([([(text, "")], [(text, "")])], 500))

    assert "\x1b" not in written.getvalue()
    assert all(character.isprintable() or character in "\n\u200c\u200d" for character in written.getvalue())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Paris\xa0: la une", "Paris : la une"),
        ("日本\u3000東京", "日本 東京"),
        ("می\u200cشود", "می\u200cشود"),
        ("a\u2028b\x0bc", "a b c"),
        ("exe\u202egnp", "exe\\x202egnp"),
    ],
)
def test_titles_of_all_scripts_stay_legible(text: str, shown: str) -> None:
    assert safe(text).plain == shown


CELLS = st.lists(st.tuples(st.text(max_size=60), st.just("")), max_size=3)


@given(
    st.integers(1, 4).flatmap(
        lambda columns: st.lists(st.lists(CELLS, min_size=columns, max_size=columns), max_size=5)
    ),
    st.integers(60, 200),
)
def test_columns_fit_whatever_stands_in_them(rows: list[list[list[tuple[str, str]]]], room: int) -> None:
    lines = list(laid_out(rows, room))

    assert all(line.cell_len <= room or not line.plain.isascii() for line in lines)
    assert all(line.plain == line.plain.rstrip() for line in lines)


def test_rich_markup_from_outside_is_shown_as_it_is() -> None:
    written = io.StringIO()

    Console(file=written, width=80).print(safe("[bold]not ours[/bold] :smile:"))

    assert written.getvalue() == "[bold]not ours[/bold] :smile:\n"


def test_the_configuration_here_comes_before_the_users(tmp_path: Path) -> None:
    user = tmp_path / "home/.config/harvester/config.toml"
    user.parent.mkdir(parents=True)
    user.write_text("[web]\nretries = 1\n")
    here = tmp_path / "here"
    here.mkdir()
    home = {"HOME": str(tmp_path / "home")}

    with chdir(here):
        assert settings.read(None, home).config.web.retries == 1
        Path("config.toml").write_text("[web]\nretries = 2\n")
        assert settings.read(None, home).config.web.retries == 2
        Path("given.toml").write_text("[web]\nretries = 3\n")
        assert settings.read(Path("given.toml"), home).config.web.retries == 3


def test_xdg_config_home_is_obeyed(tmp_path: Path) -> None:
    (tmp_path / "harvester").mkdir()
    (tmp_path / "harvester/config.toml").write_text("[web]\nretries = 4\n")

    with chdir(tmp_path):
        found = settings.read(None, {"XDG_CONFIG_HOME": str(tmp_path), "HOME": "/nowhere"})

    assert (found.config.web.retries, found.path) == (4, tmp_path / "harvester/config.toml")


def test_without_any_file_the_defaults_apply(tmp_path: Path) -> None:
    with chdir(tmp_path):
        assert settings.read(None, {}) == settings.Settings(config=Config(), path=None)


def test_flags_stand_above_the_configuration() -> None:
    configured = config.parse('[output]\ndirectory = "there"\n[candidates]\nscope = "page"\n')

    changed = settings.under_flags(configured, output=Path("here"), scope="article", no_video=True)

    assert (changed.output.directory, changed.candidates.scope, changed.videos.download) == ("here", "article", False)
    assert settings.under_flags(configured) == configured

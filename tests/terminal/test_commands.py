"""The command line from outside: exit statuses, what goes to which stream, help, speed."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from pathlib import Path

import jsonschema
import msgspec
import pytest
import typer

from harvester.imaging.drawing import draw, encode
from harvester.terminal.main import app
from tests.support.command import environment, flags, harvester
from tests.support.servers import Raw, Reply, Seen, Site

PICTURE = encode(draw(1, 640, 360), "image/jpeg")
PAGE = """<!doctype html><html lang="en"><head><title>A story</title>
<meta property="article:published_time" content="2026-03-14T19:20:00Z"></head><body><article><h1>A story</h1>
<p>The lamps came on at six, forty-one of them, one after the other, towards the sea, and everybody came to look.</p>
<figure><img src="{picture}" width="640" height="360" alt="Lamps"><figcaption>Lamps.</figcaption></figure>
<p>They burn from dusk until the last ferry. After that, says the harbour master, the dark is for the herons again.</p>
</article></body></html>"""
CONFIG = '[web]\nallow_networks = ["127.0.0.0/8"]\npage_delay = 0\nretries = 0\n[choice]\nupgrade = false\n'


class Newsroom:
    """A folder of its own, and a server with a story, one without its picture, and one that is gone."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder = folder
        self.site = site
        self.good, self.torn, self.gone = (f"{site.url}/{name}" for name in ("good", "torn", "gone"))
        (folder / "config.toml").write_text(CONFIG.replace("127.0.0.0/8", "127.0.0.1/32"))
        site.routes |= {
            "/good": PAGE.format(picture="/picture.jpg"),
            "/torn": PAGE.format(picture="/missing.jpg"),
            "/picture.jpg": Reply(PICTURE, "image/jpeg"),
        }

    def run(self, *arguments: str | Path, given: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
        return harvester(*arguments, cwd=self.folder, given=given, HOME=str(self.folder), **changes)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "harvester", *arguments],
            cwd=self.folder,
            env=environment(HOME=str(self.folder)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def saved(self) -> list[str]:
        return [path.name for path in sorted((self.folder / "downloads").glob("*/*/*/*/images/*"))]


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Site() as site:
        yield Newsroom(tmp_path, site)


# ------------------------------------------------------------------ exit statuses


def test_all_done_is_0_and_a_second_time_already_there(newsroom: Newsroom) -> None:
    first = newsroom.run("harvest", newsroom.good)
    asked = newsroom.site.asked()
    second = newsroom.run("harvest", newsroom.good)

    assert (first.returncode, second.returncode) == (0, 0)
    assert newsroom.saved() == ["01-picture.jpg"]
    assert "1 picture saved of 1 article" in first.stderr
    assert "1 article already there" in second.stderr
    assert newsroom.site.asked() == [*asked, "/good"]


def test_a_failed_picture_is_3_and_the_summary_tells_which_and_why(newsroom: Newsroom) -> None:
    done = newsroom.run("harvest", newsroom.torn, newsroom.good)

    assert done.returncode == 3
    assert f"{newsroom.site.url}/missing.jpg" in done.stderr
    assert "404" in done.stderr
    assert "exit status    3" in done.stderr


def test_no_article_at_all_is_4(newsroom: Newsroom) -> None:
    done = newsroom.run("harvest", newsroom.gone)

    assert done.returncode == 4
    assert newsroom.gone in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["harvest"], "harvest what?"),
        (["inspect"], "inspect what?"),
        (["manifest"], "--schema"),
        (["harvest", "no-such-file"], "no-such-file"),
        (["harvest", "ftp://a.example/x"], "http"),
        (["harvest", "http://a.example", "--since", "soon"], "--since 'soon'"),
        (["harvest", "http://a.example", "--since", "0001-01-01T00:00+10:00"], "--since '0001-01-01"),
        (["harvest", "http://a.example", "--deadline", "x"], "--deadline 'x'"),
        (["harvest", "http://a.example", "--scope", "all"], "--scope"),
        (["harvest", "http://a.example", "--shard", "9/2"], "--shard 9/2"),
        (["harvest", "http://a.example", "--deny", "("], "deny: '('"),
        (["harvest", "http://a.example", "-c", "none.toml"], "none.toml"),
        (["hravest", "http://a.example"], "harvest"),
        (["http://a.example/x"], "harvester harvest http://a.example/x"),
        (["config.toml"], "harvester harvest config.toml"),
        (["config", "init"], "config.toml is there already"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_command_line_is_2_and_says_what_was_expected(
    newsroom: Newsroom, arguments: list[str], said: str
) -> None:
    done = newsroom.run(*arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (newsroom.folder / "downloads").exists()


def test_a_wrong_key_is_2_and_names_the_right_one(newsroom: Newsroom) -> None:
    (newsroom.folder / "config.toml").write_text("[thumbnails]\nwidht = [320]\n")

    done = newsroom.run("harvest", newsroom.good)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: config.toml: unknown key 'thumbnails.widht'; did you mean 'widths'?\n"


def test_an_output_that_cannot_be_written_is_5(newsroom: Newsroom) -> None:
    (newsroom.folder / "file").touch()

    done = newsroom.run("harvest", newsroom.good, "-o", "file/out")

    assert done.returncode == 5
    assert "file/out" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bug_is_1_and_asks_for_a_report() -> None:
    broken = "import sys; from harvester.terminal.screens import bugs; sys.excepthook = bugs.report; {}['key']"

    done = subprocess.run([sys.executable, "-c", broken], capture_output=True, text=True, check=False)
    loud = subprocess.run([sys.executable, "-c", broken, "-v"], capture_output=True, text=True, check=False)

    assert (done.returncode, loud.returncode) == (1, 1)
    assert "This is a bug in harvester: KeyError: 'key'" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in loud.stderr


# ------------------------------------------------------------------ streams


def test_json_prints_one_manifest_per_article_and_nothing_else(newsroom: Newsroom) -> None:
    schema = json.loads(newsroom.run("manifest", "--schema").stdout)
    done = newsroom.run("harvest", "--json", newsroom.good, newsroom.gone)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    (good,), (gone,) = [line for line in lines if "article" in line], [line for line in lines if "error" in line]

    assert done.returncode == 3
    assert (newsroom.folder / good.pop("folder") / good["images"][0]["file"]["path"]).is_file()
    jsonschema.validate(good, schema)
    assert gone["given"] == newsroom.gone
    assert gone["error"]["retryable"] is False


def test_json_tells_of_an_entry_that_is_no_source_too(newsroom: Newsroom) -> None:
    (newsroom.folder / "list.txt").write_text(f"{newsroom.good}\nno-such-file\n")

    done = newsroom.run("harvest", "--json", "@list.txt")
    lines = [json.loads(line) for line in done.stdout.splitlines()]

    assert {line.get("given", "") for line in lines} == {"", "no-such-file"}


def test_the_log_as_json_has_no_other_lines(newsroom: Newsroom) -> None:
    (newsroom.folder / "config.toml").write_text(f'{CONFIG}[[job]]\nname = "lost"\nsources = ["no-such-file"]\n')

    done = newsroom.run("batch", "--log-format", "json")
    lines = [json.loads(line) for line in done.stderr.splitlines()]

    assert done.returncode == 2
    assert [line["event"] for line in lines] == ["job_started", "run_ended"]
    assert "no-such-file" in lines[-1]["error"]


def test_an_interrupt_is_a_line_of_the_log_as_json(newsroom: Newsroom) -> None:
    def slowly(seen: Seen) -> Reply:
        running.send_signal(signal.SIGINT)
        return Reply(PICTURE, "image/jpeg", after=0.5)

    newsroom.site.routes["/picture.jpg"] = slowly
    running = newsroom.start("harvest", "--log-format", "json", newsroom.good)
    lines = [json.loads(line) for line in running.communicate(timeout=30)[1].splitlines()]

    assert [line["event"] for line in lines] == ["warned", "article_written", "run_ended"]
    assert lines[0]["code"] == "stopping"


def test_the_log_as_json_ends_with_the_report(newsroom: Newsroom) -> None:
    done = newsroom.run("harvest", "--log-format", "json", newsroom.good, newsroom.gone)
    lines = [json.loads(line) for line in done.stderr.splitlines()]

    assert sorted(line["event"] for line in lines) == ["article_lost", "article_written", "run_ended"]
    assert lines[-1]["exit_status"] == 3
    assert done.stdout == ""


def test_with_v_the_log_tells_what_an_article_has_and_each_file(newsroom: Newsroom) -> None:
    done = newsroom.run("harvest", "-v", "--log-format", "json", newsroom.good)
    told = [json.loads(line)["event"] for line in done.stderr.splitlines()]

    assert told[:2] == ["article_opened", "article_planned"]
    assert set(told[2:-2]) == {"asset_saved"}
    assert told[-2:] == ["article_written", "run_ended"]


def test_quiet_says_nothing_when_all_is_well_and_names_what_is_not(newsroom: Newsroom) -> None:
    well = newsroom.run("harvest", "-q", newsroom.good)
    torn = newsroom.run("harvest", "-q", newsroom.torn)

    assert (well.stdout, well.stderr) == ("", "")
    assert len(torn.stderr.splitlines()) == 1
    assert "/missing.jpg" in torn.stderr


def test_without_a_terminal_there_are_no_colours_and_no_moving_display(newsroom: Newsroom) -> None:
    done = newsroom.run("harvest", "-v", newsroom.good)
    shown = [newsroom.run(*command) for command in (["inspect", newsroom.good], ["status"], ["verify"])]
    said = "\n".join((done.stderr, *(text for run in shown for text in (run.stdout, run.stderr))))

    assert not set(said) & {"\x1b", "\r"}
    assert [line for line in said.splitlines() if line != line.rstrip()] == []


def on_a_terminal(newsroom: Newsroom, *arguments: str, **changes: str) -> str:
    """Run the command with a terminal of 80 columns for its output, and give what appeared on it."""
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "harvester", *arguments],
        cwd=newsroom.folder,
        env=environment(HOME=str(newsroom.folder), TERM="xterm-256color", COLUMNS="80", **changes),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as running:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # what Linux says when the last one at the other end is gone
            while chunk := os.read(ours, 65536):
                shown += chunk
        os.close(ours)
    assert running.returncode == 0
    return shown.decode()


def test_a_terminal_has_one_display_that_goes_away_and_colours(newsroom: Newsroom) -> None:
    shown = on_a_terminal(newsroom, "harvest", newsroom.good)

    assert "asking " in shown
    assert "\x1b[2K" in shown  # the display is wiped
    assert "\x1b[32m" in shown  # a green mark
    assert "asking " not in shown.rpartition("\x1b[2K")[2]


def test_no_color_is_obeyed_on_a_terminal(newsroom: Newsroom) -> None:
    shown = on_a_terminal(newsroom, "inspect", newsroom.good, NO_COLOR="1")

    assert "1 picture" in shown
    assert re.search(r"\x1b\[[0-9;]*[34][0-7]", shown) is None


def test_a_title_from_outside_reaches_no_terminal_raw(newsroom: Newsroom) -> None:
    newsroom.site.routes["/forged"] = PAGE.format(picture="/picture.jpg").replace(
        "A story", "A\x1b]0;owned\x07 &#x1b;[2J [bold]story[/bold] \u202egnp.exe"
    )

    done = newsroom.run("harvest", f"{newsroom.site.url}/forged")
    plan = newsroom.run("inspect", f"{newsroom.site.url}/forged")

    for text in (done.stderr, plan.stdout):
        assert not set(text) & {"\x1b", "\x07", "\u202e"}
        assert "[bold]story[/bold]" in text


def test_a_reader_that_leaves_early_is_no_error(newsroom: Newsroom) -> None:
    many = ", ".join(f"/{'long' * 40}/{width}.jpg {width}w" for width in range(100, 700))
    (newsroom.folder / "page.html").write_text(PAGE.format(picture=f'/1.jpg" srcset="{many}'))
    command = f"'{sys.executable}' -m harvester inspect page.html --base-url {newsroom.good} | head -n 1"

    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=newsroom.folder, env=environment(), capture_output=True,
        text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr) == (0, "A story\n", "")


# ------------------------------------------------------------------ inspect


def test_inspect_of_a_file_needs_no_network_and_writes_nothing(newsroom: Newsroom) -> None:
    page = newsroom.folder / "page.html"
    page.write_text(PAGE.format(picture="picture.jpg"))

    done = newsroom.run("inspect", page, "--base-url", newsroom.good)
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "harvester", "inspect", str(page), "--base-url", newsroom.good],
        env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.returncode == 0
    assert f"{newsroom.site.url}/picture.jpg" in done.stdout
    assert "1 picture, 0 videos. Nothing was downloaded." in done.stdout
    assert newsroom.site.requests == []
    assert sorted(path.name for path in newsroom.folder.iterdir()) == ["config.toml", "page.html"]
    assert [name for name in ("aiohttp", "PIL", "feedparser", "pydantic", "sqlite3") if name in loaded.stderr] == []


def test_inspect_prints_plans_as_json_that_keep_to_the_schema(newsroom: Newsroom) -> None:
    schema = json.loads(newsroom.run("manifest", "--schema").stdout)
    done = newsroom.run("inspect", "--json", newsroom.good, newsroom.torn)
    plans = [json.loads(line) for line in done.stdout.splitlines()]

    assert [plan["images"][0]["status"] for plan in plans] == ["planned", "planned"]
    assert newsroom.site.asked() == ["/good", "/torn"]
    for plan in plans:
        jsonschema.validate(plan, schema)


def test_a_dry_run_is_an_inspection(newsroom: Newsroom) -> None:
    dry = newsroom.run("harvest", "-n", newsroom.good)

    assert dry.stdout == newsroom.run("inspect", newsroom.good).stdout
    assert not (newsroom.folder / "downloads").exists()


def test_inspect_goes_on_after_a_page_that_is_gone(newsroom: Newsroom) -> None:
    done = newsroom.run("inspect", newsroom.gone, newsroom.good)

    assert done.returncode == 3
    assert "404" in done.stderr
    assert "A story" in done.stdout
    assert newsroom.run("inspect", newsroom.gone).returncode == 4


# ------------------------------------------------------------------ sources and flags


def test_sources_come_from_lists_files_and_standard_input(newsroom: Newsroom) -> None:
    (newsroom.folder / "list.txt").write_text(f"# two stories\n\n{newsroom.good}\n")

    for arguments, given in ((["-i", "list.txt"], ""), (["@list.txt"], ""), (["-"], f"{newsroom.good}\n")):
        done = newsroom.run("inspect" if "-i" not in arguments else "harvest", *arguments, given=given)
        assert done.returncode == 0, done.stderr


def test_since_and_max_articles_leave_out_the_rest(newsroom: Newsroom) -> None:
    item = "<!--{}000-->\n[Story {}]({})\n------\n<p>Text.</p>"
    for name, seconds in (("old", 1_000_000_000), ("new", 1_790_000_000), ("newer", 1_790_000_001)):
        (newsroom.folder / f"{name}.txt").write_text(item.format(seconds, name, f"{newsroom.site.url}/{name}"))

    done = newsroom.run("harvest", "old.txt", "new.txt", "newer.txt", "--since", "2020-01-01", "--max-articles", "1")

    assert done.returncode == 0
    assert "of 1 article" in done.stderr


def test_a_crawl_goes_as_deep_and_to_what_the_flags_say(newsroom: Newsroom) -> None:
    links = "<p><a href='{}'>On</a></p>".format
    newsroom.site.routes |= {
        "/": links("/world") + links("/good"),
        "/world": links("/torn"),
    }
    crawl = ("harvest", "-n", "--json", "--as", "crawl", newsroom.site.url, "--allow", "/(good|torn)$")

    def found(*flags: str) -> list[str]:
        lines = newsroom.run(*crawl, *flags).stdout.splitlines()
        return [json.loads(line)["article"]["url"].removeprefix(newsroom.site.url) for line in lines]

    assert found() == ["/good"]
    assert found("--depth", "2") == ["/good", "/torn"]
    assert found("--depth", "2", "--deny", "good") == ["/torn"]


def test_force_asks_again_for_what_is_there(newsroom: Newsroom) -> None:
    newsroom.run("harvest", newsroom.good)
    newsroom.run("harvest", newsroom.good, "--force")

    assert len(newsroom.site.asked("/picture.jpg")) == 2


def test_config_show_prints_what_applies_and_where_it_is_from(newsroom: Newsroom) -> None:
    done = newsroom.run("config", "show")

    assert "page_delay = 0.0" in done.stdout
    assert done.stderr == "# from config.toml\n"


def test_config_init_writes_a_file_that_loads(newsroom: Newsroom) -> None:
    written = newsroom.run("config", "init", "new/config.toml")
    shown = newsroom.run("config", "show", "-c", "new/config.toml")

    assert (written.returncode, shown.returncode) == (0, 0)
    assert shown.stdout == newsroom.run("config", "show", "-c", "/dev/null").stdout


# ------------------------------------------------------------------ interrupts


@pytest.mark.parametrize(("signals", "status"), [((signal.SIGINT,), 130), ((signal.SIGTERM,), 143)])
def test_an_interrupt_ends_within_seconds_and_leaves_no_half_files(
    newsroom: Newsroom, signals: tuple[signal.Signals, ...], status: int
) -> None:
    def slowly(seen: Seen) -> Reply:
        running.send_signal(signals[0])
        return Reply(PICTURE, "image/jpeg", after=0.5)

    newsroom.site.routes["/picture.jpg"] = slowly
    running = newsroom.start("harvest", newsroom.good)
    begun = time.monotonic()
    _, said = running.communicate(timeout=30)

    assert running.returncode == status
    assert time.monotonic() - begun < 10
    assert "Traceback" not in said
    assert newsroom.saved() == (["01-picture.jpg"] if status == 130 else [])
    assert newsroom.run("harvest", newsroom.good).returncode == 0
    assert newsroom.saved() == ["01-picture.jpg"]


def until_hung_up(connection: socket.socket, seen: Seen) -> None:
    connection.recv(1)


def test_a_second_ctrl_c_does_not_wait_for_the_pictures(newsroom: Newsroom) -> None:
    def never(seen: Seen) -> Raw:
        running.send_signal(signal.SIGINT)
        return Raw(until_hung_up)

    newsroom.site.routes["/picture.jpg"] = never
    running = newsroom.start("harvest", newsroom.good)
    begun = time.monotonic()
    assert running.stderr is not None
    stopping = next(line for line in running.stderr if "Stopping" in line)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)

    assert "Ctrl-C again" in stopping
    assert running.returncode == 130
    assert time.monotonic() - begun < 10
    assert "Stopped." in said


def test_a_deadline_ends_the_run_cleanly(newsroom: Newsroom) -> None:
    newsroom.site.routes["/picture.jpg"] = Reply(PICTURE, "image/jpeg", after=1.5)

    done = newsroom.run("harvest", newsroom.good, "--deadline", "1s")

    assert newsroom.saved() == ["01-picture.jpg"]
    assert "Traceback" not in done.stderr


# ------------------------------------------------------------------ help and start


@pytest.mark.parametrize("command", sorted({"", "config", "state", *(command for command, _ in flags())}))
def test_help_fits_80_columns_and_shows_an_example(command: str) -> None:
    shown = io.StringIO()

    with redirect_stdout(shown):
        typer.main.get_command(app())(
            [*command.split(), "--help"], "harvester", standalone_mode=False, terminal_width=80
        )

    assert max(map(len, shown.getvalue().splitlines())) <= 80
    assert "harvester " in shown.getvalue().partition("Options:")[2]


def test_the_list_of_commands_says_each_in_a_whole_sentence() -> None:
    commands = harvester("--help", COLUMNS="80").stdout.partition("Commands:")[2].partition("Examples:")[0]

    assert all(line.endswith(".") and not line.endswith("...") for line in commands.split("\n") if line.strip())


def test_the_version_is_told() -> None:
    assert harvester("--version").stdout.startswith("harvester 0.")


def test_help_loads_neither_network_nor_pictures_nor_parsers() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "harvester", "--help"],
        env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}

    assert loaded & {"aiohttp", "PIL", "selectolax", "msgspec", "rich", "pydantic", "asyncio"} == set()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_the_command(shell: str) -> None:
    done = harvester(_HARVESTER_COMPLETE=f"source_{shell}")

    assert "harvester" in done.stdout


def test_doctor_tells_each_tool_that_videos_need_with_its_version() -> None:
    told = msgspec.json.decode(harvester("doctor", "--json").stdout)
    drawn = harvester("doctor")

    assert {"yt-dlp", "requests", "yt-dlp-ejs"} <= {tool["name"] for tool in told}
    assert all(tool["version"] or tool["remedy"] for tool in told)
    assert drawn.returncode == 0
    assert "yt-dlp" in drawn.stdout

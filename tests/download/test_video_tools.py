"""What videos need: found, told with version and age, and with the remedy where it is missing or old."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from harvester.download.videos.tools import Tool, Tools, find_tools, survey


def named(name: str, tools: tuple[Tool, ...]) -> Tool:
    return next(tool for tool in tools if tool.name == name)


def program(folder: Path, name: str, says: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return str(path)


def test_the_packages_of_this_environment_are_found() -> None:
    found = find_tools()

    assert found.ffmpeg is not None
    assert "deno" in found.runtimes


def test_each_tool_tells_its_version() -> None:
    tools = survey()

    assert [tool.name for tool in tools] == ["yt-dlp", "requests", "ffmpeg", "deno", "yt-dlp-ejs"]
    assert all(tool.version for tool in tools)


def test_yt_dlp_is_as_old_as_its_version_says_and_an_old_one_is_to_be_updated() -> None:
    version = named("yt-dlp", survey()).version
    assert version is not None
    made = date(*map(int, version.split(".")[:3]))
    young = named("yt-dlp", survey(made))
    old = named("yt-dlp", survey(date.fromordinal(made.toordinal() + 91)))

    assert (young.age_days, young.problem) == (0, None)
    assert old.age_days == 91
    assert old.remedy == "pip install -U yt-dlp yt-dlp-ejs"


def test_a_missing_program_says_what_is_lost_and_what_to_install() -> None:
    tools = survey(tools=Tools())

    assert named("ffmpeg", tools).problem == "missing: the best single file is taken instead"
    assert named("deno", tools).remedy == "pip install -U 'media-harvester[video]'"


def test_node_counts_from_version_22(tmp_path: Path) -> None:
    old = Tools(runtimes={"node": program(tmp_path, "old", "v20.11.1")})
    new = Tools(runtimes={"node": program(tmp_path, "new", "v22.1.0")})

    assert named("deno", survey(tools=old)).problem is not None
    assert named("node", survey(tools=new)).version == "22.1.0"


def test_a_program_that_does_not_answer_has_no_version(tmp_path: Path) -> None:
    tools = survey(tools=Tools(ffmpeg=str(tmp_path / "nowhere")))

    assert named("ffmpeg", tools).version is None

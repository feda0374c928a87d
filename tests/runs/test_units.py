"""What is printed for other schedulers works as it is printed."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from harvester.config import Job
from harvester.errors import UsageError
from harvester.runs.scheduling import units
from harvester.runs.scheduling.timetable import firings
from tests.support.command import harvester
from tests.support.project import ROOT

CONFIG = """\
[[job]]
name = "gazette"
sources = ["https://gazette.example/feed"]
cron = "*/30 * * * *"
jitter = "2m"

[[job]]
name = "Times_2"
sources = ["https://times.example/news-sitemap.xml"]
cron = "15 3 * * MON-FRI"
timezone = "Europe/Lisbon"
"""
SITE = units.Site(command=("/opt/my tools/harvester",), folder=Path("/srv/100% news"), user="press")


def job(cron: str, **more: str) -> Job:
    return Job(name="news", sources=("https://a.example/feed",), cron=cron, **more)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG)
    return tmp_path


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("*/30 * * * *", ["*-*-* *:00,30:00 UTC"]),
        ("15 3 * * MON-FRI", ["Mon,Tue,Wed,Thu,Fri *-*-* 03:15:00 UTC"]),
        ("0 4 * * 7", ["Sun *-*-* 04:00:00 UTC"]),
        ("0 0 1,15 * *", ["*-*-01,15 00:00:00 UTC"]),
        ("0 0 1 * MON", ["*-*-01 00:00:00 UTC", "Mon *-*-* 00:00:00 UTC"]),
        ("0 0 * 6 *", ["*-06-* 00:00:00 UTC"]),
    ],
)
def test_cron_expressions_are_said_as_calendar_events(cron: str, said: list[str]) -> None:
    assert list(units.calendars(job(cron))) == said


@pytest.mark.parametrize("cron", ["0 0 L * *", "0 0 * * MON#2", "0 0 * * 5L"])
def test_what_systemd_cannot_say_is_told(cron: str) -> None:
    with pytest.raises(UsageError, match="has no like in systemd"):
        list(units.calendars(job(cron)))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
@pytest.mark.parametrize("cron", ["*/30 * * * *", "15 3 * * MON-FRI", "0 0 1 * MON", "7 1-5 * 2 0"])
def test_systemd_means_the_same_moment(cron: str) -> None:
    base = datetime(2026, 5, 1, 12, 0, 30, tzinfo=UTC)
    found = []
    for event in units.calendars(job(cron)):
        done = subprocess.run(
            ["systemd-analyze", "calendar", f"--base-time={base:%Y-%m-%d %H:%M:%S UTC}", event],
            capture_output=True, text=True, check=True, env={"TZ": "UTC", "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        elapse = re.search(r"Next elapse: \w+ (\S+ \S+) UTC", done.stdout)
        assert elapse, done.stdout
        found.append(datetime.fromisoformat(elapse[1]).replace(tzinfo=UTC))

    assert min(found) == next(firings(job(cron), base))


def test_systemd_units_are_verified(folder: Path) -> None:
    done = harvester("schedule", "--print-systemd", cwd=folder)
    written = {}
    for part in done.stdout.split("# file: /etc/systemd/system/")[1:]:
        name, _, text = part.partition("\n")
        written[name] = folder / name
        (folder / name).write_text(text)

    assert done.returncode == 0
    assert list(written) == ["harvester@.service", "harvester@gazette.timer", "harvester@Times_2.timer"]
    assert "Persistent=true" in written["harvester@gazette.timer"].read_text()
    assert "RandomizedDelaySec=120" in written["harvester@gazette.timer"].read_text()
    assert "SuccessExitStatus=3 75" in written["harvester@.service"].read_text()
    if shutil.which("systemd-analyze"):
        timers = [str(path) for name, path in written.items() if name.endswith("timer")]
        checked = subprocess.run(["systemd-analyze", "verify", *timers], capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")


def test_paths_with_blanks_and_percent_signs_are_quoted_as_each_wants() -> None:
    assert 'ExecStart="/opt/my tools/harvester" batch %i' in units.systemd([job("0 * * * *")], SITE)
    assert "WorkingDirectory=/srv/100%% news\n" in units.systemd([job("0 * * * *")], SITE)
    assert "cd '/srv/100\\% news' && '/opt/my tools/harvester' batch --due" in units.crontab(SITE)


def test_the_crontab_is_one_line_that_cron_takes(folder: Path) -> None:
    done = harvester("schedule", "--print-crontab", cwd=folder)
    comment, line = done.stdout.splitlines()

    assert comment.startswith("#")
    assert re.fullmatch(r"\*/5 \* \* \* \* cd \S+ && .+ batch --due --quiet -c \S+ >> harvester\.log 2>&1", line)


def test_the_printed_crontab_line_does_what_is_due(folder: Path) -> None:
    line = harvester("schedule", "--print-crontab", cwd=folder).stdout.splitlines()[1]
    (folder / "config.toml").write_text('[[job]]\nname = "a"\nsources = ["none.txt"]\ncron = "0 * * * *"\n')
    command = line.split(" ", 5)[5].replace("\\%", "%")
    done = subprocess.run(["/bin/sh", "-c", command], check=False, env={"PYTHONPATH": str(ROOT)})

    assert done.returncode == 2
    assert "none.txt: no such file" in (folder / "harvester.log").read_text()


def test_kubernetes_objects_are_yaml_with_what_the_jobs_need(folder: Path) -> None:
    done = harvester("schedule", "--print-k8s", cwd=folder)
    secret, volume, first, second = map(msgspec.yaml.decode, done.stdout.split("---\n"))

    assert secret["stringData"]["config.toml"] == CONFIG
    assert volume["kind"] == "PersistentVolumeClaim"
    assert [one["metadata"]["name"] for one in (first, second)] == ["harvester-gazette", "harvester-times-2"]
    assert first["spec"]["concurrencyPolicy"] == "Forbid"
    assert (second["spec"]["schedule"], second["spec"]["timeZone"]) == ("15 3 * * MON-FRI", "Europe/Lisbon")
    (container,) = second["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    assert container["args"][0].startswith("harvester batch Times_2 --wait 3600")


@pytest.mark.parametrize(("status", "told"), [(0, 0), (3, 0), (75, 0), (5, 5)])
def test_kubernetes_takes_3_and_75_for_success(folder: Path, status: int, told: int) -> None:
    done = harvester("schedule", "--print-k8s", "gazette", cwd=folder)
    last = msgspec.yaml.decode(done.stdout.split("---\n")[-1])
    (container,) = last["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    (folder / "harvester").write_text(f"#!/bin/sh\nexit {status}\n")
    (folder / "harvester").chmod(0o755)
    command = [*container["command"], *container["args"]]

    assert subprocess.run(command, env={"PATH": f"{folder}:/bin:/usr/bin"}, check=False).returncode == told

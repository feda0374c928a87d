"""What other schedulers are given to run the jobs: units for systemd, a line for cron, objects for Kubernetes.

A job that finds its output being written waits for it (QUEUE), so that jobs of one output may be due together.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cronsim import CronSim
from msgspec import Struct

from harvester import __version__
from harvester.config import Job, span
from harvester.errors import UsageError

QUEUE = 3600
"""Seconds that a job waits for the lock of its output."""
CRON_MINUTES = 5
"""How often cron asks what is due."""
_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")

_SERVICE = """\
# file: /etc/systemd/system/harvester@.service
[Unit]
Description=harvester, job %i
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
WorkingDirectory={folder}
ExecStart={command} batch %i --wait {queue} --log-format json{config}
# 3: a picture or an article could not be had, as its manifest tells; 75: another run held the output for too long.
SuccessExitStatus=3 75
TimeoutStopSec=30
NoNewPrivileges=yes
"""
_TIMER = """
# file: /etc/systemd/system/harvester@{job}.timer
[Unit]
Description=harvester, job {job}: when

[Timer]
{calendars}
Persistent=true
{jitter}
[Install]
WantedBy=timers.target
"""
_CRONTAB = """\
# Every {minutes} minutes: the jobs whose time came, each in its own time zone. What was missed is caught up once.
*/{minutes} * * * * cd {folder} && {command} batch --due --quiet{config} >> harvester.log 2>&1
"""
_K8S = """\
# The image is yours to build: a Python image with `pip install "media-harvester[video]=={version}"` in it.
apiVersion: v1
kind: Secret
metadata:
  name: harvester
stringData:
  config.toml: |2
{config}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: harvester
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 100Gi
"""
_CRONJOB = """\
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {name}
spec:
  schedule: "{cron}"
  timeZone: "{zone}"
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  jobTemplate:
    spec:
      backoffLimit: 0
      template:
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 30
          securityContext:
            runAsNonRoot: true
            runAsUser: 1000
            fsGroup: 1000
          containers:
            - name: harvester
              image: harvester:{version}
              workingDir: /harvest
              # 3 and 75 are no failures of the job: its manifests tell of what is missing, another run had the output.
              command: [sh, -c]
              args:
                - >-
                  harvester batch {job} --wait {queue} --log-format json -c /etc/harvester/config.toml;
                  status=$?; case $status in 3|75) exit 0;; *) exit $status;; esac
              volumeMounts:
                - name: harvest
                  mountPath: /harvest
                - name: config
                  mountPath: /etc/harvester
                  readOnly: true
          volumes:
            - name: harvest
              persistentVolumeClaim:
                claimName: harvester
            - name: config
              secret:
                secretName: harvester
"""


class Site(Struct, frozen=True, kw_only=True):
    """Where the jobs will run: the words that start harvester, the folder and the user it runs in and as.

    *config* is the configuration's path, null where it is found from *folder* anyway.
    """

    command: tuple[str, ...]
    folder: Path
    user: str
    config: Path | None = None


def systemd(jobs: Sequence[Job], site: Site) -> str:
    """Write a service for all jobs and a timer for each; raises UsageError for a time that systemd cannot say."""
    service = _SERVICE.format(
        user=site.user,
        folder=str(site.folder).replace("%", "%%"),
        command=" ".join(map(_quoted, site.command)),
        config=f" -c {_quoted(str(site.config))}" if site.config else "",
        queue=QUEUE,
    )
    return service + "".join(
        _TIMER.format(
            job=job.name,
            calendars="\n".join(f"OnCalendar={calendar}" for calendar in calendars(job)),
            jitter=f"RandomizedDelaySec={span(job.jitter):.0f}\n" if job.jitter else "",
        )
        for job in jobs
    )


def crontab(site: Site) -> str:
    """Write the line for a crontab; which jobs are due harvester finds out itself, for cron knows no time zones."""
    return _CRONTAB.format(
        minutes=CRON_MINUTES,
        folder=_in_crontab(str(site.folder)),
        command=" ".join(map(_in_crontab, site.command)),
        config=f" -c {_in_crontab(str(site.config))}" if site.config else "",
    )


def kubernetes(jobs: Sequence[Job], config: str) -> str:
    """Write a Secret with the text *config*, a volume for the output, and a CronJob for each job, as YAML."""
    indented = "\n".join(f"    {line}".rstrip() for line in config.rstrip().split("\n"))
    return _K8S.format(version=__version__, config=indented) + "".join(
        _CRONJOB.format(
            name=_dns_name(job.name),
            job=job.name,
            cron=job.cron,
            zone=job.timezone or "Etc/UTC",
            queue=QUEUE,
            version=__version__,
        )
        for job in jobs
    )


def calendars(job: Job) -> Iterator[str]:
    """Yield the cron expression of a job as calendar events of systemd.time(7), all of which count."""
    cron = CronSim(job.cron or "", datetime(2026, 1, 1, tzinfo=UTC))
    weekdays = {day for day in cron.weekdays if isinstance(day, int)}
    if weekdays != cron.weekdays or min(cron.days) < 0:
        raise UsageError(f"job {job.name!r}: {job.cron!r} has no like in systemd; `harvester schedule` follows it.")
    days, dates = _weekdays(weekdays), _listed(cron.days, 31)
    time = f"{_listed(cron.hours, 24)}:{_listed(cron.minutes, 60)}:00 {job.timezone or 'UTC'}"
    month = _listed(cron.months, 12)
    if cron.day_and:
        yield f"{days}*-{month}-{dates} {time}"
    else:  # cron's either ... or
        yield f"*-{month}-{dates} {time}"
        yield f"{days}*-{month}-* {time}"


def _weekdays(days: Collection[int]) -> str:
    named = {day % 7 for day in days}
    return "" if len(named) == 7 else ",".join(_DAYS[day] for day in sorted(named)) + " "


def _listed(numbers: Collection[int], count: int) -> str:
    return "*" if len(numbers) == count else ",".join(f"{number:02d}" for number in sorted(numbers))


def _quoted(word: str) -> str:
    """Quote a word for a command line of systemd.service(5)."""
    plain = word.replace("%", "%%").replace("$", "$$")
    if re.fullmatch(r"[\w@%+=:,./$-]+", plain, re.ASCII):
        return plain
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _in_crontab(word: str) -> str:
    """Quote a word for the shell within a crontab, where % begins a new line."""
    return shlex.quote(word).replace("%", "\\%")


def _dns_name(job: str) -> str:
    """Return a name that Kubernetes takes for a CronJob: at most 52 of a-z, 0-9 and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", f"harvester-{job.lower()}")[:52].strip("-")

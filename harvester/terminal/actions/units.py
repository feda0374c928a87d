"""The jobs as other schedulers want them, for the machine on which this is asked."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from harvester.runs.scheduling import units
from harvester.terminal.actions.schedule import Plan


def systemd(plan: Plan) -> str:
    """Print a service and timers."""
    return units.systemd(plan.jobs, _site(plan))


def crontab(plan: Plan) -> str:
    """Print a line for a crontab."""
    return units.crontab(_site(plan))


def kubernetes(plan: Plan) -> str:
    """Print CronJobs, with the configuration in a Secret."""
    assert plan.found.path is not None, "there are jobs, so there is a file"
    return units.kubernetes(plan.jobs, plan.found.path.read_text("utf-8"))


KINDS: dict[str, Callable[[Plan], str]] = {"systemd": systemd, "crontab": crontab, "k8s": kubernetes}


def _site(plan: Plan) -> units.Site:
    assert plan.found.path is not None, "there are jobs, so there is a file"
    started = Path(sys.argv[0]).resolve()
    return units.Site(
        command=(str(started),) if started.name == "harvester" else (sys.executable, "-m", "harvester"),
        folder=Path.cwd(),
        user=getpass.getuser(),
        config=plan.found.path.resolve(),
    )

"""What a harvest costs on this machine: `python benchmarks/run.py`, about a minute, Linux, nothing leaves loopback.

Draws a corpus, serves it from another process, harvests it as a user would, and prints what the client took: CPU user
and system, wall time, peak memory, and the requests the server saw. Beside it stands the floor of the same minute: the
pieces by themselves, so that the ratio means something on any machine, busy or not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import chart
import corpus
from chart import Row

HERE = Path(__file__).parent
SETTINGS = HERE / "benchmark.toml"
COPIES = 10
"""How much more the long run harvests."""


def main() -> None:
    """Measure, print the table, draw the chart."""
    asked = _arguments()
    with TemporaryDirectory(prefix="harvester-benchmark-") as temporary:
        folder = asked.corpus or Path(temporary, "corpus")
        bench = Bench(folder, asked.pages, asked.seed, Path(temporary))
        with bench.served(latency=0.0):
            rows, floor, lag = bench.rows(long=asked.tenfold), bench.floor(), bench.lag()
        if asked.latency:
            with bench.served(latency=asked.latency / 1000):
                rows.append(bench.harvest(f"{asked.latency} ms latency", "late"))
        print(_told(rows, floor, lag, bench))
    bars = {row.name: {"CPU of the run": row.each} for row in rows} | {"the floor": floor}
    asked.chart.write_text(chart.svg(bars, "CPU milliseconds a picture"), "utf-8")
    print(f"The chart is in {asked.chart}.")


class Bench:
    """A corpus, the site that serves it, and what is measured with both."""

    def __init__(self, folder: Path, pages: int, seed: int, temporary: Path) -> None:
        self.folder, self.pages, self.seed, self.temporary = folder, pages, seed, temporary
        self.pictures = corpus.drawn(folder, pages, seed)
        self._site: subprocess.Popen[str] | None = None
        self._port = 0

    @contextmanager
    def served(self, latency: float) -> Iterator[None]:
        """Serve the corpus while the block runs, each answer *latency* seconds late."""
        what = (HERE / "serving.py", self.folder, self.pages, self.seed, latency)
        command = [sys.executable, *map(str, what)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as self._site:
            self._port = int(self._said())
            yield  # the site ends with its standard input, which is closed here

    def rows(self, *, long: bool) -> list[Row]:
        """Measure the runs that are always measured, and ten times the corpus if it is to be *long*."""
        first = self.harvest("harvest", "first")
        self._check(self.temporary / "first")
        rows = [first, self.harvest("the same again", "first")]
        rows.append(self.harvest("without thumbnails", "bare", settings="widths = []\n"))
        rows.append(self.harvest("with derived renditions", "derived", upgrade=True))
        return rows + ([self.harvest(f"{COPIES} times as much", "long", copies=COPIES)] if long else [])

    def harvest(self, name: str, output: str, *, copies: int = 1, settings: str = "", upgrade: bool = False) -> Row:
        """Harvest the corpus, or *copies* of it, in a process of its own; *upgrade* also tries what rules derive."""
        self._counts()
        cpu, wall, peak = measured(self._command(output, copies, self._settings(settings, upgrade=upgrade)))
        return Row(name, self.pages * copies, len(self.pictures) * copies, cpu, wall, peak, self._counts())

    def floor(self) -> dict[str, float]:
        """Measure the pieces by themselves: CPU milliseconds a picture."""
        base = f"http://{corpus.PICTURE_HOSTS[0]}:{self._port}/0/pictures"
        urls = [f"{base}/{picture.file}" for picture in self.pictures]
        return _said_by("pieces.py", str(self.folder), *urls)

    def lag(self) -> dict[str, float]:
        """Harvest the corpus once more and give how long its event loop was held, see `lag.py`."""
        command = self._command("lag", 1, self._settings("", upgrade=False))
        return _said_by("lag.py", *command)

    def _command(self, output: str, copies: int, settings: Path) -> list[str]:
        pages = self.temporary / "pages.txt"
        urls = [corpus.page_url(page, copy, self._port) for copy in range(copies) for page in range(self.pages)]
        pages.write_text("\n".join(urls), "utf-8")
        return ["harvest", f"@{pages}", "-q", "-o", str(self.temporary / output), "-c", str(settings)]

    def _settings(self, more: str, *, upgrade: bool) -> Path:
        path = self.temporary / "benchmark.toml"
        settings = SETTINGS.read_text("utf-8") + more
        path.write_text(settings.replace("upgrade = false", "") if upgrade else settings, "utf-8")
        return path

    def _counts(self) -> dict[str, int]:
        """Give the requests since the last time."""
        assert self._site is not None, "a site was started"
        print(file=self._site.stdin, flush=True)
        counts: dict[str, int] = json.loads(self._said())
        return counts

    def _said(self) -> str:
        assert self._site is not None, "a site was started"
        assert self._site.stdout is not None, "a pipe was asked for"
        return self._site.stdout.readline()

    def _check(self, output: Path) -> None:
        """End here unless every original came byte for byte, with its thumbnails: speed counts for whole work only."""
        wanted = {_sha256(self.folder / picture.file) for picture in self.pictures}
        found = {_sha256(path) for path in output.glob("**/images/*")}
        thumbnails = sum(1 for _ in output.glob("**/thumbnails/*"))
        if wanted - found or thumbnails < 2 * len(self.pictures):
            sys.exit(
                f"{len(wanted - found)} of {len(wanted)} originals are missing; {thumbnails} thumbnails were drawn"
            )


def measured(command: Sequence[str]) -> tuple[float, float, int]:
    """Run harvester to its end; gives its CPU seconds, its wall time, and the most memory it had, in bytes.

    What a process had before it became another program counts for it too (getrusage(2)), so ours has to stay small.
    """
    began = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "harvester", *command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"harvester {' '.join(command)} ended with {child.returncode}")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024


def _said_by(script: str, *arguments: str) -> dict[str, float]:
    """Run one of the scripts beside this one and give what it prints."""
    command = [sys.executable, str(HERE / script), *arguments]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def _told(rows: list[Row], floor: dict[str, float], lag: dict[str, float], bench: Bench) -> str:
    whole = sum(floor.values())
    beyond = rows[0].each - rows[1].each
    pieces = ", ".join(f"{name} {value:.2f}" for name, value in floor.items())
    size = sum((bench.folder / picture.file).stat().st_size for picture in bench.pictures) / len(bench.pictures)
    return (
        f"{bench.pages} pages, {len(bench.pictures)} pictures of {size / 1000:.0f} kB, seed {bench.seed}; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n\n{chart.table(rows)}\n\n"
        f"The floor: {whole:.2f} ms of CPU a picture ({pieces}). "
        f"The harvest is {rows[0].each / whole:.2f} of it, and {beyond / whole:.2f} of it beyond start and pages, "
        "which are what the second run costs.\n"
        f"The event loop made {lag['steps']:,} steps: 99 of 100 took less than {lag['usual']:.1f} ms, "
        f"the longest {lag['longest']:.1f} ms."
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what a harvest costs on this machine.")
    parser.add_argument("--pages", type=int, default=60, help=f"pages of {corpus.PICTURES} pictures each (default: 60)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other pictures (default: 1)")
    parser.add_argument("--corpus", type=Path, help="keep the pictures in this folder and use those that are there")
    parser.add_argument(
        "--latency", type=int, default=0, help="measure a run with answers so many milliseconds late, too"
    )
    parser.add_argument("--tenfold", action="store_true", help="measure ten times as much, too: cost must stay flat")
    parser.add_argument(
        "--chart", type=Path, default=Path("benchmark.svg"), help="the chart's file (default: benchmark.svg)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()

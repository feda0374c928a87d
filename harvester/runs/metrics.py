"""What a run did, as Prometheus reads it: a text file for its node exporter, or a port of this process.

prometheus-client costs a tenth of a second to import: this module is imported only where metrics are asked for.
"""

from __future__ import annotations

import time
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, start_http_server

from harvester import events
from harvester.config import Config
from harvester.errors import StorageError, UsageError
from harvester.events import Emit
from harvester.runs import named_files
from harvester.runs.report import Report
from harvester.runs.scheduling.jobs import JobFlags, remembered

MARK = b"# HELP harvester_"
"""How a file of metrics begins that is ours."""
ARTICLE_SECONDS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)
"""Upper ends of the classes into which the time for an article falls."""


class Metrics:
    """The counts of this process, by job; without jobs the label is empty."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._job = ""
        self._opened: dict[str, float] = {}
        self._articles = Counter("harvester_articles", "Articles by outcome.", ["job", "status"], registry=registry)
        self._assets = Counter(
            "harvester_assets", "Pictures and videos by outcome.", ["job", "kind", "status"], registry=registry
        )
        self._failures = Counter("harvester_failures", "Failures by cause.", ["job", "cause"], registry=registry)
        self._bytes = Counter("harvester_received_bytes", "Bytes of bodies that came in.", ["job"], registry=registry)
        self._duration = Histogram(
            "harvester_article_seconds",
            "Time from opening an article to its manifest.",
            ["job"],
            buckets=ARTICLE_SECONDS,
            registry=registry,
        )
        self._open = Gauge("harvester_articles_open", "Articles that are being worked on.", registry=registry)
        self._requests = Gauge("harvester_requests_open", "Requests that wait for their answer.", registry=registry)
        self._held = Gauge(
            "harvester_host_held_until_timestamp_seconds",
            "Until when a host is not asked.",
            ["host"],
            registry=registry,
        )
        self._run_seconds = Gauge("harvester_run_seconds", "How long the last run took.", ["job"], registry=registry)
        self._status = Gauge("harvester_run_exit_status", "How the last run ended.", ["job"], registry=registry)
        self._ended = Gauge(
            "harvester_run_end_timestamp_seconds", "When the last run ended.", ["job"], registry=registry
        )
        self._success = Gauge(
            "harvester_last_success_timestamp_seconds",
            "When a run last ended with exit status 0 or 3.",
            ["job"],
            registry=registry,
        )

    def beside(self, emit: Emit) -> Emit:
        """Listen to what *emit* is told."""

        def hear(event: events.Event) -> None:
            self.hear(event)
            emit(event)

        return hear

    def hear(self, event: events.Event) -> None:
        """Count an event."""
        match event:
            case events.JobStarted(job=job):
                self._job = job
            case events.ArticleOpened() | events.ArticleWritten() | events.ArticleLost() | events.ArticleSkipped():
                self._article(event)
            case events.AssetSaved(kind=kind):
                self._assets.labels(self._job, kind, "saved").inc()
            case events.AssetFailed(kind=kind, code=code, excused=excused):
                self._assets.labels(self._job, kind, "refused" if excused else "failed").inc()
                self._failures.labels(self._job, code).inc()
            case events.BytesReceived():
                self._bytes.labels(self._job).inc(event.bytes)
            case events.RequestStarted():
                self._requests.inc()
            case events.RequestEnded():
                self._requests.dec()
            case events.HostHeld(host=host, seconds=seconds):
                self._held.labels(host).set(time.time() + seconds)
            case _:
                pass

    def end(self, report: Report) -> None:
        """Note how a run ended."""
        job = report.job or ""
        self._opened.clear()
        self._open.set(0)
        self._run_seconds.labels(job).set(report.seconds)
        self._status.labels(job).set(report.exit_status())
        self._ended.labels(job).set(report.ended_at.timestamp() if report.ended_at else time.time())
        if report.ended_well and report.ended_at:
            self._success.labels(job).set(report.ended_at.timestamp())

    def recall(self, config: Config, asked: JobFlags) -> None:
        """Note when each job of the configuration last succeeded, also those that did not run now."""
        for job in config.job:
            ran = remembered(job, config, asked)
            if ran is not None and ran.succeeded_at is not None:
                self._success.labels(job.name).set(ran.succeeded_at.timestamp())

    def write(self, path: Path) -> None:
        """Write everything to *path*, which appears only when whole and begins with MARK; raises StorageError."""
        try:
            named_files.replace(path, generate_latest(self.registry))
        except OSError as error:
            raise StorageError(f"--metrics {path}: {(error.strerror or str(error)).lower()}.") from None

    def serve(self, host: str, port: int) -> None:
        """Answer Prometheus on *host* and *port* until the process ends; raises UsageError when that is taken."""
        try:
            start_http_server(port, host, registry=self.registry)
        except OSError as error:
            raise UsageError(f"--metrics-port {host}:{port}: {(error.strerror or str(error)).lower()}.") from None

    def _article(
        self, event: events.ArticleOpened | events.ArticleWritten | events.ArticleLost | events.ArticleSkipped
    ) -> None:
        match event:
            case events.ArticleOpened():
                self._opened[event.url] = time.monotonic()
            case events.ArticleWritten():
                self._articles.labels(self._job, "unchanged" if event.unchanged else "written").inc()
            case events.ArticleLost():
                self._articles.labels(self._job, "lost").inc()
                self._failures.labels(self._job, event.code).inc()
            case events.ArticleSkipped():
                self._articles.labels(self._job, "skipped").inc()
        if not isinstance(event, events.ArticleOpened) and event.url in self._opened:
            self._duration.labels(self._job).observe(time.monotonic() - self._opened.pop(event.url))
        self._open.set(len(self._opened))

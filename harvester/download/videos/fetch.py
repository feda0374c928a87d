"""One video through yt-dlp: looked up, checked, downloaded, merged, captioned. Only the child process imports this."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests  # noqa: F401 - with urllib alone yt-dlp retries for ever if a server closes without an answer
import yt_dlp
from yt_dlp.utils import DownloadCancelled, YoutubeDLError

from harvester.download.videos import formats as video_formats
from harvester.download.videos.failures import refusal, refusal_as
from harvester.download.videos.messages import (
    CaptionFile,
    Learned,
    News,
    Order,
    Phase,
    Progressed,
    Terms,
    VideoFetched,
    VideoPassed,
    VideoRefused,
)

LONGEST_DESCRIPTION = 5_000
LONGEST_NAME = 1_000
MOST_CHAPTERS = 1_000
"""Limits on what providers say, so that it fits in a line."""
PACE = 0.25
"""Seconds between two reports of progress."""
_NOT_YET = {"is_upcoming": "video_upcoming", "is_live": "video_live", "post_live": "video_processing"}
_TAG = re.compile(r"[A-Za-z0-9-]{1,35}")


class Fetcher:
    """yt-dlp, set up once: it keeps its connections and what it knows of the player from one video to the next."""

    def __init__(self, terms: Terms, say: Callable[[News], None]) -> None:
        self._terms = terms
        self._say = say
        self._warnings: list[str] = []
        self._phase: Phase = "metadata"
        self._before = self._now = 0
        self._reported_at = 0.0
        self._tool: Any = None
        self._extractors = ""

    def fetch(self, order: Order) -> None:
        """Carry out one order; its last news is VideoFetched, VideoPassed or VideoRefused."""
        self._warnings.clear()
        self._before = self._now = 0
        try:
            self._say(self._fetched(order))
        except _Settled as settled:
            self._say(settled.news)
        except DownloadCancelled as error:
            self._say(VideoPassed(reason=str(error)))
        except (YoutubeDLError, OSError) as error:
            self._say(refusal(_words(error), self._warnings))

    def _fetched(self, order: Order) -> News:
        self._enter("metadata")
        tool = self._opened(order)
        asked = tool.extract_info(order.url, download=False)
        self._say(_learned(asked))
        self._check(asked)
        self._enter("download")
        done = tool.process_ie_result(asked, download=True)
        files = [Path(item["filepath"]) for item in done.get("requested_downloads") or () if item.get("filepath")]
        if not files or not files[-1].is_file():
            raise _Settled(refusal("", self._warnings))
        captions = tuple(self._captions(done, files[-1].parent))
        return VideoFetched(
            name=files[-1].name,
            width=done.get("width"),
            height=done.get("height"),
            codecs=video_formats.codecs(done),
            captions=captions,
            info_json=self._info_json(done, files[-1]),
            notes=video_formats.notes(self._terms, self._warnings),
        )

    def _opened(self, order: Order) -> Any:
        """Return yt-dlp for the order's extractors and folder."""
        if self._tool is None or self._extractors != order.extractors:
            options = video_formats.options(self._terms, order.extractors)
            hooks = {"progress_hooks": [self._on_progress], "postprocessor_hooks": [self._on_merge]}
            try:
                self._tool = yt_dlp.YoutubeDL({**options, **hooks, "logger": self})
            except (SyntaxError, ValueError) as error:
                raise _Settled(_bad_options(error)) from error
            self._extractors = order.extractors
        self._tool.params["paths"] = {"home": order.folder}
        return self._tool

    def _check(self, asked: dict[str, Any]) -> None:
        """Raise _Settled for a video that is not to be downloaded, or cannot be."""
        live, release = asked.get("live_status"), asked.get("release_timestamp")
        if live in _NOT_YET:
            raise _Settled(refusal_as(_NOT_YET[live], release=release))
        if not video_formats.playable(asked):
            raise _Settled(refusal("", self._warnings, release=release))
        if self._terms.metadata_only:
            raise _Settled(VideoPassed(reason="[videos] metadata_only is on"))
        reason = video_formats.too_much(asked, self._terms)
        if reason:
            raise _Settled(VideoPassed(reason=reason))
        if asked.get("format_id") is None:
            raise _Settled(refusal_as("video_no_format"))

    def _captions(self, done: dict[str, Any], folder: Path) -> Iterator[CaptionFile]:
        """Fetch the captions separately: one that fails must not cost the video."""
        self._enter("captions")
        for language in filter(_TAG.fullmatch, self._terms.captions):
            for kind, track in video_formats.tracks(done, language, self._terms):
                path = folder / f"{done['id']}.{language}.vtt"
                with self._failure_as_warning(f"captions {language}"):
                    self._tool.dl(str(path), track, subtitle=True)
                if path.is_file():
                    yield CaptionFile(name=path.name, language=language, kind=kind)
                    break

    @contextmanager
    def _failure_as_warning(self, what: str) -> Iterator[None]:
        try:
            yield
        except (YoutubeDLError, OSError) as error:
            self._warnings.append(f"{what}: {_words(error)}")

    def _info_json(self, done: dict[str, Any], file: Path) -> str | None:
        if not self._terms.info_json:
            return None
        name = f"{done['id']}.info.json"
        clean = self._tool.sanitize_info(done, remove_private_keys=True)
        yt_dlp.utils.write_json_file(clean, str(file.with_name(name)))
        return name

    # ------------------------------------------------------------------ what yt-dlp reports on its way

    def debug(self, message: str) -> None:
        """Take an ordinary message as a sign of life."""
        self._report()

    def warning(self, message: str) -> None:
        """Keep a warning; it may be the only one to name the cause of a failure."""
        self._warnings.append(message)
        self._report()

    def error(self, message: str) -> None:
        """Take an error, which yt-dlp also raises, as a sign of life."""
        self._report()

    def _enter(self, phase: Phase) -> None:
        self._phase = phase
        self._reported_at = 0.0
        self._report()

    def _on_progress(self, status: dict[str, Any]) -> None:
        self._now = status.get("downloaded_bytes") or 0
        if self._phase == "download" and 0 < self._terms.max_bytes < self._before + self._now:
            raise DownloadCancelled(f"larger than {self._terms.max_bytes:,} bytes ([videos] max_bytes)")
        total = status.get("total_bytes") or status.get("total_bytes_estimate")
        finished = status.get("status") == "finished"
        self._reported_at = 0.0 if finished else self._reported_at
        self._report(total=int(total) + self._before if total else None, rate=status.get("speed"))
        if finished:
            self._before, self._now = self._before + self._now, 0

    def _on_merge(self, status: dict[str, Any]) -> None:
        if status.get("status") == "started" and self._phase != "merge":
            self._enter("merge")

    def _report(self, total: int | None = None, rate: float | None = None) -> None:
        now = time.monotonic()
        if now - self._reported_at >= PACE:
            self._reported_at = now
            self._say(Progressed(phase=self._phase, bytes=self._before + self._now, total=total, rate=rate))


class _Settled(Exception):
    """The order is answered; nothing more is to be done."""

    def __init__(self, news: News) -> None:
        super().__init__()
        self.news = news


def _bad_options(error: Exception) -> VideoRefused:
    message = f"yt-dlp does not take [videos] format or sort: {error}"
    return VideoRefused(code="video_options", message=message, retryable=True, scope="setup")


def _learned(asked: dict[str, Any]) -> Learned:
    description = asked.get("description")
    chapters = [(c["start_time"], c["title"][:LONGEST_NAME]) for c in asked.get("chapters") or () if c.get("title")]
    return Learned(
        title=_short(asked.get("fulltitle")),
        duration=asked.get("duration"),
        uploader=_short(asked.get("uploader") or asked.get("channel")),
        channel=_short(asked.get("channel_id")),
        published=video_formats.published(asked),
        description=description[:LONGEST_DESCRIPTION] if description else None,
        chapters=tuple(chapters[:MOST_CHAPTERS]),
        live=asked.get("live_status"),
        availability=asked.get("availability"),
    )


def _short(name: str | None) -> str | None:
    return name and name[:LONGEST_NAME]


def _words(error: BaseException) -> str:
    """Return the messages of an error and of the errors that caused it."""
    said: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(said) < 5:
        said.append(str(seen))
        behind = getattr(seen, "exc_info", None)
        inner = behind[1] if behind and behind[1] is not seen else None
        seen = inner or getattr(seen, "cause", None) or seen.__cause__
    return " / ".join(dict.fromkeys(said))

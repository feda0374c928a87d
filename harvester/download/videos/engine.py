"""Videos by yt-dlp, which runs in a child process: started at the first video, watched from outside, killed as a group.

The child lasts for the run and takes one video at a time. Whatever ends a video early - a timeout, silence, Ctrl-C, a
cancelled task - ends the child and everything it started; its parts stay, and the next child resumes them.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from harvester import config, urls
from harvester.download.videos.messages import (
    Learned,
    News,
    Order,
    Progressed,
    Terms,
    VideoFetched,
    VideoPassed,
    VideoRefused,
)
from harvester.download.videos.process import Child, Gone
from harvester.download.videos.tools import Tools, find_tools
from harvester.download.videos.trust import believed
from harvester.errors import UsageError
from harvester.events import BytesReceived, Emit, VideoProgress, Warned, nobody

EXTRACTORS = {
    "youtube": "youtube",
    "vimeo": "vimeo",
    "dailymotion": "dailymotion",
    "facebook": "facebook(:reel)?",
    "x": "twitter",
    "tiktok": "tiktok",
    "instagram": "instagram",
    "jwplayer": "jwplatform",
    "brightcove": "brightcove:(new|legacy)",
    "kaltura": "kaltura",
    "rumble": "rumble(embed)?",
    "bilibili": "bilibili",
    "telegram": "telegram:embed",
    "soundcloud": "soundcloud",
}
"""yt-dlp's extractors for each provider, by the provider names that `candidates` uses."""

STOPPED = "stopped"
MANY = 3
"""Videos without any format after which yt-dlp, not the videos, is assumed to be the cause."""


class VideoAnswer(Struct, frozen=True, kw_only=True):
    """The result for one video. *learned* may be set whatever happened to the video itself.

    *end* is a VideoRefused with code `stopped` if the run was told to stop: the video can be resumed.
    """

    end: VideoFetched | VideoPassed | VideoRefused
    learned: Learned | None = None


class VideoEngine:
    """The yt-dlp of a run. Open it with `async with`; nothing is started before the first video is requested.

    Opening raises UsageError if the configured cookies cannot be read. *private* is a folder of our own, for what
    yt-dlp remembers of the player.
    """

    def __init__(
        self,
        settings: config.Videos,
        web: config.Web,
        private: Path,
        *,
        emit: Emit = nobody,
        tools: Tools | None = None,
    ) -> None:
        self._settings = settings
        self._web = web
        self._private = private
        self._emit = emit
        self._tools = tools
        self._turn = asyncio.Lock()
        self._child: Child | None = None
        self._held: dict[str, VideoRefused] = {}
        self._warned: set[str] = set()
        self._without_formats: set[str] = set()
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._check_cookies)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._end_child()
        await self._open.aclose()

    async def fetch(
        self, url: str, provider: str, folder: Path, *, stopping: asyncio.Event | None = None
    ) -> VideoAnswer:
        """Fetch the video at the canonical *url* into *folder*, one video at a time, first come, first served.

        A video that cannot be fetched is a value, not an error. Parts stay in *folder* and are resumed.
        """
        stopping = stopping or asyncio.Event()
        async with self._turn:
            held = self._held.get(provider)
            if held is not None:
                return VideoAnswer(end=held)
            if stopping.is_set():
                return VideoAnswer(end=_stopped())
            order = Order(url=url, extractors=EXTRACTORS[provider], folder=str(folder))
            outcome = await self._carry_out(order, stopping)
            outcome = replace(outcome, end=await asyncio.to_thread(believed, outcome.end, folder))
            self._emit(VideoProgress(url=url, phase="done", bytes=0))
        return self._judged(outcome, url, provider)

    async def _carry_out(self, order: Order, stopping: asyncio.Event) -> VideoAnswer:
        """Give the child an order and follow its news to the end; a child that does not get there is killed."""
        arrived = 0
        learned: Learned | None = None
        end: VideoFetched | VideoPassed | VideoRefused | None = None
        try:
            async with aclosing(await self._send(order, stopping)) as news:
                async for item in news:
                    if isinstance(item, Progressed):
                        self._report(order.url, item, since=arrived)
                        arrived = item.bytes
                    elif isinstance(item, Learned):
                        learned = item
                    else:
                        end = item
        except Gone as gone:
            return VideoAnswer(end=_unanswered(gone), learned=learned)
        finally:
            if end is None:
                await self._end_child()
        assert end is not None, "the news always has an end"
        return VideoAnswer(end=end, learned=learned)

    async def _send(self, order: Order, stopping: asyncio.Event) -> AsyncGenerator[News, None]:
        if self._child is not None and self._child.has_said_too_much:
            await self._end_child()
        if self._child is None:
            self._child = await Child.started(await asyncio.to_thread(self._terms), self._private, self._web.ca_file)
        self._child.tell(order)
        patience = 2 * self._web.read_timeout + 30
        return self._child.news(within=self._settings.timeout, silence=patience, stopping=stopping)

    def _terms(self) -> Terms:
        settings, tools = self._settings, self._tools or find_tools()
        most = min(filter(None, (settings.max_bytes, self._web.max_video_bytes)))
        self._private.mkdir(parents=True, exist_ok=True)
        return Terms(
            proxy=self._web.proxy,
            own_authority=bool(self._web.ca_file),
            read_timeout=self._web.read_timeout,
            retries=settings.retries,
            rate=settings.rate,
            format=settings.format,
            sort=settings.sort,
            audio_only=settings.audio_only,
            max_height=settings.max_height,
            max_duration=settings.max_duration,
            max_bytes=most,
            captions=settings.captions,
            automatic_captions=settings.automatic_captions,
            metadata_only=settings.metadata_only,
            info_json=settings.info_json,
            cookies=self._copied_cookies(),
            cache=str(self._private),
            ffmpeg=tools.ffmpeg,
            runtimes=tools.runtimes,
        )

    def _check_cookies(self) -> None:
        """Raise UsageError if cookies are configured and cannot be read."""
        if self._settings.cookies:
            try:
                Path(self._settings.cookies).expanduser().open("rb").close()
            except OSError as error:
                raise UsageError(f"videos.cookies: {self._settings.cookies}: cannot be read ({error})") from None

    def _copied_cookies(self) -> str:
        """Copy the cookies to a temporary folder: yt-dlp writes to the file that it is given."""
        if not self._settings.cookies:
            return ""
        folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="harvester-"))
        return shutil.copyfile(Path(self._settings.cookies).expanduser(), Path(folder) / "cookies.txt").as_posix()

    def _judged(self, outcome: VideoAnswer, url: str, provider: str) -> VideoAnswer:
        """Draw the consequences of a refusal for later videos, and warn of them once."""
        end = outcome.end
        if not isinstance(end, VideoRefused):
            return outcome
        if end.scope == "provider":
            self._held[provider] = VideoRefused(
                code="video_held", message=f"no more requests to {provider} in this run: {end.message}", retryable=True
            )
            self._warn(f"{end.code}_{provider}", f"{provider}: {end.message} No more of its videos in this run.")
        elif end.scope == "setup":
            self._warn(end.code, end.message)
        elif end.code == "video_no_formats":
            self._without_formats.add(url)
            if len(self._without_formats) == MANY:
                self._warn(
                    "video_outdated", "yt-dlp finds no format of any video: pip install -U yt-dlp yt-dlp-ejs deno"
                )
        return outcome

    def _report(self, url: str, news: Progressed, *, since: int) -> None:
        """Emit how far a video is, and how many bytes arrived beyond *since*, the count at the last report."""
        self._emit(VideoProgress(url=url, phase=news.phase, bytes=news.bytes, total=news.total, rate=news.rate))
        if news.bytes > since:
            self._emit(BytesReceived(host=urls.host(url), bytes=news.bytes - since))

    def _warn(self, code: str, message: str) -> None:
        if code not in self._warned:
            self._warned.add(code)
            self._emit(Warned(code=code, message=message))

    async def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            await child.end()


def _stopped() -> VideoRefused:
    return VideoRefused(code=STOPPED, message="The run was told to stop.", retryable=True)


def _unanswered(gone: Gone) -> VideoRefused:
    """Return the refusal for a child that gave no answer."""
    if gone.why == STOPPED:
        return _stopped()
    return VideoRefused(code=f"video_{gone.why}", message=str(gone), retryable=True, excused=False)

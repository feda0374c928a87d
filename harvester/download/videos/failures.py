"""Why a video cannot be fetched: yt-dlp's messages, classified by who can do something about them.

yt-dlp states the cause in prose, and some causes (a 429, a missing JavaScript runtime) only in its warnings. The rows
are tried in order; the first that fits wins. Every row has an example that yt-dlp or YouTube writes: its test.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from harvester.download.videos.messages import Scope, VideoRefused

PATIENCE = timedelta(hours=6)
"""How long a running broadcast, or a video still being processed, is left alone."""


class Cause(Struct, frozen=True, kw_only=True):
    """One reason for a refusal. *pattern* is searched in yt-dlp's message, *message* is ours, with what to do."""

    code: str
    pattern: str
    message: str
    example: str
    retryable: bool = False
    scope: Scope = "video"
    excused: bool = True
    wait: bool = False


CAUSES: tuple[Cause, ...] = (
    Cause(
        code="disk_full",
        pattern=r"no space left on device|disk quota exceeded",
        message="The disk is full. Make room and run the same command again: it goes on where it stopped.",
        example="unable to write data: [Errno 28] No space left on device",
        retryable=True,
        excused=False,
    ),
    Cause(
        code="video_tls",
        pattern=r"certificate_verify_failed|certificate verify failed|unable to get local issuer",
        message="The provider's certificate is not trusted; [web] ca_file can add authorities.",
        example="[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate",
        retryable=True,
        scope="setup",
    ),
    Cause(
        code="video_bot_check",
        pattern=r"not a bot|captcha|unusual traffic|ip is likely being blocked",
        message="The provider wants proof that a person is asking; [videos] cookies of a signed-in browser may help.",
        example="Sign in to confirm you’re not a bot. Use --cookies-from-browser",
        retryable=True,
        scope="provider",
    ),
    Cause(
        code="video_rate_limited",
        pattern=r"http error 429|too many requests|rate-limited|isn't available, try again later",
        message="The provider asks us to wait: too many requests came from this address.",
        example="Unable to download webpage: HTTP Error 429: Too Many Requests",
        retryable=True,
        scope="provider",
    ),
    Cause(
        code="video_upcoming",
        pattern=r"premieres in|will begin in|live event has not started|premiere will begin|upcoming",
        message="The video is announced but not published yet.",
        example="This live event will begin in 3 days.",
        retryable=True,
        wait=True,
    ),
    Cause(
        code="video_live",
        pattern=r"live now",
        message="The broadcast is running; it can be fetched when it is over.",
        example="live now",
        retryable=True,
        wait=True,
    ),
    Cause(
        code="video_processing",
        pattern=r"processing this video|still being processed|recording is not available",
        message="The provider is still preparing the video.",
        example="We're processing this video. Check back later.",
        retryable=True,
        wait=True,
    ),
    Cause(
        code="video_private",
        pattern=r"private video|video is private|granted access to this video",
        message="The video is private.",
        example="Private video. Sign in if you've been granted access to this video",
    ),
    Cause(
        code="video_members",
        pattern=r"members-only|join this channel|requires payment|purchase|rental|subscribers? only|premium",
        message="Only members may see the video; [videos] cookies of a member would help.",
        example="Join this channel to get access to members-only content like this video",
    ),
    Cause(
        code="video_age",
        pattern=r"confirm your age|age-restricted|inappropriate for some users|age_verification",
        message="The provider asks for the viewer's age; [videos] cookies of a signed-in browser would help.",
        example="Sign in to confirm your age. This video may be inappropriate for some users.",
    ),
    Cause(
        code="video_geo",
        pattern=r"available in your country|geo.?restrict|not available from your location|blocked it in your country",
        message="The video is not available in this country; [web] proxy may reach another.",
        example="The uploader has not made this video available in your country",
    ),
    Cause(
        code="video_copyright",
        pattern=r"copyright|terms of service|violat|community guidelines|court order|legal complaint",
        message="The video was taken down for legal reasons.",
        example="This video is no longer available due to a copyright claim by Somebody",
    ),
    Cause(
        code="video_drm",
        pattern=r"drm protect",
        message="The video is protected by digital rights management.",
        example="This video is DRM protected",
    ),
    Cause(
        code="video_removed",
        pattern=r"removed|no longer available|account .{0,80}(terminated|closed)|video unavailable|does not exist|"
        r"video is not available|isn't available|not available anymore",
        message="The video is gone.",
        example="Video unavailable. This video has been removed by the uploader",
        retryable=True,
    ),
    Cause(
        code="video_login",
        pattern=r"sign in|log ?in|login required|--cookies|registered users|authentication",
        message="The video is only shown after signing in; [videos] cookies of a signed-in browser would help.",
        example="This video is only available for registered users",
    ),
    Cause(
        code="video_unsupported",
        pattern=r"unsupported url|no suitable extractor|is not a valid url",
        message="yt-dlp does not support this video.",
        example="Unsupported URL: https://video.example/1",
    ),
    Cause(
        code="video_no_js",
        pattern=r"no supported javascript runtime|challenge solving failed",
        message="Without a JavaScript runtime there is no format of this video: pip install 'media-harvester[video]'.",
        example="No supported JavaScript runtime could be found. Only deno is enabled by default",
        retryable=True,
        scope="setup",
    ),
    Cause(
        code="video_no_ffmpeg",
        pattern=r"ffmpeg is not installed|ffmpeg not found|ffprobe and ffmpeg not found",
        message="The parts of this video cannot be joined without ffmpeg: pip install 'media-harvester[video]'.",
        example="You have requested merging of multiple formats but ffmpeg is not installed",
        retryable=True,
        scope="setup",
    ),
    Cause(
        code="video_no_formats",
        pattern=r"no video formats found|only images are available|unable to extract|failed to extract",
        message="yt-dlp found no format of this video. If others fail too: pip install -U yt-dlp yt-dlp-ejs.",
        example="No video formats found!; please report this issue",
        retryable=True,
        excused=False,
    ),
    Cause(
        code="video_no_format",
        pattern=r"requested format is not available",
        message="No format of the video fits [videos].",
        example="Requested format is not available. Use --list-formats for a list of available formats",
    ),
    Cause(
        code="video_forbidden",
        pattern=r"http error 403",
        message="The provider refused to send the video's data.",
        example="unable to download video data: HTTP Error 403: Forbidden",
        retryable=True,
        excused=False,
    ),
    Cause(
        code="video_server",
        pattern=r"http error [45]\d\d",
        message="The provider's server failed.",
        example="Unable to download API page: HTTP Error 503: Service Unavailable",
        retryable=True,
        excused=False,
    ),
    Cause(
        code="video_truncated",
        pattern=r"bytes read|more expected|content too short|incompleteread|did not get any data blocks",
        message="The transfer broke off; the next run goes on where it stopped.",
        example="1024 bytes read, 5000 more expected. Giving up after 3 retries",
        retryable=True,
        excused=False,
    ),
    Cause(
        code="video_network",
        pattern=r"timed out|connect|resolve|network is unreachable|proxy|closed|reset|urlopen error",
        message="The provider could not be reached.",
        example="<urlopen error [Errno 111] Connection refused>",
        retryable=True,
        excused=False,
    ),
    Cause(
        code="video_merge",
        pattern=r"postprocessing|conversion failed|ffmpeg",
        message="ffmpeg could not join the parts of the video.",
        example="Postprocessing: Conversion failed!",
        retryable=True,
        excused=False,
    ),
)

_VAGUE = {"video_no_formats", "video_no_format", "video_unsupported", "video_removed"}
_COMPILED = tuple((cause, re.compile(cause.pattern, re.IGNORECASE)) for cause in CAUSES)


def refusal(error: str, warnings: Sequence[str] = (), *, release: float | None = None) -> VideoRefused:
    """Return why a video cannot be fetched, from the error that ended it and the warnings before it.

    *release* is its announced time in Unix seconds. The warnings count if the error alone does not name the cause.
    """
    cause, said = _first_cause([error])
    if cause is None or cause.code in _VAGUE:
        cause, said = _first_cause([error, *warnings])
    if cause is None:
        return VideoRefused(code="video_failed", message=f"yt-dlp: {_plain(said)}", retryable=True, excused=False)
    return _refused(cause, f"{cause.message} ({_plain(said)})", release)


def refusal_as(code: str, *, release: float | None = None) -> VideoRefused:
    """Return the refusal for a cause of the table, without a message from yt-dlp."""
    cause = next(cause for cause in CAUSES if cause.code == code)
    return _refused(cause, cause.message, release)


def _refused(cause: Cause, message: str, release: float | None) -> VideoRefused:
    return VideoRefused(
        code=cause.code,
        message=message,
        retryable=cause.retryable,
        retry_after=_later(release) if cause.wait else None,
        scope=cause.scope,
        excused=cause.excused,
    )


def _first_cause(texts: Sequence[str]) -> tuple[Cause | None, str]:
    """Return the first cause of the table that fits one of *texts*, and that text; None if no cause fits."""
    for cause, pattern in _COMPILED:
        for text in texts:
            if pattern.search(text):
                return cause, text
    return None, texts[0]


def _later(release: float | None) -> str:
    soon = datetime.now(UTC) + PATIENCE
    when = datetime.fromtimestamp(release, UTC) + timedelta(minutes=10) if release is not None else soon
    return max(when, datetime.now(UTC) + timedelta(minutes=10)).isoformat(timespec="seconds")


def _plain(text: str) -> str:
    """Return yt-dlp's message without its tags and its advice for users of its own command line."""
    text = re.sub(r"^(?:ERROR:\s*|WARNING:\s*)?(?:\[[\w:.-]+\]\s*)?(?:[\w-]{11}:\s*)?", "", text.strip())
    text = re.split(r"; please report this issue|\. Use --|\. See {1,2}https?:| \(caused by ", text)[0]
    return " ".join(text.split())[:300]

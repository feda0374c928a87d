"""yt-dlp's options and results, as plain functions: formats, dates, limits, notes on what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from harvester.download.videos.messages import CaptionKind, Terms

_LOCAL_ONLY = ["-protocol_whitelist", "file,pipe,crypto,data"]
_NOWHERE = "/nonexistent/ffmpeg"

# Warnings of yt-dlp when it goes on without a tool, and what they mean for the file.
_NOTES = (
    (
        "No supported JavaScript runtime",
        "without a JavaScript runtime some formats were out of reach: pip install 'media-harvester[video]'",
    ),
    (
        "challenge solving failed",
        "the player's challenge was not solved, some formats were out of reach: pip install -U yt-dlp yt-dlp-ejs deno",
    ),
    ("captions ", "some captions could not be fetched"),
)


def options(terms: Terms, extractors: str) -> dict[str, Any]:
    """Return the parameters of YoutubeDL: only these extractors, quiet, no files or plug-ins of the machine."""
    return {
        "quiet": True,
        "noprogress": True,
        "color": "never",
        "noplaylist": True,
        "allowed_extractors": [extractors],
        "ignore_no_formats_error": True,  # so title and date arrive even for a refused video
        "outtmpl": {"default": "%(id)s.%(ext)s"},
        "format": terms.format or choice(terms),
        "format_sort": list(terms.sort),
        "merge_output_format": "mp4/mkv",
        "ffmpeg_location": terms.ffmpeg or _NOWHERE,
        "js_runtimes": {name: {"path": path} for name, path in terms.runtimes.items()},
        "cachedir": terms.cache or False,
        "cookiefile": terms.cookies or None,
        "proxy": terms.proxy,
        "compat_opts": {"no-certifi"} if terms.own_authority else set(),
        "socket_timeout": terms.read_timeout,
        "retries": terms.retries,
        "fragment_retries": terms.retries,
        "extractor_retries": terms.retries,
        "ratelimit": terms.rate or None,
        "continuedl": True,
        "updatetime": False,
        "fixup": "never" if terms.ffmpeg is None else None,
        "hls_prefer_native": True,
        "external_downloader": {"default": "native"},
        "external_downloader_args": {"ffmpeg_i": _LOCAL_ONLY},
        "postprocessor_args": {"ffmpeg_i": _LOCAL_ONLY},
    }


def choice(terms: Terms) -> str:
    """Return the format expression: the best picture and the best sound, or the best file that has both."""
    if terms.audio_only:
        return "ba/b"
    low = f"[height<=?{terms.max_height}]" if terms.max_height else ""
    together = f"b{low}"
    return f"bv*{low}+ba/{together}" if terms.ffmpeg else together


def playable(asked: dict[str, Any]) -> bool:
    """Return whether there is anything to download besides storyboard pictures."""
    return any(form.get("vcodec") != "none" or form.get("acodec") != "none" for form in asked.get("formats") or ())


def too_much(asked: dict[str, Any], terms: Terms) -> str | None:
    """Return why the video exceeds the configured limits, or None."""
    duration = asked.get("duration") or 0
    if 0 < terms.max_duration < duration:
        return f"{duration:.0f} s long, [videos] max_duration is {terms.max_duration} s"
    parts = asked.get("requested_formats") or [asked]
    size = sum(part.get("filesize") or part.get("filesize_approx") or 0 for part in parts)
    if 0 < terms.max_bytes < size:
        return f"{size:,} bytes, [videos] max_bytes is {terms.max_bytes:,}"
    return None


def tracks(done: dict[str, Any], language: str, terms: Terms) -> Iterator[tuple[CaptionKind, dict[str, Any]]]:
    """Yield the WebVTT captions of exactly one language: manual ones, then automatic ones if configured."""
    offers: list[tuple[CaptionKind, str]] = [("manual", "subtitles")]
    offers += [("automatic", "automatic_captions")] if terms.automatic_captions else []
    for kind, key in offers:
        for track in (done.get(key) or {}).get(language) or ():
            if track.get("ext") == "vtt":
                yield kind, {**track, "http_headers": done.get("http_headers")}


def codecs(done: dict[str, Any]) -> str | None:
    """Return the codecs of picture and sound in the notation of RFC 6381, or None."""
    named = [done.get(key) for key in ("vcodec", "acodec")]
    return ", ".join(name for name in named if name and name != "none") or None


def published(asked: dict[str, Any]) -> str | None:
    """Return when a video was published, in ISO 8601, as exact as stated, or None."""
    moment = asked.get("timestamp") or asked.get("release_timestamp")
    if moment:
        return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")
    day = asked.get("upload_date") or ""
    return f"{day[:4]}-{day[4:6]}-{day[6:]}" if len(day) == 8 else None


def notes(terms: Terms, warnings: Sequence[str]) -> tuple[str, ...]:
    """Return notes on what may keep the file from being the best available."""
    said = [note for sign, note in _NOTES if any(sign in warning for warning in warnings)]
    if terms.ffmpeg is None and not terms.audio_only:
        said.insert(0, "without ffmpeg the best single file was taken: pip install 'media-harvester[video]'")
    return tuple(said)

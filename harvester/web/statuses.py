"""What a status means for the caller."""

from __future__ import annotations

from collections.abc import Mapping

from harvester import urls
from harvester.errors import FetchError
from harvester.web.answers import Answer
from harvester.web.retries import retry_after

HEALING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""The statuses worth a later try; from 520 on they are Cloudflare's, for an origin server that did not answer.

Source: https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
"""
_WHOLE = (200, 203)
_BODILESS = (204, 205)


def check(answer: Answer, asked: Mapping[str, str]) -> None:
    """Raise FetchError unless *answer* fits the header fields *asked*: the whole, a range, or not modified."""
    fits = (
        answer.status in _WHOLE
        or (answer.status == 206 and "Range" in asked)
        or (answer.status == 304 and ("If-None-Match" in asked or "If-Modified-Since" in asked))
    )
    if not fits:
        raise error_of(answer)


def error_of(answer: Answer) -> FetchError:
    """Make the error for a status."""
    return FetchError(
        f"{urls.legible(answer.final_url)}: the server answered {answer.status}",
        code="empty" if answer.status in _BODILESS else f"http_{answer.status}",
        retryable=answer.status in HEALING,
        status=answer.status,
        retry_after=retry_after(answer.headers),
        final_url=answer.final_url,
    )

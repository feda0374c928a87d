"""A saved page: HTML in a file, and the address it came from."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator

from harvester import urls
from harvester.articles.metadata.addresses import stated_addresses
from harvester.errors import UsageError
from harvester.markup import decode, parse
from harvester.model import Source
from harvester.steps import Lead

_HEAD = 262_144  # bytes in which a page states its address
_NOWHERE = "https://unknown.invalid/"
# As browsers (<!-- saved from url=(0023)https://... -->) and SingleFile (url: https://...) write it.
_SAVED_FROM = re.compile(
    r"<!--(?:\s+saved from url=\(\d+\)|\s*Page saved with SingleFile\s+url:\s*)(\S+)", re.IGNORECASE
)


def lead(given: str, raw: bytes, base_url: str | None = None) -> Lead:
    """Return the lead of a saved page. Without *base_url* the page must state its address, or UsageError is raised."""
    url = urls.resolve_web(base_url) if base_url else stated_url(raw)
    if url is None:
        wrong = "it does not say where it came from"
        if base_url:
            wrong = f"--base-url {urls.legible(base_url)} is not an http or https URL"
        raise UsageError(f"{given}: {wrong}. Give --base-url URL, the address that the page was saved from.")
    return Lead(
        source=Source(kind="html", given=given),
        url=url,
        base_url=url,
        body=raw,
        digest=hashlib.sha256(raw).hexdigest(),
        fetch="item",
    )


def stated_url(raw: bytes) -> str | None:
    """Return the address that a page states: where it was saved from, else its canonical link or og:url."""
    return next((url for stated in _stated(raw) if (url := urls.resolve_web(stated.strip()))), None)


def _stated(raw: bytes) -> Iterator[str]:
    text, _ = decode(raw[:_HEAD])
    if saved := _SAVED_FROM.search(text):
        yield html.unescape(saved[1])
    yield from stated_addresses(parse(text, _NOWHERE))

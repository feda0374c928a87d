"""A saved page: HTML in a file, and where it came from."""

from __future__ import annotations

import hashlib

from harvester import urls
from harvester.errors import UsageError
from harvester.markup import attributes, decode, parse
from harvester.model import Source
from harvester.steps import Lead

NOWHERE = "https://unknown.invalid/"


def lead(given: str, raw: bytes, base_url: str | None = None) -> Lead:
    """Read a saved page. Without *base_url* it must say itself where it came from; raises UsageError otherwise."""
    url = urls.resolve_web(base_url) if base_url else stated_url(raw)
    if url is None:
        wrong = f"--base-url {base_url} is no http or https URL" if base_url else "it does not say where it came from"
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
    """Give the address that a page states of itself, in `<link rel=canonical>` or og:url, if it is a whole one."""
    document = parse(decode(raw)[0], NOWHERE)
    canonical = [attributes(node).get("href", "") for node in document.css("link[rel~=canonical]")]
    shared = [attributes(node).get("content", "") for node in document.css('meta[property="og:url"]')]
    return next((url for stated in (*canonical, *shared) if (url := urls.resolve_web(stated))), None)

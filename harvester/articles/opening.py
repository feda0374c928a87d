"""From a lead to its page: over the network, or from what the source carries."""

from __future__ import annotations

import hashlib
import re

from harvester import urls
from harvester.articles.sources.sniff import shape_of, text_of_head
from harvester.errors import FetchError, SourceError
from harvester.markup import Document, decode, parse
from harvester.model import Page, Validators
from harvester.steps import Lead, Opened
from harvester.web import Web

NOT_MODIFIED = 304
_OTHER = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a compressed file"),
)
_PAGES = ("text/html", "application/xhtml+xml")
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta)\b", re.IGNORECASE)
_HEAD = 4096  # bytes that show whether a document with another Content-Type is a page


class Listed(SourceError):
    """The answer is not an article but a list of articles."""


async def open_lead(lead: Lead, web: Web, *, validators: Validators | None = None, stand_in: bool = True) -> Opened:
    """Return the page of a lead; a lead that carries the article needs no network.

    With *validators* the answer may be status 304, without a body. What the source carries stands in for a page that
    cannot be fetched, unless *stand_in* is false. Raises SourceError if there is no page, Listed if there is a feed or
    sitemap in its place.
    """
    if lead.url is not None and not urls.is_possible(urls.host(lead.url)):
        raise SourceError(f"{urls.legible(lead.url)}: the host name is longer than names can be", code="bad_url")
    if lead.is_article:
        return carried(lead)
    try:
        return await _fetched(lead, web, validators)
    except SourceError:
        if lead.body is None or lead.url is None or not stand_in:
            raise
        return carried(lead)


def carried(lead: Lead) -> Opened:
    """Return the page that the lead itself carries."""
    assert lead.url is not None, "its reader made sure"
    assert lead.body is not None, "called only if it has one"
    base = lead.base_url or lead.url
    page = Page(sha256=lead.digest)
    return Opened(lead=lead, url=lead.url, final_url=lead.url, base_url=base, body=lead.body, page=page)


def parse_page(opened: Opened) -> Document:
    """Decode, repair and parse a page."""
    text = opened.body if isinstance(opened.body, str) else decode(opened.body, opened.content_type)[0]
    return parse(text, opened.base_url)


async def _fetched(lead: Lead, web: Web, validators: Validators | None) -> Opened:
    if lead.url is None:
        raise SourceError(f"{lead.source.given}: no address to open", code="no_url")
    try:
        response = await web.page(lead.url, validators=validators)
    except FetchError as error:
        raise SourceError.of(error) from error
    if response.status != NOT_MODIFIED:
        _check_list(response.body, lead)
        _check_page(response.body, response.headers.get("Content-Type", ""), lead.url)
    page = Page(
        status=response.status,
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
        sha256=hashlib.sha256(response.body).hexdigest(),
        fetched_at=response.fetched_at,
    )
    return Opened(
        lead=lead,
        url=lead.url,
        final_url=response.final_url,
        base_url=response.final_url,
        body=response.body,
        content_type=response.headers.get("Content-Type"),
        page=page,
        signals=response.signals,
    )


def _check_list(body: bytes, lead: Lead) -> None:
    """Raise Listed for a feed or sitemap that the user named as a page; one that a source led to is not followed."""
    shape = shape_of(text_of_head(body[:_HEAD])) if lead.source.kind == "page" else None
    if shape in ("feed", "sitemap", "opml") and lead.url:
        raise Listed(f"{urls.legible(lead.url)}: a {shape}, not a page; --as {shape} reads its articles", code="listed")


def _check_page(body: bytes, content_type: str, url: str) -> None:
    """Raise SourceError if this is not a page: bytes win over headers, since servers label anything as anything."""
    shown = urls.legible(url)
    if not body.strip():
        raise SourceError(f"{shown}: an empty page", code="empty", retryable=True)
    kind = content_type.partition(";")[0].strip().lower()
    what = next((name for magic, name in _OTHER if body.startswith(magic)), None)
    if what is None and kind not in _PAGES and not _MARKUP.search(body[:_HEAD]):
        what = kind or "data of an unknown kind"
    if what is not None:
        raise SourceError(f"{shown}: {what}, not a page", code="not_html")

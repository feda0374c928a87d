"""JSON Feed 1.0 and 1.1. Source: https://www.jsonfeed.org/version/1.1/"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

from harvester import urls
from harvester.articles.feeds.entry import Entry, entry_lead, plain
from harvester.articles.feeds.media import ANY_PICTURE
from harvester.articles.sources.reader import Reach
from harvester.errors import SourceError
from harvester.markup import with_whole_letters
from harvester.model import Source
from harvester.steps import Lead, Offer

LARGEST, MOST_VALUES = 20_000_000, 2_000_000
"""Limits of a feed, which is in memory as a whole: bytes, and values counted by commas and brackets."""


class _Feed(Struct, frozen=True):
    """A feed whose items are not parsed yet."""

    items: list[Raw]
    language: Any = None


def leads(raw: bytes, source: Source, reach: Reach, *, url: str | None) -> Iterator[Lead]:
    """Yield a lead for every item that names its article; raises SourceError if it is not a JSON Feed."""
    if len(raw) > LARGEST or sum(map(raw.count, (b",", b"[", b"{"))) > MOST_VALUES:
        what = f"larger than {LARGEST:,} bytes or {MOST_VALUES:,} values, too large for a feed"
        raise SourceError(f"{source.given}: {what}", code="too_large")
    try:
        feed = msgspec.json.decode(with_whole_letters(raw.decode("utf-8-sig")), type=_Feed)
        for item in map(msgspec.json.decode, feed.items):
            for entry in _entry(item, url, _text(feed.language)) if isinstance(item, dict) else ():
                yield entry_lead(entry, source, reach)
    except msgspec.ValidationError as error:
        raise SourceError(f"{source.given}: a JSON Feed without items ({error})", code="broken") from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise SourceError(f"{source.given}: not valid JSON ({error})", code="broken") from error


def _entry(item: dict[str, Any], base: str | None, language: str | None) -> Iterator[Entry]:
    stated = (_text(item.get(key)) for key in ("url", "external_url", "id"))
    address = next((url for text in stated if text and (url := urls.resolve_web(text, base))), None)
    if address:
        yield Entry(
            url=address,
            title=plain(html.escape(_text(item.get("title")) or "")),
            published=_text(item.get("date_published")),
            modified=_text(item.get("date_modified")),
            authors=tuple(_authors(item)),
            description=_text(item.get("summary")),
            language=_text(item.get("language")) or language,
            body=_body(item),
            offers=tuple(_offers(item, address)),
        )


def _body(item: dict[str, Any]) -> str | None:
    markup, text = _text(item.get("content_html")), _text(item.get("content_text"))
    return markup or (f"<p>{html.escape(text)}</p>" if text else None)


def _authors(item: dict[str, Any]) -> Iterator[str]:
    stated = item.get("authors")
    for author in stated if isinstance(stated, list) else [item.get("author")]:
        if isinstance(author, dict) and (name := _text(author.get("name"))):
            yield name


def _offers(item: dict[str, Any], base: str) -> Iterator[Offer]:
    attached = item.get("attachments")
    files = [file for file in attached if isinstance(file, dict)] if isinstance(attached, list) else []
    pictures = [(item.get(key), ANY_PICTURE) for key in ("image", "banner_image")]
    for stated, kind in (*pictures, *((file.get("url"), _text(file.get("mime_type"))) for file in files)):
        text = _text(stated)
        url = urls.resolve_web(text, base) if text else None
        if url:
            yield Offer(url=url, type=kind)


def _text(stated: object) -> str | None:
    return stated.strip() or None if isinstance(stated, str) else str(stated) if isinstance(stated, int) else None

"""What a page says about itself: first what its source says, then JSON-LD, meta elements and the visible page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec.structs import replace

from harvester import urls
from harvester.articles.metadata.addresses import canonical_of
from harvester.articles.metadata.authors import authors_of, unique
from harvester.articles.metadata.dates import first_date, most_exact
from harvester.articles.metadata.schema_org import Thing, article_thing, site_name, texts
from harvester.articles.metadata.titles import from_headline_on, title_of
from harvester.markup import Document, attributes, text_of
from harvester.model import Article, Signals
from harvester.steps import Opened

_PUBLISHED = (
    "article:published_time og:article:published_time og:published_time datepublished dcterms.issued dc.date.issued "
    "dcterms.created dc.date dcterms.date dc.date.created parsely-pub-date sailthru.date cxenseparse:recs:publishtime "
    "cxenseparse:publishtime article:published prism.publicationdate pubdate pub_date publishdate publish-date "
    "publication_date date.available date.created date uploaddate datecreated"
).split()
_MODIFIED = (
    "article:modified_time og:article:modified_time og:updated_time datemodified dcterms.modified dc.date.modified "
    "article:modified date.modified date.updated cxenseparse:modified_time last-modified"
).split()
_DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description", "dcterms.description")
_LANGUAGES = ("og:locale", "content-language", "dc.language", "dcterms.language", "language", "inlanguage")
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_.].*)?", re.IGNORECASE)


def describe(document: Document, opened: Opened) -> Article:
    """Return the facts of an article as its source and page state them; missing facts are null, never invented."""
    lead = opened.lead
    canonical = canonical_of(document, opened)
    stated = filter(None, (opened.url, opened.final_url, canonical))
    addresses = tuple(dict.fromkeys(urls.redact(url) for url in stated))
    thing = article_thing(document, addresses)
    site = site_name(document, thing)
    return Article(
        url=addresses[0],
        canonical_url=canonical and urls.redact(canonical),
        urls=addresses,
        key=urls.key_of(canonical or opened.url),
        site=site or urls.registered_domain(opened.url),
        title=lead.title or title_of(document, thing),
        published=most_exact(chain([lead.published], _published(document, thing))),
        modified=first_date(chain([lead.modified], _modified(document, thing))),
        language=_language(chain([lead.language], _languages(document, thing))),
        authors=unique(lead.authors) or authors_of(document, thing, site),
        description=lead.description
        or next(texts(thing.get("description")), None)
        or _meta_of(document, _DESCRIPTIONS),
        source=lead.source,
        page=opened.page,
        repairs=document.repairs,
        signals=_signals(document, opened.signals),
    )


def _meta_of(document: Document, keys: Iterable[str]) -> str | None:
    return next((document.meta[key][0] for key in keys if key in document.meta), None)


def _published(document: Document, article: Thing) -> Iterator[str]:
    yield from texts(article.get("datePublished") or article.get("uploadDate"))
    yield from (text for key in _PUBLISHED for text in document.meta.get(key, ()))
    yield from _itemprop(document, "datepublished")
    yield from (attributes(node)["datetime"] for node in from_headline_on(document, "time[datetime]")[:1])


def _modified(document: Document, article: Thing) -> Iterator[str]:
    yield from texts(article.get("dateModified"))
    yield from (text for key in _MODIFIED for text in document.meta.get(key, ()))
    yield from _itemprop(document, "datemodified")


def _itemprop(document: Document, name: str) -> Iterator[str]:
    for node in document.css(f'[itemprop~="{name}" i]'):
        given = attributes(node)
        yield given.get("datetime") or given.get("content") or text_of(node)


def _languages(document: Document, article: Thing) -> Iterator[str]:
    inner = article.get("inLanguage")
    yield from texts(inner.get("alternateName") or inner.get("name") if isinstance(inner, dict) else inner)
    given = attributes(document.root)
    yield from filter(None, (given.get("lang"), given.get("xml:lang")))
    yield from (text for key in _LANGUAGES for text in document.meta.get(key, ()))


def _language(stated: Iterable[str | None]) -> str | None:
    """Return the first text that names a language, as a BCP 47 tag: `zh_hans_cn` is zh-Hans-CN."""
    for found in (_TAG.fullmatch(text.strip()) for text in stated if text):
        if found:
            parts = (found[1].lower(), (found[2] or "").title(), (found[3] or "").upper())
            return "-".join(filter(None, parts))
    return None


def _signals(document: Document, header: Signals) -> Signals:
    robots = ", ".join(document.meta.get("robots", ())) or None
    reserved = header.tdm_reservation or _meta_of(document, ("tdm-reservation",))
    return replace(header, meta_robots=robots, tdm_reservation=reserved)

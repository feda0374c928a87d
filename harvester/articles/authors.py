"""Who wrote an article: names only, as JSON-LD, meta elements or the byline state them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from harvester.articles.things import Thing, names
from harvester.articles.titles import from_headline_on
from harvester.markup import Document, text_of

_META = ("author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "byl", "sailthru.author")
_BYLINES = "[rel~=author], [itemprop~=author], [class~=byline] a, [class~=byline], [class~=author]"
_MOST = 20
_LONGEST = 80  # characters of a name
_BY = re.compile(
    r"(?:(?:written )?by|von|par|por|di|door|af|av|texte?|autore?|autora|auteur)(?::\s*|\s+)", re.IGNORECASE
)
_NO_NAME = re.compile(r"://|^www\.|^@|^\S+@\S+$|\.(?:com|org|net)/|^[\W\d]*$")
_LISTED = re.compile(r"\s*[;|•]\s*|\s+/\s+|\s*+,\s*+(?!(?:jr|sr|ii|iii|md|phd|m\.d|ph\.d)\b)", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|und|et|och|og|en|&)\s+")


def authors_of(document: Document, article: Thing, site: str | None) -> tuple[str, ...]:
    """Give the authors as the most trusted source states them; one that names only the site gives way to the next."""
    stated = (
        names(article.get("author") or article.get("creator"), document),
        (name for key in _META for name in document.meta.get(key, ())),
        _bylines(document),
    )
    found = [people for source in stated if (people := unique(source))]
    own = (site or "").casefold()
    return next((people for people in found if [name.casefold() for name in people] != [own]), (*found, ())[0])


def unique(stated: Iterable[str]) -> tuple[str, ...]:
    """Give the names in some statements, each once: without "By", without addresses, lists taken apart."""
    people = {name.casefold(): name for text in stated for name in _people(text)}
    return tuple(people.values())[:_MOST]


def _people(text: str) -> Iterator[str]:
    plain = _BY.sub("", " ".join(text.split()), count=1) if _BY.match(text.strip()) else " ".join(text.split())
    for listed in _LISTED.split(plain):
        for name in _together(listed):
            if name and len(name) <= _LONGEST and not _NO_NAME.search(name):
                yield name


def _together(text: str) -> list[str]:
    """Take `Ana Ruiz and Li Wei` apart, but not `Ministry of Trade and Industry`."""
    parts = _AND.split(text)
    return parts if all(2 <= len(part.split()) <= 4 for part in parts) else [text]


def _bylines(document: Document) -> Iterator[str]:
    """Give what short elements say that are marked as the author's; the first that does counts."""
    for node in from_headline_on(document, _BYLINES):
        text = text_of(node)
        if len(text) <= _LONGEST and unique([text]) and not re.search(r"\d", text):
            yield text
            return

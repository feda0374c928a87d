"""Who wrote an article: names only, from JSON-LD, meta elements or the byline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from harvester.articles.metadata.schema_org import Thing, names
from harvester.articles.metadata.titles import from_headline_on
from harvester.markup import Document, Node, ancestors, text_of

_META = (
    "author",
    "article:author",
    "parsely-author",
    "byl",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
)
_INVERTED = ("dc.creator", "dcterms.creator", "citation_author")  # bibliographies put the family name first
# From the clearest mark to the vaguest: author markup, links to a person's page, what is styled as a byline.
_BYLINES = (
    "[rel~=author], [itemprop~=author] [itemprop~=name], [itemprop~=author]",
    'a:is([href*="/author"], [href*="/autor"], [href*="/auteur"], [href*="/journalist"], [href*="/profile/"])',
    ":is({0}) a, {0}".format('[class*="byline" i], [class~="author" i], [class$="__author" i]')
    + ', [class*="author-name" i], [data-testid="authorName"]',
)
_MOST = 20
_LONGEST = 80  # characters of a name
_BY = re.compile(
    r"(?:(?:written )?by|von|par|por|di|door|af|av|texte?|autore?|autora|auteur)(?::\s*|\s+)", re.IGNORECASE
)
_NO_NAME = re.compile(r":|^www\.|^@|^\S+@\S+$|\.(?:com|org|net)/|^[\W\d]*$")
_NOBODY = frozenset("admin administrator webmaster wordpress root editor author guest user".split())  # user names
_MAIL = re.compile(r"[\s(<]+\S+@\S+\.\w+[)>]?\s*$")
# What follows the name in a byline: the place, the agencies used, the date.
_BEHIND = re.compile(
    r"\s+(?:in|à|en)\s+[A-Z]\w+$|\s+(?:avec|mit|with|con|com)\s+(?:[A-Z]{2,5}|dpa|agenc\w+|agences?)$|\s+[|•·–—-]\s.*\d.*$"
)
_ROLE = re.compile(
    r"(?:(?:senior|chief|staff|deputy|associate|political|economics?|business|science|health|sports?|foreign|managing)\s)*"
    r"(?:correspondent|reporter|editor|writer|columnist|contributor|journalist|redakteurin|redakteur|korrespondentin"
    r"|korrespondent|journaliste|redactora?|periodista)(?:-in-chief|-at-large)?",
    re.IGNORECASE,
)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")  # a name in a script without spaces
_LISTED = re.compile(r"\s*[;|•]\s*|\s+/\s+|\s*+,\s*+(?!(?:jr|sr|ii|iii|md|phd|m\.d|ph\.d)\b)", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|und|et|och|og|en|&)\s+")


def authors_of(document: Document, article: Thing, site: str | None) -> tuple[str, ...]:
    """Return the authors from the most trusted source that names more than the site itself."""
    stated = (
        names(article.get("author") or article.get("creator"), document),
        _in_meta(document),
        _bylines(document),
    )
    own: tuple[str, ...] = ()
    for people in map(unique, stated):
        if people and (site is None or [name.casefold() for name in people] != [site.casefold()]):
            return people
        own = own or people
    return own


def unique(stated: Iterable[str]) -> tuple[str, ...]:
    """Return the names in some texts, each once: without "By", without addresses, lists split."""
    people: dict[str, str] = {}
    for name in islice((name for text in stated for name in _people(text)), _MOST):
        people.setdefault(name.casefold(), name)
    return tuple(people.values())


def _people(text: str) -> Iterator[str]:
    plain = " ".join(text.split())
    by = _BY.match(plain)
    for listed in _LISTED.split(plain[by.end() :] if by else plain):
        for name in _split_at_and(listed):
            name = _bare(name)
            if name and len(name) <= _LONGEST and not _is_nobody(name):
                yield name


def _bare(text: str) -> str:
    """Return a name without what follows it in a byline; a text too long for a name is unchanged."""
    return _BEHIND.sub("", _MAIL.sub("", text)) if len(text) <= 2 * _LONGEST else text


def _is_nobody(name: str) -> bool:
    """Return whether *name* is an address, a program's user name, or a job title."""
    return bool(_NO_NAME.search(name) or _ROLE.fullmatch(name)) or name.casefold() in _NOBODY


def _split_at_and(text: str) -> list[str]:
    """Split `Ana Ruiz and Li Wei`, but not `Ministry of Trade and Industry`."""
    parts = _AND.split(text)
    return parts if all(2 <= len(part.split()) <= 4 for part in parts) else [text]


def _in_meta(document: Document) -> Iterator[str]:
    for key in _META:
        for name in document.meta.get(key, ()):
            family, comma, given = name.partition(", ")
            yield f"{given} {family}" if comma and key in _INVERTED else name


def _bylines(document: Document) -> Iterator[str]:
    """Yield the names near the headline that are marked as the author's, all from one part of the page."""
    for selector in _BYLINES:
        place = None
        for node in from_headline_on(document, selector):
            text = _bare(text_of(node))
            is_word = " " not in text and not _UNSPACED.search(text)
            if not _could_be_byline(text) or (selector != _BYLINES[0] and is_word):
                continue
            if place is not None and _around(node) != place:
                return
            place = _around(node)
            yield text
        if place is not None:
            return


def _could_be_byline(text: str) -> bool:
    return len(text) <= _LONGEST and not re.search(r"\d", text) and bool(unique([text]))


def _around(node: Node) -> int:
    """Return the id of the element two levels up, which holds all authors of one article."""
    above = [node, *islice(ancestors(node), 2)]
    return above[-1].mem_id

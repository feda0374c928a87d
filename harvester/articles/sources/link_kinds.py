"""What a link's address and text say about its target: an article, a section, or a crawler trap."""

from __future__ import annotations

import re
from urllib.parse import unquote

from harvester import urls

_DATE = re.compile(r"/(?:19|20)\d\d[/-]?(?:0[1-9]|1[0-2]|[a-z]{3})(?:[/-]?(?:0[1-9]|[12]\d|3[01]))?(?=[/-]\w)")
_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)|(?<![a-z0-9])[a-z0-9]{10,}\d[a-z0-9]*$")
_WORD = re.compile(r"[^\W\d_]{2,}")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_OTHER_FILES = re.compile(r"\.(?!html?$|php$|aspx?$|jsp$|shtml$)[a-z][a-z0-9]{1,4}$", re.IGNORECASE)
_SERVICE = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|autor(?:en)?|auteurs?|profiles?|search|suche|recherche|login|signin|"
    r"register|subscribe|abo|newsletters?|about|contact|kontakt|privacy|datenschutz|terms|impressum|cookies?|help|faq|"
    r"jobs|careers|shop|cart|account|feeds?|rss|sitemap|print|share|comments?|wp-(?:admin|content|login|json))(?:/|\.|$)",
    re.IGNORECASE,
)
_NOT_OPENED = re.compile(
    r"/(?:search|suche|recherche|login|signin|register|subscribe|cart|account|print|share|comments?|"
    r"wp-(?:admin|content|login|json)|calendar|kalender|calendrier|events?)(?:/|\.|$)",
    re.IGNORECASE,
)
_TRAP = re.compile(
    r"[?&;](?:jsessionid|phpsessid|sid|session_?id|s_id|replytocom|share|print|sort|order|filter|"
    r"month|year|day|date|tribe-bar-date|ical|calendar)(?:=|&|$)|;jsessionid",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(?:[?&](?:page|paged|p|pg|seite|start|offset)=|/page/|/seite/|/p)(\d+)(?=[/&]|$)", re.IGNORECASE)
_LAST_PAGE = 20
_LONGEST = 500  # characters
_DEEPEST = 12  # segments of a path


def looks_like_article(url: str, text: str) -> bool:
    """Return whether a link looks like an article's: by two signs among date, number, wordy name and headline.

    The address decides first; no rules for particular publishers are used here.
    """
    path = unquote(urls.path(url)).rstrip("/").lower()
    if is_trap(url) or urls.is_root(url) or _SERVICE.search(path) or _OTHER_FILES.search(path) or _PAGE.search(url):
        return False
    name = re.sub(r"\.\w{2,5}$", "", path.rpartition("/")[2])
    words = len(_WORD.findall(name)) if re.search(r"[-_]", name) else 0
    signs = 2 * bool(_DATE.search(path)) + bool(_NUMBER.search(name)) + (words >= 3) + (words >= 5)
    return signs + is_headline(text) >= 2


def is_headline(text: str) -> bool:
    """Return whether a text is as long as a headline: five words, or ten characters of a script without spaces."""
    return len(_WORD.findall(text)) >= 5 or len(_IDEOGRAPH.findall(text)) >= 10


def is_section(url: str) -> bool:
    """Return whether a link may be opened for its links: not a file, service, trap, or page far down a list."""
    path = urls.path(url)
    page = _PAGE.search(url)
    far = page is not None and (len(page[1]) > 3 or int(page[1]) > _LAST_PAGE)
    return not (far or is_trap(url) or _NOT_OPENED.search(path) or _OTHER_FILES.search(path))


def is_trap(url: str) -> bool:
    """Return whether an address is one of endlessly many: calendars, sessions, sorted lists, repeating paths."""
    segments = [segment for segment in urls.path(url).split("/") if segment]
    repeats = any(segments.count(segment) >= 3 for segment in segments)
    return len(url) > _LONGEST or len(segments) > _DEEPEST or repeats or bool(_TRAP.search(url))

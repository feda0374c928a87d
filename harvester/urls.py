"""URLs as browsers read them (WHATWG URL Standard, by ada), and names derived from them.

A URL that a page published is kept as it is after resolution: nothing is decoded, sorted or dropped, since tokens and
signatures are part of it. The exception is user info: addresses enter through `resolve_web`, which removes it, so that
no password gets in; `login` reads it from what the user gave. `canonical` is for comparisons and keys, never for
requests.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from urllib.parse import unquote, unquote_to_bytes

import ada_url
from publicsuffixlist import PSLFILE, PublicSuffixList

_WEB = ("http://", "https://")

# Parameters that tell who sent the reader, never what is read.
TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|at_(medium|campaign|custom\d|"
    r"link_\w+|ptr_name|format|bbc_team|send_date)|ns_(campaign|mchannel|source|linkname|fee)|cmpid?|ito|ocid|"
    r"ref(_?src|_?url)?|smid|xtor|sfnsn|spm|share(d|_token)?|__twitter_impression|guccounter|guce_\w+|wt_mc|"
    r"mkt_tok|hs(Ctat|_)\w*|vero_id|oly_(enc|anon)_id|trk\w*)$",
    re.IGNORECASE,
)
AMP_PARAMETER = re.compile(r"^(amp(=(1|true))?|outputtype=amp|(amp_js_v|usqp)=.*)$", re.IGNORECASE)
_AMP_CACHE = re.compile(r"^https?://(?:[^/]+\.)?cdn\.ampproject\.org/[a-z]/(s/)?([^/].*)$", re.IGNORECASE)
_AMP_PATH = re.compile(r"(?:/amp/?|\.amp(?=\.html?$|$))$|\.amp(?=\.html?$)", re.IGNORECASE)

# The start of an address in a sentence (its slashes, or a scheme after which browsers need none), and its authority.
_AUTHORITY = re.compile(
    r"((?:https?:|(?<!file):[\\/]|(?:^|(?<=[\s\"'(<=]))[\\/]{2})[\\/]*)([^\s\\/?#]+)", re.IGNORECASE
)
_FORGOTTEN_SCHEME = re.compile(r"^(?!mailto:)[^\s/:@]+:[^\s/]*@(?=[^\s/@]*[.:/])")
_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji are written with them
_WINDOWS_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def resolve(url: str, base: str | None = None) -> str | None:
    """Return *url* as a browser would request it, resolved against *base*, or None if a browser would not.

    Source: https://url.spec.whatwg.org/#concept-basic-url-parser
    """
    try:
        joined: str = ada_url.join_url(base, url) if base else ada_url.URL(url).href
    except (ValueError, UnicodeEncodeError):
        return None
    return joined


def resolve_web(url: str, base: str | None = None) -> str | None:
    """Return *url* resolved, without fragment and user info, or None unless it is http or https with a host."""
    joined = resolve(url, base)
    if joined is None or not joined.startswith(_WEB):
        return None
    return redact(joined.partition("#")[0])


def is_web(url: str) -> bool:
    """Return whether *url* can be requested over the network: http or https."""
    return url[:8].lower().startswith(_WEB) and len(url) > 8


@lru_cache(maxsize=1024)
def host(url: str) -> str:
    """Return the host of *url* in lower case and ASCII, without its port; empty if there is none."""
    try:
        return str(ada_url.URL(url).hostname)
    except (ValueError, UnicodeEncodeError):
        return ""


@lru_cache(maxsize=1024)
def authority(url: str) -> str:
    """Return the host of *url* with its port unless that is the scheme's default; empty if there is none."""
    try:
        return str(ada_url.URL(url).host)
    except (ValueError, UnicodeEncodeError):
        return ""


def origin(url: str) -> str:
    """Return scheme, host and port of *url*: what cookies, credentials and robots.txt belong to."""
    try:
        return str(ada_url.URL(url).origin)
    except (ValueError, UnicodeEncodeError):
        return ""


def path(url: str) -> str:
    """Return the path of *url*, still percent-encoded."""
    try:
        return str(ada_url.URL(url).pathname)
    except (ValueError, UnicodeEncodeError):
        return ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(_rules(), accept_encoded_idn=False)


def _rules() -> Iterator[str]:
    """Yield the rules of the public suffix list, also in punycode: ada takes a third of the library's time."""
    with open(PSLFILE, encoding="utf-8") as rules:  # noqa: PTH123 - the list that the library ships
        for rule in rules:
            yield rule
            if not rule.isascii() and not rule.startswith("//"):
                yield ada_url.idna_to_ascii(rule.strip()).decode()


@lru_cache(maxsize=1024)
def registered_domain(name: str) -> str:
    """Return the registered domain of a host name or URL: `news.bbc.co.uk` -> `bbc.co.uk`; an IP address as it is.

    Source: https://publicsuffix.org/list/
    """
    name = host(name) if "://" in name else name.lower().rstrip(".")
    if is_address(name):
        return name
    return _suffixes().privatesuffix(name) or name


def is_possible(name: str) -> bool:
    """Return whether a host name has a legal length: at most 253 characters, and 63 for each label.

    Source: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
    """
    return len(name.rstrip(".")) <= 253 and max(map(len, name.split("."))) <= 63


def is_address(name: str) -> bool:
    """Return whether a serialised host is an IP address rather than a name."""
    return name.startswith("[") or bool(re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}", name))


@lru_cache(maxsize=1024)
def canonical(url: str) -> str:
    """Return the form that all spellings of one page's URL share: no fragment, tracking, credentials or AMP."""
    cached = _AMP_CACHE.match(url)
    if cached:
        url = ("https://" if cached[1] else "http://") + cached[2]
    try:
        parts = ada_url.URL(url)
    except (ValueError, UnicodeEncodeError):
        return url
    if not parts.hostname:
        return url
    _drop_credentials(parts)
    parts.hash = ""
    parts.search = _without_tracking(str(parts.search))
    parts.pathname = _AMP_PATH.sub("", str(parts.pathname)) or "/"
    return str(parts.href)


def _without_tracking(query: str) -> str:
    pairs = [pair for pair in query.removeprefix("?").split("&") if pair]
    kept = [p for p in pairs if not TRACKING.match(p.partition("=")[0]) and not AMP_PARAMETER.match(p)]
    return "?" + "&".join(kept) if kept else ""


def key_of(url: str) -> str:
    """Return an article's key: 16 base32 characters hashed from its canonical URL, the same for http and https."""
    form = canonical(url).split("://", 1)[-1]
    return base64.b32encode(hashlib.sha256(form.encode()).digest())[:16].decode().lower()


def is_root(url: str) -> bool:
    """Return whether *url* is a site's front page rather than one of its other pages."""
    return path(url) in ("", "/") and "?" not in url


def redact(url: str) -> str:
    """Return *url* without user name and password, fit for a log or a manifest; a URL without them is unchanged.

    A URL that no browser would open loses everything before its last `@`: nobody can say where a password in it ends.
    """
    if "@" not in url:
        return url
    try:
        parts = ada_url.URL(url)
    except (ValueError, UnicodeEncodeError):
        return re.sub(r"(?s)^(\s*[a-z][a-z0-9+.-]*:)?([\\/]*).*@", r"\1\2", url, flags=re.IGNORECASE)
    return str(parts.href) if _drop_credentials(parts) else url


def login(url: str) -> bytes | None:
    """Return the user name and password of *url*, decoded and joined by a colon, or None if it has neither."""
    if "@" not in url:
        return None
    try:
        parts = ada_url.URL(url)
    except (ValueError, UnicodeEncodeError):
        return None
    named = parts.username or parts.password
    return unquote_to_bytes(f"{parts.username}:{parts.password}") if named else None


def _drop_credentials(parts: ada_url.URL) -> bool:
    """Clear user name and password, and return whether there were any; a URL without a host has none."""
    named = bool(parts.username or parts.password)
    if named:
        parts.username, parts.password = "", ""
    return named


def without_logins(text: str) -> str:
    """Return a sentence, such as a library's error message, without the user info of the addresses in it."""
    return _AUTHORITY.sub(lambda found: found[1] + found[2].rpartition("@")[2], text) if "@" in text else text


def legible(url: str) -> str:
    """Return *url* fit for a message: without user name and password, and with no control characters.

    The same goes for `name:password@host/path`, an address whose scheme was forgotten.
    """
    return printable(_FORGOTTEN_SCHEME.sub("", redact(url)))


def stem(url: str) -> str:
    """Return the last path segment of *url*, decoded, without its extension."""
    name = unquote(path(url).rstrip("/").rpartition("/")[2])
    return re.sub(r"\.\w{2,5}$", "", name)


def slug(text: str, limit: int = 60) -> str:
    """Return *text* as a file name for every file system: letters and digits, at most *limit* bytes of UTF-8."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = re.findall(r"[^\W_]+(?:[\u0300-\u036f\u0900-\u0dff][^\W_]*)*", unicodedata.normalize("NFC", folded))
    kept = ""
    for word in words:
        longer = f"{kept}-{word}" if kept else word
        if len(longer.encode()) > limit:
            break
        kept = longer
    kept = kept or _truncated(words[0] if words else "", limit)
    return f"{kept}-file" if kept in _WINDOWS_RESERVED else kept


def _truncated(word: str, limit: int) -> str:
    return word.encode()[:limit].decode("utf-8", "ignore")


def printable(text: str, limit: int = 2000) -> str:
    """Return *text* fit for a terminal or a log line: no user info, control characters escaped, one line.

    Bidirectional characters count as control characters.
    """
    text = without_logins(text)[:limit]
    return text if text.isprintable() else "".join(c if c.isprintable() else _escaped(c) for c in text)


def spelled(text: str) -> str:
    """Return *text* so that UTF-8 can encode it: undecodable bytes of a file name become escapes (`\\xe9`)."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # a lone surrogate that stands for no byte
        return text.encode("utf-8", "backslashreplace").decode()


def _escaped(character: str) -> str:
    if character in _JOINERS:
        return character
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:  # a byte of a file name that is not UTF-8
        return spelled(character)
    return " " if character.isspace() else f"\\x{number:02x}"

"""What the user configured for certain hosts: headers and cookies, which never reach anybody else."""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from harvester import config, urls
from harvester.errors import UsageError

if TYPE_CHECKING:
    from http.cookiejar import CookieJar


_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""Source: https://www.rfc-editor.org/rfc/rfc9110#name-tokens"""


class Credentials:
    """Headers per host and cookies of `[web]`.

    They go to the origin that was first asked and to its https twin, never across origins of a chain of redirects.
    """

    def __init__(self, settings: config.Web) -> None:
        self._headers = {name.lower(): fields for name, fields in settings.headers.items()}
        self._cookies = _read(settings.cookies) if settings.cookies else None
        for host, fields in settings.headers.items():
            _check_host(host)
            check_fields("web.headers", fields)

    def of(self, url: str, first: str) -> dict[str, str]:
        """Give the header fields for *url*, reached by redirects from *first*; user info in *url* is one of them."""
        fields = _basic(url)
        if not (self._headers or self._cookies) or not _same_site(url, first):
            return fields
        fields |= {**self._headers.get(urls.host(url), {}), **self._headers.get(urls.authority(url), {})}
        cookies = self._cookies_of(url)
        return {**fields, "Cookie": cookies} if cookies else fields

    def _cookies_of(self, url: str) -> str | None:
        if self._cookies is None:
            return None
        from urllib.request import Request  # costs what only those with cookies need pay

        request = Request(urls.redact(url))  # noqa: S310 - only asked which cookies fit, never opened
        self._cookies.add_cookie_header(request)
        return request.get_header("Cookie")


def check_fields(where: str, fields: Mapping[str, str]) -> None:
    """Raise UsageError when a configured header field has no proper name or would not stay one line."""
    for name, value in fields.items():
        if not _TOKEN.fullmatch(name):
            raise UsageError(f"{where}: {name!r} is no name of a header field; write it like 'X-Token'")
        if not (name + value).isprintable():
            raise UsageError(f"{where}: {name!r} has control characters, which no header field may have")


def _check_host(host: str) -> None:
    """Raise UsageError for what no URL's host could be, so that its headers would silently go nowhere."""
    if not host or "*" in host or urls.authority(f"https://{host}/") != host.lower():
        raise UsageError(f"web.headers: {host!r} is no host; write it like 'www.example.org' or 'localhost:8080'")


def _basic(url: str) -> dict[str, str]:
    if "@" not in url:
        return {}
    parts = urlsplit(url)
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _same_site(url: str, first: str) -> bool:
    if urls.origin(url) == urls.origin(first):
        return True
    return url.startswith("https://") and first.startswith("http://") and urls.authority(url) == urls.authority(first)


def _read(file: str) -> CookieJar:
    from http.cookiejar import LoadError, MozillaCookieJar  # for the same reason

    jar = MozillaCookieJar(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a number that is none it would print a traceback
            jar.load(ignore_discard=True, ignore_expires=True)
    except (OSError, LoadError, ValueError) as error:
        raise UsageError(f"web.cookies: {file}: not a cookie file in Netscape's format ({error})") from None
    for cookie in jar:
        if cookie.expires == 0:  # how curl and browsers' exporters write a cookie of a session
            cookie.expires = None
    return jar

"""The user's secrets for certain hosts: headers, cookies, and the user info of addresses. No other host gets them."""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

from harvester import config, urls
from harvester.errors import UsageError

if TYPE_CHECKING:
    from http.cookiejar import CookieJar


_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""Source: https://www.rfc-editor.org/rfc/rfc9110#name-tokens"""


class Credentials:
    """Headers per host and cookies of `[web]`, and the names and passwords of the addresses that the user gave.

    They go to the origin of the first request and its https twin, and never to another origin in a chain of redirects.
    """

    def __init__(self, settings: config.Web) -> None:
        self._headers = {name.lower(): fields for name, fields in settings.headers.items()}
        self._cookies = _read(settings.cookies) if settings.cookies else None
        self._logins: dict[str, str] = {}
        for host, fields in settings.headers.items():
            _check_host(host)
            check_fields("web.headers", fields)

    def remember(self, url: str) -> None:
        """Keep the user info of *url*: for that address, and for its origin unless that already has some.

        Source: https://www.rfc-editor.org/rfc/rfc7617#section-2.2
        """
        given = urls.login(url)
        if given is None:
            return
        field = f"Basic {base64.b64encode(given).decode()}"
        if self._logins.setdefault(urls.origin(url), field) != field:
            self._logins[urls.redact(url).partition("#")[0]] = field

    def of(self, url: str, first: str) -> dict[str, str]:
        """Return the header fields for *url*, reached by redirects from *first*."""
        if not (self._headers or self._cookies or self._logins) or not _same_site(url, first):
            return {}
        fields = {**self._login_of(url), **self._headers.get(urls.host(url), {})}
        fields |= self._headers.get(urls.authority(url), {})
        cookies = self._cookies_of(url)
        return {**fields, "Cookie": cookies} if cookies else fields

    def _login_of(self, url: str) -> dict[str, str]:
        places = (url, urls.origin(url), f"http://{urls.authority(url)}")  # the last for a redirect to its https twin
        field = next((self._logins[place] for place in places if place in self._logins), None)
        return {} if field is None else {"Authorization": field}

    def _cookies_of(self, url: str) -> str | None:
        if self._cookies is None:
            return None
        from urllib.request import Request  # slow to import, and only needed with cookies

        request = Request(url)  # noqa: S310 - only used to select cookies, never opened
        self._cookies.add_cookie_header(request)
        return request.get_header("Cookie")


def check_fields(where: str, fields: Mapping[str, str]) -> None:
    """Raise UsageError if a configured header field has an invalid name or would not fit in one line."""
    for name, value in fields.items():
        if not _TOKEN.fullmatch(name):
            raise UsageError(f"{where}: {name!r} is not the name of a header field; write it like 'X-Token'")
        if not (name + value).isprintable():
            raise UsageError(f"{where}: {name!r} has control characters, which header fields must not have")


def _check_host(host: str) -> None:
    """Raise UsageError for a name that no URL could have as its host: its headers would silently never be sent."""
    if not host or "*" in host or urls.authority(f"https://{host}/") != host.lower():
        raise UsageError(f"web.headers: {host!r} is not a host; write it like 'www.example.org' or 'localhost:8080'")


def _same_site(url: str, first: str) -> bool:
    if urls.origin(url) == urls.origin(first):
        return True
    return url.startswith("https://") and first.startswith("http://") and urls.authority(url) == urls.authority(first)


def _read(file: str) -> CookieJar:
    from http.cookiejar import LoadError, MozillaCookieJar  # slow to import, too

    jar = MozillaCookieJar(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it would print a traceback for an invalid number
            jar.load(ignore_discard=True, ignore_expires=True)
    except (OSError, LoadError, ValueError) as error:
        raise UsageError(f"web.cookies: {file}: not a cookie file in Netscape's format ({error})") from None
    for cookie in jar:
        if cookie.expires == 0:  # how curl and browser exporters write a session cookie
            cookie.expires = None
    return jar

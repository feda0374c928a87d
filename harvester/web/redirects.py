"""Redirects: where the next hop leads, and where it must not."""

from __future__ import annotations

from harvester import urls
from harvester.errors import FetchError
from harvester.web.network.transport import Exchange

MOST = 10
"""Hops in a row; browsers allow 20, and no well-meaning site needs five."""
_STATUSES = (301, 302, 303, 307, 308)


def location_of(exchange: Exchange) -> str | None:
    """Return the target of a redirect as written in the header, or None if *exchange* is not a redirect."""
    return exchange.headers.get("Location") if exchange.status in _STATUSES else None


def next_hop(url: str, location: str, *, allow_downgrade: bool) -> str:
    """Return the URL that *url* redirects to; raises FetchError if it must not be followed."""
    target = urls.resolve_web(_escaped(location), url)
    if target is None or target == url:
        raise _refused(url, location, "which leads nowhere", "redirects")
    if is_downgrade(url, target) and not allow_downgrade:
        raise _refused(url, target, "which is not encrypted; [web] allow_downgrade would follow", "downgrade")
    return target


def is_downgrade(url: str, target: str) -> bool:
    """Return whether a redirect leads from https to http."""
    return url.startswith("https:") and target.startswith("http:")


def endless(url: str, hop: str) -> FetchError:
    """Make the error for too many hops."""
    return FetchError(f"{urls.legible(url)}: more than {MOST} redirects", code="redirects", final_url=hop)


def _refused(url: str, location: str, why: str, code: str) -> FetchError:
    message = f"{urls.legible(url)}: redirects to {urls.legible(location)!r}, {why}"
    return FetchError(message, code=code, final_url=url)


def _escaped(location: str) -> str:
    """Percent-encode every byte that is not ASCII, as browsers do.

    Source: https://fetch.spec.whatwg.org/#concept-response-location-url
    """
    return "".join(c if c.isascii() else f"%{ord(c):02X}" for c in location)

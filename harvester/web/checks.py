"""Checks of [web], made before anything is written or requested."""

from __future__ import annotations

import ssl

from harvester import config, urls
from harvester.errors import UsageError
from harvester.web.credentials import Credentials
from harvester.web.network.guard import Guard
from harvester.web.politeness.identity import user_agent


def check(settings: config.Web) -> None:
    """Raise UsageError, which names the key, for an invalid value of [web] or a file that cannot be read."""
    Guard(settings)
    Credentials(settings)
    user_agent(settings)
    check_proxy(settings)
    if settings.ca_file:
        authorities(settings.ca_file)


def check_proxy(settings: config.Web) -> None:
    """Raise UsageError unless the proxy, if any, is an http or https URL."""
    given = settings.proxy
    if given and (not given.isascii() or not urls.is_web(given) or urls.resolve_web(given) is None):
        raise UsageError(f"web.proxy: {urls.legible(given)}: write it as 'http://host:port'")


def authorities(ca_file: str) -> ssl.SSLContext:
    """Return a TLS context that trusts the system's authorities and those in *ca_file*; raises UsageError for none."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_verify_locations(ca_file)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError; ValueError for NUL in the name
        raise UsageError(f"web.ca_file: {ca_file}: no PEM certificates can be read ({error})") from None
    return context

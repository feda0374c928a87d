"""Who we are: the User-Agent, our name in robots.txt, and the Referer."""

from __future__ import annotations

import re

from harvester import __version__, config, urls
from harvester.web.credentials import check_fields


def user_agent(settings: config.Web) -> str:
    """Return product and version, or the configured name, with the contact; UsageError for control characters."""
    name = settings.user_agent or f"harvester/{__version__}"
    whole = f"{name} (+{settings.contact})" if settings.contact and settings.contact not in name else name
    check_fields("web.user_agent, web.contact", {"User-Agent": whole})
    return whole


def product(agent: str) -> str:
    """Return the product's name in a User-Agent, in lower case."""
    named = re.search(r"[^\s/]+", agent)
    return named[0].lower() if named else "harvester"


def referer(url: str, page: str | None) -> dict[str, str]:
    """Return the Referer field that names *page*, or nothing: from https to http, or if it is a file's path."""
    if page is None or not urls.is_web(page) or (page.startswith("https:") and not url.startswith("https:")):
        return {}
    return {"Referer": urls.redact(page).partition("#")[0]}

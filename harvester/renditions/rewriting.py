"""Applying one rule once: what it makes of a URL."""

from __future__ import annotations

import base64
import json
import re
from itertools import takewhile
from urllib.parse import unquote

from harvester import urls
from harvester.renditions.parameters import is_signed, joined, pairs
from harvester.renditions.rules import Rule, filled, matched

_HOST_AND_PATH = re.compile(r"\A[\w-]+(?:\.[\w-]+)*\.[a-z]{2,18}(?::\d+)?/", re.IGNORECASE)


def rewritten(rule: Rule, url: str) -> tuple[str, ...]:
    """Return what *rule* makes of *url*, largest first, leaving out anything no larger than *url* itself.

    `may_ask` says which of these may be requested.
    """
    found = matched(rule, url)
    made = [other for other in _made(rule, url, found) if other] if found else []
    return tuple(takewhile(lambda other: other != url, made))


def reduced(rule: Rule, url: str) -> str | None:
    """Return the first result of *rule*, which all renditions have in common; None when it is *url* itself."""
    found = matched(rule, url)
    made = _made(rule, url, found)[:1] if found else []
    return made[0] if made and made[0] != url else None


def may_ask(rule: Rule, url: str, made: str) -> bool:
    """Return whether *made*, which *rule* made of *url*, leaves every signature valid.

    The URL inside a wrapper has signatures of its own; where the path changes and the query is dropped, its signature
    goes with it.
    """
    signed = is_signed(url.partition("?")[2])
    if rule.kind == "unwrap_url":
        return not (signed and rule.codec == "edits")
    if rule.signed != "no" or not signed:
        return rule.signed != "whole"
    return rule.query == "drop" and made.partition("?")[0] != url.partition("?")[0]


def _made(rule: Rule, url: str, found: re.Match[str]) -> list[str | None]:
    if rule.kind == "unwrap_url":
        return [_unwrapped(rule, url, found)]
    if rule.kind == "strip_query":
        return [_stripped(rule, url)]
    if rule.kind == "set_param":
        return [url.partition("?")[0] + filled(into, found) for into in rule.into]
    return [_replaced(rule, url, found, into) for into in rule.into]


def _unwrapped(rule: Rule, url: str, found: re.Match[str]) -> str | None:
    inner = filled(rule.into[0], found) if rule.into else found["url"]
    if rule.codec == "base64":
        inner = _decoded(inner) or ""
    elif rule.codec == "edits":
        inner = _without_edits(inner) or ""
    return urls.resolve_web(_completed(inner, url), url) if inner else None


def _completed(inner: str, url: str) -> str:
    """Return the URL with its colon, slashes and scheme restored, which a wrapper's escaping may have removed."""
    if "%3a" in inner[:12].lower() or "/" not in inner:
        inner = unquote(inner)
    if inner.startswith(("http:/", "https:/")):
        return inner if "://" in inner[:8] else inner.replace(":/", "://", 1)
    if _HOST_AND_PATH.match(inner):
        return f"{url.partition('://')[0]}://{inner}"
    return inner if inner.startswith("/") else f"/{inner}"


def _decoded(text: str) -> str | None:
    text = text.replace("/", "").rstrip("=")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:
        return None


def _without_edits(text: str) -> str | None:
    """Return the path of a base64 object that requests a picture from a bucket, without its edits; else None."""
    try:
        asked = json.loads(_decoded(text) or "")
        kept = {name: str(asked[name]) for name in ("bucket", "key")}
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return "/" + base64.urlsafe_b64encode(json.dumps(kept, separators=(",", ":")).encode()).decode()


def _replaced(rule: Rule, url: str, found: re.Match[str], into: str) -> str:
    base, mark, query = url.partition("?")
    tail = mark + query if rule.query == "keep" else ""
    return base[: found.start()] + filled(into, found) + base[found.end() :] + tail


def _stripped(rule: Rule, url: str) -> str:
    base, _, query = url.partition("?")
    kept = [(name, value) for name, value in pairs(query) if name.lower().partition("/")[0] not in rule.params]
    return base + joined(kept, query)

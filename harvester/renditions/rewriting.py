"""One rule, one step: what a rule makes of a URL."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import unquote

from harvester import urls
from harvester.renditions.parameters import is_signed, joined, pairs
from harvester.renditions.rules import Rule, filled, matched


def rewritten(rule: Rule, url: str) -> tuple[str, ...]:
    """Give what *rule* makes of *url*, largest first; nothing where it does not concern it or changes nothing.

    What a signature covers does not matter here: see `may_ask`.
    """
    found = matched(rule, url)
    made = _made(rule, url, found) if found else []
    return tuple(other for other in made if other and other != url)


def reduced(rule: Rule, url: str) -> str | None:
    """Give the first of what *rule* makes of *url*: the form that all renditions share; None when *url* has it."""
    found = matched(rule, url)
    made = _made(rule, url, found)[:1] if found else []
    return made[0] if made and made[0] != url else None


def may_ask(rule: Rule, url: str) -> bool:
    """Say whether what *rule* makes of *url* keeps every signature whole.

    An address inside a wrapper has signatures of its own; a query that is dropped takes its signature along.
    """
    signed = is_signed(url.partition("?")[2])
    if rule.kind == "unwrap_url":
        return not (signed and rule.codec == "edits")
    return rule.signed == "asset" or (rule.signed == "no" and (not signed or rule.query == "drop"))


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
    """Give an address its colon, slashes and scheme back, whatever the wrapper's own escaping took."""
    if "%3a" in inner[:12].lower() or "%2f" in inner.lower():
        inner = unquote(inner)
    if inner.startswith(("http:/", "https:/")):
        return inner if "://" in inner[:8] else inner.replace(":/", "://", 1)
    host, slash, _ = inner.partition("/")
    if slash and "." in host and not host.startswith("."):
        return f"{url.partition('://')[0]}://{inner}"
    return inner if inner.startswith("/") else f"/{inner}"


def _decoded(text: str) -> str | None:
    text = text.replace("/", "").rstrip("=")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:
        return None


def _without_edits(text: str) -> str | None:
    """The object that asks for a picture of a bucket, without what is to be done to it."""
    try:
        asked = json.loads(_decoded(text) or "")
        kept = {name: str(asked[name]) for name in ("bucket", "key")}
    except (ValueError, TypeError, KeyError):
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

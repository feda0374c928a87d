"""One rule, one step: what a rule makes of a URL."""

from __future__ import annotations

import re
from urllib.parse import unquote

from harvester import urls
from harvester.renditions.parameters import is_signed, joined, pairs
from harvester.renditions.rules import Rule, matched


def rewritten(rule: Rule, url: str) -> tuple[str, ...]:
    """Give what *rule* makes of *url*, largest first; nothing where it does not concern it or changes nothing.

    What a signature covers is no matter here: `derive` looks at that, a key never asks anybody.
    """
    found = matched(rule, url)
    if found is None:
        return ()
    made = _MAKERS[rule.kind](rule, url, found)
    return tuple(other for other in made if other and other != url)


def _unwrapped(rule: Rule, url: str, found: re.Match[str]) -> list[str]:
    inner = found["url"]
    if "%" in inner and (rule.query == "drop" or "%2f" in inner.lower()):
        inner = unquote(inner)
    scheme = url.partition("://")[0]
    if inner.startswith(("http:/", "https:/")) and "://" not in inner[:8]:
        inner = inner.replace(":/", "://", 1)  # proxies that clean paths join the two slashes
    elif "://" not in inner[:8]:
        inner = f"{scheme}://{inner}" if _has_host(inner) else inner
    resolved = urls.resolve_web(inner, url)
    return [resolved] if resolved else []


def _has_host(schemeless: str) -> bool:
    first = schemeless.partition("/")[0]
    return "." in first and not schemeless.startswith(("/", "."))


def _replaced(rule: Rule, url: str, found: re.Match[str]) -> list[str]:
    base, mark, query = url.partition("?")
    tail = mark + query if rule.query == "keep" else ""
    return [base[: found.start()] + found.expand(into) + base[found.end() :] + tail for into in rule.into]


def _stripped(rule: Rule, url: str, found: re.Match[str]) -> list[str]:
    base, _, query = url.partition("?")
    kept = [(name, value) for name, value in pairs(query) if name.lower() not in rule.params]
    return [base + joined(kept, query)]


def _set(rule: Rule, url: str, found: re.Match[str]) -> list[str]:
    base = url.partition("?")[0]
    return [base + into for into in rule.into]


_MAKERS = {
    "unwrap_url": _unwrapped,
    "drop_suffix": _replaced,
    "replace_segment": _replaced,
    "strip_query": _stripped,
    "set_param": _set,
}

__all__ = ["is_signed", "rewritten"]

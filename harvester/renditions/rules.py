"""A rule about renditions: a row of data about a family of CDN or CMS, with the examples that test it."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from msgspec import Struct

Kind = Literal["unwrap_url", "strip_query", "drop_suffix", "replace_segment", "set_param"]
Signed = Literal["no", "whole", "asset"]
Expects = Literal["original", "larger", "uncropped"]
Codec = Literal["percent", "base64", "edits"]


LONGEST = 8192  # characters; a longer URL is ignored, so that no pattern can be made to run for long


class Rule(Struct, frozen=True, kw_only=True):
    r"""How one family of URLs names a picture's renditions, and what to ask for instead.

    A rule applies to a URL whose host is one of *hosts* or a subdomain (none: any host), which contains *hint*, and in
    which *find* matches. The kind decides what *find* is matched against and what becomes of the match:

    - `unwrap_url`: the whole URL; the URL inside is *into* (or the group `url`), encoded as *codec* says: with percent
      signs, in base64, or as a base64 object whose `edits` are removed
    - `drop_suffix`, `replace_segment`: the URL before its `?`; the match becomes each of *into* (`\1`, `\g<name>`)
    - `strip_query`: the URL before its `?`; the parameters named in *params* go
    - `set_param`: the whole URL; its query becomes each of *into*

    *into* has the largest first; if it is empty, the rule only identifies the picture. The groups `w` and `h` of *find*
    are the size that the URL states. *key* identifies the picture (a template of the same form); without one, the
    result of the first *into* does. *signed* says what a signature in the path covers: nothing, the whole transform (so
    that only the origin inside may be proposed), or the picture alone, so that its size may change. *query* says
    whether the query survives a rewritten path.

    A rule has its own tests: *examples* are URLs with their results, *leaves* are URLs of the family for which nothing
    is proposed, *joins* are pairs of URLs that show one picture.
    """

    id: str
    kind: Kind
    find: str = ""
    hint: str = ""
    hosts: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    params: frozenset[str] = frozenset()
    codec: Codec = "percent"
    key: str | None = None
    signed: Signed = "no"
    expects: Expects = "original"
    query: Literal["keep", "drop"] = "keep"
    examples: tuple[tuple[str, str], ...] = ()
    leaves: tuple[str, ...] = ()
    joins: tuple[tuple[str, str], ...] = ()


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a rule's pattern, compiled when first needed: most pages need few of them."""
    return re.compile(pattern)


def matched(rule: Rule, url: str) -> re.Match[str] | None:
    """Return the match of *rule* in *url*; its hosts and its hint have been checked already."""
    whole = rule.kind in ("unwrap_url", "set_param")
    return compiled(rule.find).search(url if whole else url.partition("?")[0])


def filled(template: str, found: re.Match[str]) -> str:
    r"""Return *template* with `\1` and `\g<name>` filled in; faster than `Match.expand`, which parses it every time."""
    return "".join([found[group] or "" if group else text for text, group in _pieces(template)])


@cache
def _pieces(template: str) -> tuple[tuple[str, str | int], ...]:
    """Split a template into texts and groups: one of each pair is empty."""
    pieces: list[tuple[str, str | int]] = []
    for text, number, name in re.findall(r"([^\\]+)|\\(?:(\d)|g<(\w+)>)", template):
        group = int(number or name) if (number or name).isdecimal() else name
        pieces.append((text, group))
    return tuple(pieces)

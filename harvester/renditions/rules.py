"""What a rule about renditions is: one row of data about one family of CDN or CMS, with the examples that test it."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from msgspec import Struct

Kind = Literal["unwrap_url", "strip_query", "drop_suffix", "replace_segment", "set_param"]
Signed = Literal["no", "whole", "asset"]
Expects = Literal["original", "larger", "uncropped"]


class Rule(Struct, frozen=True, kw_only=True):
    r"""How one family of URLs names a picture's renditions, and what to ask for instead.

    A rule looks at a URL when its host is one of *hosts* (or below one; none: any host) and *hint* stands in it; then
    *find* must match. What *find* is held against, and what becomes of the match, is the kind's:

    - `unwrap_url`: the whole URL; group `url` is the origin inside (percent-encoded once, or without its scheme)
    - `drop_suffix`, `replace_segment`: the URL before its `?`; the match becomes each of *into* (`\1`, `\g<name>`)
    - `strip_query`: the URL before its `?`; the parameters of *params* go
    - `set_param`: the URL before its `?`; the query becomes each of *into*

    Groups `w` and `h` of *find* are the size that the URL states. *key* names the picture itself (a template); without
    one, the URL after the first of *into* does. *signed* tells what a signature covers: nothing, the whole transform
    (such a URL is never edited, only unwrapped), or the picture alone (its size may change). *query* says whether the
    query survives a rewritten path. *examples* are pairs: a URL, and what the rule makes of it (itself: left alone).
    """

    id: str
    kind: Kind
    find: str = ""
    hint: str = ""
    hosts: tuple[str, ...] = ()
    into: tuple[str, ...] = ("",)
    params: frozenset[str] = frozenset()
    key: str | None = None
    signed: Signed = "no"
    expects: Expects = "original"
    query: Literal["keep", "drop"] = "keep"
    examples: tuple[tuple[str, str], ...] = ()


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a rule's pattern when it is first needed: most pages need few of them."""
    return re.compile(pattern)


def matched(rule: Rule, url: str) -> re.Match[str] | None:
    """Hold *rule* against *url*; the hint and the hosts have been looked at already."""
    subject = url if rule.kind == "unwrap_url" else url.partition("?")[0]
    return compiled(rule.find).search(subject)

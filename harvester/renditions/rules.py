"""What a rule about renditions is: one row of data about one family of CDN or CMS, with the examples that test it."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from msgspec import Struct

Kind = Literal["unwrap_url", "strip_query", "drop_suffix", "replace_segment", "set_param"]
Signed = Literal["no", "whole", "asset"]
Expects = Literal["original", "larger", "uncropped"]
Codec = Literal["percent", "base64", "edits"]


LONGEST = 8192  # characters; a longer URL is not looked at, so that no pattern can be made to run for long


class Rule(Struct, frozen=True, kw_only=True):
    r"""How one family of URLs names a picture's renditions, and what to ask for instead.

    A rule looks at a URL when its host is one of *hosts* or below one (none: any host) and *hint* stands in it; then
    *find* must match. What *find* is held against, and what becomes of it, is the kind's:

    - `unwrap_url`: the whole URL; the address inside is *into* (or the group `url`), written as *codec* says: with
      percent signs, in base64, or as a base64 object from which the `edits` are taken
    - `drop_suffix`, `replace_segment`: the URL before its `?`; the match becomes each of *into* (`\1`, `\g<name>`)
    - `strip_query`: the URL before its `?`; the parameters named in *params* go
    - `set_param`: the whole URL; its query becomes each of *into*

    *into* stands largest first; without any, the rule only names the picture. The groups `w` and `h` of *find* are the
    size that the URL states. *key* names the picture itself (a template of the same kind); without one, what the first
    of *into* makes of the URL does. *signed* tells what a signature in the path covers: nothing, the whole transform
    (nothing is proposed but the origin inside), or the picture alone, so that its size may change. *query* says whether
    the query survives a rewritten path.

    What tests a rule stands in it: *examples* are URLs with what becomes of them, *leaves* are URLs of the family for
    which nothing is proposed, *joins* are pairs of URLs that show one picture.
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
    """Compile a rule's pattern when it is first needed: most pages need few of them."""
    return re.compile(pattern)


def matched(rule: Rule, url: str) -> re.Match[str] | None:
    """Hold *rule* against *url*; hosts and hint have been looked at already."""
    whole = rule.kind in ("unwrap_url", "set_param")
    return compiled(rule.find).search(url if whole else url.partition("?")[0])


def filled(template: str, found: re.Match[str]) -> str:
    r"""Fill in `\1` and `\g<name>` of *template*, what did not match as empty; `Match.expand` parses anew each time."""
    return "".join([found[group] or "" if group else text for text, group in _pieces(template)])


@cache
def _pieces(template: str) -> tuple[tuple[str, str | int], ...]:
    """Cut a template into texts and groups: of each pair one is empty."""
    pieces: list[tuple[str, str | int]] = []
    for text, number, name in re.findall(r"([^\\]+)|\\(?:(\d)|g<(\w+)>)", template):
        group = int(number or name) if (number or name).isdecimal() else name
        pieces.append((text, group))
    return tuple(pieces)

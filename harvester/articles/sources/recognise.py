"""What kind a source is: decided by its form and content, never by a file's extension."""

from __future__ import annotations

import re
import stat
import zlib
from itertools import islice
from pathlib import Path

from msgspec import Struct

from harvester import urls
from harvester.articles.sources import saved_item as item
from harvester.articles.sources.sniff import looks_like_list, shape_of
from harvester.errors import UsageError
from harvester.model import SourceKind

EXPECTED = (
    "expected the URL (http or https) of an article, a feed or a sitemap, a saved page, a saved feed item, a feed, "
    "a sitemap, an OPML file, a WARC, a list of sources (@FILE or -), or a folder of such files"
)
_HEAD = 65_536  # bytes of a file that show what it is
_HEAD_LINES = 50
_LONGEST_ENTRY = 2_000  # characters
_FILES: tuple[SourceKind, ...] = ("html", "item", "list", "feed", "sitemap", "opml", "warc")
_ADDRESSES: tuple[SourceKind, ...] = ("feed", "sitemap", "opml", "crawl")
_GZIP = b"\x1f\x8b"
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|main|div|p|h1|section|meta|figure|img)\b", re.IGNORECASE
)


class Recognised(Struct, frozen=True, kw_only=True):
    """A source and its kind; *path* is null for a URL and for standard input.

    *given* can be encoded as UTF-8 and has no user info; *secret* is a URL's full text if it has some.
    """

    kind: SourceKind
    given: str
    path: Path | None = None
    secret: str | None = None


def recognise(given: str, kind: SourceKind | None = None, *, folder: Path | None = None) -> Recognised:
    """Return what *given* is; *kind* overrides the content of a file, relative paths start at *folder*.

    Raises UsageError if it is nothing that articles come from.
    """
    said = _encodable(given)
    if given == "-":
        return Recognised(kind="list", given=given)
    if given.startswith("@"):
        return Recognised(kind="list", given=said, path=_existing(given[1:], given, folder))
    if given[:8].lower().startswith(("http://", "https://")):
        if urls.resolve_web(given) is None:
            raise UsageError(f"{_shown(given)}: not a URL that a browser would open; {EXPECTED}.")
        return _address(given, kind)
    path = _existing(given, given, folder)
    if path.is_dir():
        return Recognised(kind="folder", given=said, path=path)
    return Recognised(kind=kind if kind in _FILES else kind_of(path), given=said, path=path)


def kind_of(path: Path) -> SourceKind:
    """Return the kind of a file by its content; raises UsageError if it is nothing that articles come from."""
    head = _head(path)
    if item.is_item(head):
        return "item"
    if shape := shape_of(head):
        return shape
    if _is_list(head, path.parent):
        return "list"
    if _HTML.search(head):
        return "html"
    raise UsageError(
        f"{path}: neither HTML, nor a saved feed item, nor a list of URLs; {EXPECTED}. Or name its kind: --as KIND."
    )


def _address(given: str, kind: SourceKind | None) -> Recognised:
    """Return an address as a page, unless the user says otherwise or it looks like a feed's or sitemap's."""
    url = urls.redact(given)
    if kind is None and looks_like_list(url):
        kind = "feed"
    return Recognised(kind=kind if kind in _ADDRESSES else "page", given=url, secret=given if url != given else None)


def is_text(path: Path) -> bool:
    """Return whether a file could be a source at all, unlike the pictures and archives beside saved pages."""
    try:
        return bool(_head(path))
    except UsageError:
        return False


def _existing(name: str, given: str, folder: Path | None) -> Path:
    path = folder / name if folder else Path(name)
    if name.strip() and _exists(path):
        return path
    scheme = _SCHEME.match(name)
    if scheme and len(scheme[1]) > 1:
        raise UsageError(f"{_shown(given)}: only http and https are opened; {EXPECTED}.")
    raise UsageError(f"{_shown(given)}: no such file or folder; {EXPECTED}.")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that is too long, or with NUL in it
        return False


def _head(path: Path) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UsageError(f"{path}: not a regular file. A list may come from a pipe: give it as @{path} or -.")
        with path.open("rb") as file:
            raw = file.read(_HEAD)
    except OSError as error:
        raise UsageError(f"{path}: {(error.strerror or str(error)).lower()}.") from None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if raw.startswith(_GZIP):
        return _unpacked(raw, path)
    head = raw.decode("utf-8-sig", "replace")
    if b"\0" in raw[:1024] and shape_of(head) != "warc":  # a WARC's records hold bytes of any kind
        raise UsageError(f"{path}: a binary file; {EXPECTED}.")
    return head


def _unpacked(raw: bytes, path: Path) -> str:
    """Return the beginning of a compressed file; raises UsageError unless it lists articles or is a WARC."""
    try:
        head = zlib.decompressobj(wbits=31).decompress(raw, _HEAD).decode("utf-8-sig", "replace")
    except zlib.error:
        head = ""
    if shape_of(head) is None:
        raise UsageError(f"{path}: a compressed file, neither a feed, nor a sitemap, nor a WARC; {EXPECTED}.")
    return head


def _is_list(head: str, folder: Path) -> bool:
    """Return whether every line except blanks and comments could be a URL or a path, and at least one is."""
    whole = head.splitlines() if len(head) < _HEAD else head.splitlines()[:-1]
    lines = (line.strip() for line in whole)
    entries = list(islice((line for line in lines if line and not line.startswith("#")), _HEAD_LINES))
    there = [bool(_URL.fullmatch(entry)) or _names_file(entry, folder) for entry in entries]
    return any(there) and all(known or _is_plain(entry) for entry, known in zip(entries, there, strict=True))


def _names_file(entry: str, folder: Path) -> bool:
    return "<" not in entry and len(entry) < _LONGEST_ENTRY and _exists(folder / entry.removeprefix("@"))


def _is_plain(entry: str) -> bool:
    return len(entry) < _LONGEST_ENTRY and not re.search(r"[\s<>]", entry)


def _encodable(given: str) -> str:
    r"""Return a name that UTF-8 can encode: undecodable bytes become escapes such as `\xe9`."""
    return given.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _shown(given: str) -> str:
    return urls.legible(given)[:200]

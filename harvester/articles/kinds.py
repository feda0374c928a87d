"""What a source is: told by its shape and its content, never by its name's ending."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from msgspec import Struct

from harvester import urls
from harvester.errors import UsageError
from harvester.model import SourceKind

HEAD = 65_536
"""Bytes of a file that tell what it is."""

EXPECTED = (
    "expected an article's URL (http or https), a saved page, a saved feed item, a list of sources (@FILE or -), "
    "or a folder of such files"
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)
_ITEM = re.compile(r"\ufeff?\s*(?:<!--\s*\d{9,17}\s*-->\s*)?\[.*\]\(https?://\S+\)[ \t]*\r?\n-{3,}", re.IGNORECASE)
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|main|div|p|h1|section|meta|figure|img)\b", re.IGNORECASE
)
_TEXT_LINES = 50


class Recognised(Struct, frozen=True, kw_only=True):
    """A source and its kind; *path* is null for a URL and for standard input."""

    kind: SourceKind
    given: str
    path: Path | None = None


def recognise(given: str, kind: SourceKind | None = None, *, folder: Path | None = None) -> Recognised:
    """Say what *given* is; *kind* overrules for files, *folder* is what relative paths are relative to.

    Raises UsageError when it is nothing that articles come from.
    """
    if given == "-":
        return Recognised(kind="list", given=given)
    if given.startswith("@"):
        return Recognised(kind="list", given=given, path=_file(given[1:], given, folder))
    if given[:8].lower().startswith(("http://", "https://")):
        if urls.resolve_web(given) is None:
            raise UsageError(f"{_shown(given)}: not a URL that a browser would open; {EXPECTED}.")
        return Recognised(kind=kind if kind not in (None, "list") else "page", given=given)
    path = _file(given, given, folder)
    return Recognised(kind=kind or kind_of(path), given=given, path=path)


def kind_of(path: Path) -> SourceKind:
    """Say what a file or folder is by what is in it; raises UsageError when it is nothing that articles come from."""
    if path.is_dir():
        return "folder"
    head = _head(path)
    if _ITEM.match(head):
        return "item"
    if _is_list(head, path.parent):
        return "list"
    if _HTML.search(head):
        return "html"
    raise UsageError(
        f"{path}: neither HTML, nor a saved feed item, nor a list of URLs; {EXPECTED}. Or say it: --as KIND."
    )


def _file(name: str, given: str, folder: Path | None) -> Path:
    scheme = _SCHEME.match(name)
    path = (folder / name) if folder else Path(name)
    if "\0" not in name and path.exists():
        return path
    if scheme and len(scheme[1]) > 1:
        raise UsageError(f"{_shown(given)}: only http and https are opened; {EXPECTED}.")
    raise UsageError(f"{_shown(given)}: no such file or folder; {EXPECTED}.")


def _head(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(HEAD)
    except OSError as error:
        raise UsageError(f"{path}: {(error.strerror or str(error)).lower()}.") from None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if b"\0" in raw[:1024]:
        raise UsageError(f"{path}: a binary file; {EXPECTED}.")
    return raw.decode("utf-8", "replace")


def _is_list(head: str, folder: Path) -> bool:
    """Every line that is neither blank nor a comment is a URL or names a file beside the list."""
    lines = (line.strip() for line in head.splitlines()[: _TEXT_LINES + 1])
    entries = list(islice((line for line in lines if line and not line.startswith("#")), _TEXT_LINES))
    return bool(entries) and all(_is_entry(entry, folder) for entry in entries)


def _is_entry(entry: str, folder: Path) -> bool:
    if re.match(r"https?://\S+$", entry, re.IGNORECASE):
        return True
    return "<" not in entry and len(entry) < 1000 and (folder / entry.removeprefix("@")).exists()


def _shown(given: str) -> str:
    return urls.redact(urls.printable(given, 200))

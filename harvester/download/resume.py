"""Resuming a large transfer that broke off, but only if the file is still the same.

A part's validator is stored beside it, in `<part>.json`. The request has If-Range, so that the server sends the whole
file if it has changed. Source: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from harvester.errors import FetchError
from harvester.stores.disk import size_of, stated
from harvester.web import Answer
from harvester.web.dates import moment_of

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")


class Part(Struct, frozen=True, kw_only=True):
    """A part on disk: *have* bytes of the *total* of *url*, the file that *validator* names."""

    url: str
    validator: str
    total: int | None
    have: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """The header fields of the request for the rest."""
        return {"Range": f"bytes={self.have}-", "If-Range": self.validator}


def begun(part: Path, url: str) -> Part | None:
    """Return what *part* holds of *url*, or None if it cannot be resumed."""
    have = size_of(part)
    if not have:
        return None
    try:
        note = msgspec.json.decode(_note(part).read_bytes(), type=Part)
    except (OSError, msgspec.DecodeError, RecursionError):
        return None
    if note.url != url or (note.total is not None and have >= note.total):
        return None
    return msgspec.structs.replace(note, have=have)


def begin(part: Path, answer: Answer) -> None:
    """Record what *part* will be a part of, and make its folder; without a strong validator it cannot be resumed."""
    discard(part)
    validator = _strong_validator(answer)
    with stated(part):
        part.parent.mkdir(parents=True, exist_ok=True)
        if validator is not None:
            begun = Part(url=answer.url, validator=validator, total=answer.length)
            _note(part).write_bytes(msgspec.json.encode(begun))


def settle(part: Path, *, resumable: bool) -> None:
    """After the last try, keep a part only if it can be resumed."""
    if not (resumable and _note(part).exists()):
        discard(part)


def discard(part: Path) -> None:
    """Remove a part and its note, if they exist."""
    for path in (_note(part), part):
        with suppress(OSError):
            path.unlink()


def total_of(answer: Answer, wanted: Part) -> int:
    """Return the size of the whole file; raises FetchError unless a 206 is exactly the rest that was requested."""
    now = _current_validator(answer, wanted)
    if now not in (None, wanted.validator):
        raise wrong(answer, f"asked for the rest of {wanted.validator}, got that of {now}")
    given = answer.headers.get("Content-Range", "")
    found = _RANGE.fullmatch(given.strip())
    if found is not None:
        first, last, total = (int(number) for number in found.groups())
        if first == wanted.have and last == total - 1 and wanted.total in (None, total):
            return total
    raise wrong(answer, f"asked for the bytes from {wanted.have}, got {given[:60]!r}")


def wrong(answer: Answer, what: str) -> FetchError:
    """Make the error for a range that does not fit the part."""
    return FetchError(f"{answer.final_url}: {what}", code="wrong_range", retryable=True, status=answer.status)


def _current_validator(answer: Answer, wanted: Part) -> str | None:
    """Return the validator in a 206 of the same kind as the part's: some servers do not know If-Range."""
    known = answer.validators
    return known.etag if moment_of(wanted.validator) is None else known.last_modified


def _strong_validator(answer: Answer) -> str | None:
    known = answer.validators
    if known.etag and not known.etag.startswith("W/"):
        return known.etag
    return known.last_modified if known.last_modified and _is_strong_date(known.last_modified, answer) else None


def _is_strong_date(last_modified: str, answer: Answer) -> bool:
    """Return whether a date identifies one version: only if the server's clock had moved on (RFC 9110, 8.8.2.2)."""
    answered, modified = moment_of(answer.headers.get("Date")), moment_of(last_modified)
    return answered is not None and modified is not None and (answered - modified).total_seconds() >= 60


def _note(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")

"""What can go wrong, by who must act.

    HarvesterError
    ├── UsageError        the person at the keyboard: a wrong flag, key or source                       exit 2
    ├── FetchError        the caller that asked for the URL, who turns it into one of these:
    │   ├── SourceError   nobody now: this article cannot be fetched; the run goes on                   exit 3, 4 if all
    │   └── AssetError    nobody now: this picture or video cannot be fetched; a value in the manifest  exit 3
    ├── Interrupted       nobody: the run was stopped before this was done; the next run does it
    ├── StorageError      the owner of the disk: the output cannot be read or written; the run ends     exit 5
    │   └── FolderError   the same for one article's folder: the article is lost; the run goes on       exit 3, 4 if all
    └── OutputLocked      whoever started the other run that writes this output (`runs.lock`)           exit 75

Anything else that is raised is a bug. `code` is stable and meant for machines; the message is meant for people and says
what is wrong, where, and what to do.
"""

from __future__ import annotations

import errno
from typing import Self

_FULL = ("the disk is full", "Make room and run the same command again: it goes on where it stopped.", "disk_full")
_FEW = (
    "too many open files",
    "Allow more (`ulimit -n 1024`) and run the same command again: it goes on where it stopped.",
    "too_few_files",
)
_DYING = (
    "input/output error",
    "The disk may be failing. What was written before stays; on a sound one the same command goes on where it stopped.",
    "storage",
)
_REFUSALS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EMFILE: _FEW,
    errno.ENFILE: _FEW,
    errno.EIO: _DYING,
}
"""Errors of the operating system: what is wrong, what helps, and our code."""


class HarvesterError(Exception):
    """Something foreseen went wrong; *code* names it for machines, the message explains it to people."""

    def __init__(self, message: str, *, code: str = "error", retryable: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.retryable = retryable


class UsageError(HarvesterError):
    """The command line or the configuration cannot be followed."""

    def __init__(self, message: str, *, code: str = "usage") -> None:
        super().__init__(message, code=code)


class FetchError(HarvesterError):
    """A URL could not be fetched; the caller decides whether an article or an asset is lost with it.

    *status* is the HTTP status if there was an answer; *retry_after* the seconds after which the host may be asked
    again, if it said so or was postponed.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "fetch",
        retryable: bool = False,
        status: int | None = None,
        retry_after: float | None = None,
        final_url: str | None = None,
    ) -> None:
        super().__init__(message, code=code, retryable=retryable)
        self.status = status
        self.retry_after = retry_after
        self.final_url = final_url

    @classmethod
    def of(cls, error: FetchError) -> Self:
        """Return a copy of *error* as this class: the failure of an article, of an asset, or just of a URL."""
        return cls(
            error.message,
            code=error.code,
            retryable=error.retryable,
            status=error.status,
            retry_after=error.retry_after,
            final_url=error.final_url,
        )


class SourceError(FetchError):
    """This article cannot be fetched; the run goes on."""


class AssetError(FetchError):
    """This picture or video cannot be fetched; its entry in the manifest says why."""


class Interrupted(HarvesterError):
    """The run was told to stop and did not wait for this work; the next run does it."""


class StorageError(HarvesterError):
    """The output cannot be read or written; the run ends."""

    def __init__(self, message: str, *, code: str = "storage") -> None:
        super().__init__(message, code=code)

    @classmethod
    def of(cls, error: OSError, place: object = None) -> Self:
        """Return the system's error at *place* (by default the file it names) in words, with what helps."""
        said = (error.strerror or str(error)).lower()
        what, remedy, code = _REFUSALS.get(error.errno or 0, (said, "Nothing was lost.", "storage"))
        where = place or error.filename
        return cls(f"{where}: {what}. {remedy}" if where else f"The system says: {what}. {remedy}", code=code)


class FolderError(StorageError):
    """One article's folder holds something unexpected: the article is lost; the run goes on."""


def refusal(error: BaseException) -> StorageError | None:
    """Return an unforeseen error of the operating system in words, or None for a bug; of several at once the first.

    Network errors are handled where requests are made, so what is left comes from the disk or the machine.
    """
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, OSError) and error.errno and not isinstance(error, (ConnectionError, TimeoutError)):
        return StorageError.of(error)
    return None

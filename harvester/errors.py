"""What can go wrong, by who must act.

    HarvesterError
    ├── UsageError        the person at the keyboard: a wrong flag, a wrong key, a source that is none  exit 2
    ├── FetchError        whoever asked for the URL, who says which of the two it is:
    │   ├── SourceError   nobody now: this article cannot be had; the run goes on                       exit 3, 4 if all
    │   └── AssetError    nobody now: this picture or video cannot be had; a value in the manifest      exit 3
    ├── Unfinished        nobody: the run was told to stop before this was done; the next one does it
    ├── StorageError      the owner of the disk: the output cannot be read or written; the run ends     exit 5
    │   └── FolderError   the same of one article's folder: this article cannot be had; the run goes on exit 3, 4 if all
    └── OutputLocked      whoever runs the other run that writes this output (`runs.lock`)              exit 75

Anything else that is raised is a bug. `code` is stable and made for machines; the message is made for people and says
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
"""What the system refuses: what is wrong in words, what helps, and the code."""


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
    """A URL could not be had; the asker decides whether an article or an asset is lost with it.

    *status* is the HTTP status when there was an answer; *retry_after* the seconds after which the host may be asked
    again, when it said so or was postponed.
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
        """Return the same failure as this kind of error: as that of an article, of an asset, or once more."""
        return cls(
            error.message,
            code=error.code,
            retryable=error.retryable,
            status=error.status,
            retry_after=error.retry_after,
            final_url=error.final_url,
        )


class SourceError(FetchError):
    """This article cannot be had; the run goes on."""


class AssetError(FetchError):
    """This picture or video cannot be had; its place in the manifest says why."""


class Interrupted(HarvesterError):
    """What a run that is told to stop does not wait for; the next one does it."""


class StorageError(HarvesterError):
    """The output cannot be read or written; the run ends."""

    def __init__(self, message: str, *, code: str = "storage") -> None:
        super().__init__(message, code=code)

    @classmethod
    def of(cls, error: OSError, place: object = None) -> Self:
        """Return what the system refused at *place* (else where the error says it was), and what helps."""
        said = (error.strerror or str(error)).lower()
        what, remedy, code = _REFUSALS.get(error.errno or 0, (said, "Nothing was lost.", "storage"))
        where = place or error.filename
        return cls(f"{where}: {what}. {remedy}" if where else f"The system says: {what}. {remedy}", code=code)


class FolderError(StorageError):
    """What lies in one article's folder is not what it must be: the article cannot be had; the run goes on."""


def refusal(error: BaseException) -> StorageError | None:
    """Return what the system refused where nobody foresaw it, or None for a bug; of several errors at once the first.

    What the network does is told where it is asked, so what is left is the disk's or the machine's.
    """
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, OSError) and error.errno and not isinstance(error, (ConnectionError, TimeoutError)):
        return StorageError.of(error)
    return None

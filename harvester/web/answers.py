"""What `Web` returns: a page as a whole, an asset as a stream."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from harvester.model import Signals, Validators
from harvester.web.network.transport import Body, Headers


class Response(Struct, frozen=True, kw_only=True):
    """A page that arrived whole, or the news that it has not changed (status 304, no body).

    *url* was requested, *final_url* answered after redirects; *fetched_at* is ISO 8601 in UTC.
    """

    url: str
    final_url: str
    status: int
    headers: Headers
    body: bytes
    fetched_at: str
    signals: Signals = Signals()

    @property
    def validators(self) -> Validators:
        """The validators for the next request."""
        return validators_of(self.headers)


class Answer:
    """An asset's answer while its body arrives; valid only inside the context that yielded it."""

    def __init__(
        self,
        *,
        url: str,
        final_url: str,
        status: int,
        headers: Headers,
        signals: Signals,
        body: Body,
    ) -> None:
        self.url = url
        self.final_url = final_url
        self.status = status
        self.headers = headers
        self.signals = signals
        self.fetched_at = now()
        self._body = body

    def chunks(self) -> Body:
        """Return the decoded body, to be read once; raises FetchError if it breaks off, is too large or too slow."""
        return self._body

    @property
    def length(self) -> int | None:
        """The announced number of bytes of the body, or None if it is not announced or the body is encoded."""
        announced = self.headers.get("Content-Length", "")
        return int(announced) if announced.isdecimal() and "Content-Encoding" not in self.headers else None

    @property
    def validators(self) -> Validators:
        """The validators for the next request."""
        return validators_of(self.headers)


def validators_of(headers: Headers) -> Validators:
    """Return ETag and Last-Modified, each null unless it is printable ASCII that can be sent back."""
    return Validators(etag=_sendable(headers.get("ETag")), last_modified=_sendable(headers.get("Last-Modified")))


def conditions(validators: Validators | None) -> dict[str, str]:
    """Return the header fields of a request that is conditional on *validators*."""
    if validators is None:
        return {}
    fields = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in fields.items() if value}


def now() -> str:
    """Return the current time as manifests write it: ISO 8601, UTC, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def _sendable(value: str | None) -> str | None:
    return value if value and len(value) <= 1024 and value.isascii() and value.isprintable() else None

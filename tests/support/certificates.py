"""A certificate authority of our own, and the certificates that no client should trust."""

from __future__ import annotations

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme


class Authority:
    """A certificate authority; *ca_file* is what a client must be given to trust it. Open it with `with`."""

    def __init__(self) -> None:
        self._authority = trustme.CA()
        self._folder = tempfile.TemporaryDirectory(prefix="harvester-tests-")
        self.ca_file = str(Path(self._folder.name) / "ca.pem")
        self._contexts: dict[str, ssl.SSLContext] = {}

    def __enter__(self) -> Self:
        self._authority.cert_pem.write_to_path(self.ca_file)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._folder.cleanup()

    def context(self, name: str, *, expired: bool = False) -> ssl.SSLContext:
        """A server's TLS settings with a certificate for *name*, a host name or an address."""
        key = f"{name} {expired}"
        if key not in self._contexts:
            until = datetime.now(UTC) - timedelta(days=1) if expired else None
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._authority.issue_cert(name, not_after=until).configure_cert(context)
            self._contexts[key] = context
        return self._contexts[key]

"""A name service for tests: what it answers stands in a table."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence


class Table:
    """Answers from *entries*, which a test may change between two questions."""

    def __init__(self, entries: Mapping[str, Sequence[str]]) -> None:
        self.entries = {name: list(addresses) for name, addresses in entries.items()}
        self.asked: list[str] = []

    async def addresses(self, name: str) -> list[str]:
        self.asked.append(name)
        if name not in self.entries:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self.entries[name]

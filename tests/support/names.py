"""A name service for tests: what it answers stands in a table, and may change with each question."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence


class Table:
    """Answers from *entries*; an entry that is a list of lists gives the next one at each question."""

    def __init__(self, entries: Mapping[str, Sequence[str]]) -> None:
        self._entries = {name: list(addresses) for name, addresses in entries.items()}
        self.asked: list[str] = []

    async def addresses(self, name: str) -> list[str]:
        self.asked.append(name)
        if name not in self._entries:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self._entries[name]

"""From names to addresses: looked up in threads that nobody has to wait for, checked before we connect to them."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from typing import Protocol

from aiohttp.abc import AbstractResolver, ResolveResult

from harvester.web.network.guard import Guard


class Names(Protocol):
    """A name service."""

    async def addresses(self, name: str) -> list[str]:
        """Return the addresses of *name*, best first; raises OSError if there are none."""


class SystemNames:
    """The operating system's name service.

    Each lookup runs in its own daemon thread: a name server that hangs delays neither other lookups nor the exit.
    """

    async def addresses(self, name: str) -> list[str]:
        """Ask getaddrinfo."""
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[str]] = loop.create_future()

        def look_up() -> None:
            try:
                entries = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
                result: list[str] | OSError = [str(entry[4][0]) for entry in entries]
            except (OSError, UnicodeError) as error:
                result = error if isinstance(error, OSError) else OSError(str(error))
            _deliver(loop, found, result)

        threading.Thread(target=look_up, name="harvester-names", daemon=True).start()
        return await found


class BlockedAddress(OSError):
    """A name leads only to addresses that must not be contacted."""

    def __init__(self, addresses: list[str]) -> None:
        super().__init__(f"leads to {', '.join(addresses)}")
        self.addresses = addresses


class Judged(AbstractResolver):
    """The resolver that aiohttp connects with; with a guard, it only returns addresses that the guard admits."""

    def __init__(self, names: Names, guard: Guard | None) -> None:
        self._names = names
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of *host* that we may connect to; raises OSError if none is left."""
        found = await self._names.addresses(host)
        admitted = [one for one in found if self._guard is None or self._guard.admits(one)]
        if found and not admitted:
            raise BlockedAddress(found)
        return [_result(host, port, address) for address in admitted]

    async def close(self) -> None:
        """Do nothing: no resources are held."""


def _deliver(loop: asyncio.AbstractEventLoop, future: asyncio.Future[list[str]], result: list[str] | OSError) -> None:
    def settle() -> None:
        if future.done():
            return
        if isinstance(result, OSError):
            future.set_exception(result)
        else:
            future.set_result(result)

    with suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(settle)


def _result(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)

"""What systemd wants to hear of a service (sd_notify(3)): a datagram to the socket that it names."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress


def notify(address: str | None, **said: str) -> None:
    """Tell the service manager at *address* (`READY="1"`, `STATUS="..."`); without an address nobody listens."""
    if not address:
        return
    path = f"\0{address[1:]}" if address.startswith("@") else address
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto("\n".join(f"{name}={value}" for name, value in said.items()).encode(), path)


def keep_alive(address: str | None, seconds: float) -> None:
    """Tell the watchdog every *seconds*, as long as the running loop turns, that it does."""
    notify(address, WATCHDOG="1")
    asyncio.get_running_loop().call_later(seconds, keep_alive, address, seconds)

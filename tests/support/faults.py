"""What servers do wrong, byte by byte: each function makes a route that does it."""

from __future__ import annotations

import itertools
import socket
import struct
import time
import zlib
from collections.abc import Callable

from tests.support.servers import Answered, Raw, Reply, Seen

Route = Callable[[Seen], Answered]

STEP = 0.02
"""Seconds between the bytes of a trickle."""


def written(*pieces: bytes, pause: float = 0.0) -> Raw:
    """Send these bytes as they are and close."""

    def write(connection: socket.socket, seen: Seen) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return Raw(write)


def headed(fields: str, body: bytes = b"", *, status: str = "HTTP/1.1 200 OK") -> Raw:
    """Send a status line, header fields and a body, then close."""
    return written(f"{status}\r\n{fields}\r\n\r\n".encode("latin-1") + body)


def closed_in_mid_body(body: bytes) -> Raw:
    return headed(f"Content-Length: {len(body)}", body[: len(body) // 2])


def reset_in_mid_body(body: bytes) -> Raw:
    def write(connection: socket.socket, seen: Seen) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[: len(body) // 2])
        # Lingering for 0 seconds makes close() send a reset instead of an orderly end.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return Raw(write)


def closed_before_the_headers() -> Raw:
    return written(b"")


def closed_inside_the_headers() -> Raw:
    return written(b"HTTP/1.1 200 OK\r\nContent-Le")


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n", fields: str = "") -> Raw:
    """Send a chunked body; *end* is what comes after the last chunk."""
    sent = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return headed("Transfer-Encoding: chunked" + fields, sent + end)


def trickled(head: bytes, body: bytes) -> Raw:
    """Send *head* at once and *body* byte by byte."""

    def write(connection: socket.socket, seen: Seen) -> None:
        connection.sendall(head)
        for byte in body:
            connection.sendall(bytes([byte]))
            time.sleep(STEP)

    return Raw(write)


def silent_after(sent: bytes) -> Raw:
    """Send some bytes, then nothing, until the client leaves."""

    def write(connection: socket.socket, seen: Seen) -> None:
        connection.sendall(sent)
        connection.recv(1)

    return Raw(write)


def endless(fields: str = "Content-Type: image/jpeg", start: bytes = b"") -> Raw:
    """Send a body that begins with *start* and never ends."""

    def write(connection: socket.socket, seen: Seen) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n".encode() + start)
        while True:
            connection.sendall(bytes(65536))

    return Raw(write)


def bomb(size: int) -> Reply:
    """Send *size* zeros, compressed a thousandfold."""
    squeezed = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join(squeezed.compress(bytes(min(2**20, size - at))) for at in range(0, size, 2**20)) + squeezed.flush()
    return Reply(body, headers={"Content-Encoding": "gzip"})


def in_turn(*answers: Answered) -> Route:
    """Give these answers one after the other, then the last one for ever."""
    waiting = itertools.chain(answers, itertools.repeat(answers[-1]))
    return lambda seen: next(waiting)


def once(fault: Answered, then: Answered) -> Route:
    """Do it wrong the first time only."""
    return in_turn(fault, then)


def ranged(body: bytes, etag: str = '"v1"') -> Route:
    """Answer ranges as a server should, If-Range included."""

    def answer(seen: Seen) -> Answered:
        asked = seen.headers.get("range")
        if asked is None or seen.headers.get("if-range", etag) != etag:
            return Reply(body, headers={"ETag": etag})
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        if start >= len(body):
            return Reply(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
        field = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return Reply(body[start:], status=206, headers={"ETag": etag, "Content-Range": field})

    return answer

